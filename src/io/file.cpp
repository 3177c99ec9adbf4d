// Files as the system has them: mapped, and replaced.
//
// SPDX-License-Identifier: BSL-1.0
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <climits>
#include <cstdio>
#include <cstdlib>
#include <system_error>

#include "internal.hpp"
#include "write_text.hpp"

namespace paramorph::files::inline v0_1 {

namespace {

[[noreturn]] void fail_by_system(std::string const& what, int number = errno) {
    throw failure(what + ": " + std::generic_category().message(number));
}

// Closes it at the end, unless it was closed before.
class descriptor {
  public:
    explicit descriptor(int fd) : fd_(fd) {}
    descriptor(descriptor const&) = delete;
    descriptor& operator=(descriptor const&) = delete;
    ~descriptor() {
        if (fd_ >= 0) ::close(fd_);
    }
    int get() const { return fd_; }
    int close() { return ::close(std::exchange(fd_, -1)); }

  private:
    int fd_;
};

char const* kind_of(mode_t mode) {
    return S_ISDIR(mode)                    ? "a folder"
           : S_ISCHR(mode) || S_ISBLK(mode) ? "a device"
           : S_ISFIFO(mode)                 ? "a pipe"
                                            : "a socket";
}

template <class F>
auto again_if_interrupted(F f) {
    auto r = f();
    while (r < 0 && errno == EINTR) r = f();
    return r;
}

// Where a symbolic link leads, also one to what is not there yet; what is no link is itself.
std::string target_of(std::string path) {
    for (int links = 0; links < 40; ++links) {
        char to[PATH_MAX];
        ssize_t const n = ::readlink(path.c_str(), to, sizeof to);
        if (n < 0 || n == static_cast<ssize_t>(sizeof to)) return path;
        std::string const next(to, static_cast<std::size_t>(n));
        path = next.front() == '/' ? next : path.substr(0, path.rfind('/') + 1) + next;
    }
    fail_by_system("save: " + in_quotes(path), ELOOP);
}

void require_path(char const* who, std::string const& path) {
    if (path.empty()) throw failure(std::string(who) + ": the file's name is empty");
    if (path.find('\0') != std::string::npos) throw failure(std::string(who) + ": the file's name holds a zero");
}

void write_all(int fd, bytes_view bytes, std::string const& path) {
    while (!bytes.empty()) {
        constexpr std::size_t most = std::size_t{1} << 30;
        std::size_t const size = bytes.size() < most ? bytes.size() : most;
        ssize_t const n = again_if_interrupted([&] { return ::write(fd, bytes.data(), size); });
        if (n < 0) fail_by_system("save: cannot write " + in_quotes(path));
        if (n == 0) throw failure("save: cannot write " + in_quotes(path) + ": the system takes no bytes");
        bytes = bytes.subspan(static_cast<std::size_t>(n));
    }
}

// Is it another name of a file that this process has open? Such a file is not replaced.
bool names_an_open_file(std::string const& path) {
    return path == "/dev/stdout" || path == "/dev/stderr" || path.starts_with("/dev/fd/") || path.starts_with("/proc/");
}

// The temporary file; it is removed unless it took its place.
class temporary {
  public:
    temporary(std::string const& folder, std::string const& name) {
        static std::atomic<unsigned> count{0};
        for (int tries = 0; fd_ < 0; ++tries) {
            path_ = folder + "." + name.substr(0, 200) + "." + std::to_string(::getpid()) + "." +
                    std::to_string(count++) + ".tmp";
            fd_ = again_if_interrupted(
                [&] { return ::open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666); });
            if (fd_ < 0 && (errno != EEXIST || tries == 1000))
                fail_by_system("save: cannot create " + in_quotes(path_));
        }
    }
    temporary(temporary const&) = delete;
    temporary& operator=(temporary const&) = delete;
    ~temporary() {
        if (fd_ >= 0) ::close(fd_);
        if (!path_.empty()) ::unlink(path_.c_str());
    }
    void write(bytes_view bytes) const { write_all(fd_, bytes, path_); }
    void permit(mode_t mode) const {
        if (::fchmod(fd_, mode & 07777) != 0) fail_by_system("save: cannot set the permissions of " + in_quotes(path_));
    }
    void become(std::string const& path) {
        if (again_if_interrupted([&] { return ::fsync(fd_); }) != 0)
            fail_by_system("save: cannot write " + in_quotes(path_));
        if (::close(std::exchange(fd_, -1)) != 0) fail_by_system("save: cannot write " + in_quotes(path_));
        if (::rename(path_.c_str(), path.c_str()) != 0) fail_by_system("save: cannot replace " + in_quotes(path));
        path_.clear();
    }

  private:
    std::string path_;
    int fd_ = -1;
};

}  // namespace

bytes_view map_file(std::string const& path, std::shared_ptr<void const>& to_owner) {
    require_path("load", path);
    // What waits for a writer is no file to read: it is opened without waiting, and then refused.
    descriptor const file(
        again_if_interrupted([&] { return ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK); }));
    if (file.get() < 0) fail_by_system("load: cannot open " + in_quotes(path));
    struct stat is{};
    if (::fstat(file.get(), &is) != 0) fail_by_system("load: cannot read " + in_quotes(path));
    if (!S_ISREG(is.st_mode))
        throw failure("load: expected a file, found " + std::string(kind_of(is.st_mode)) + ", " + in_quotes(path));
    auto const size = static_cast<std::size_t>(is.st_size);
    if (size == 0) return {};
    void* const at = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file.get(), 0);
    if (at == MAP_FAILED) fail_by_system("load: cannot map " + in_quotes(path));
    to_owner = std::shared_ptr<void const>(at, [size](void const* p) { ::munmap(const_cast<void*>(p), size); });
    return {static_cast<std::byte const*>(at), size};
}

void replace_file(std::string const& path, std::vector<bytes_view> const& pieces) {
    require_path("save", path);
    std::string const to = target_of(path);
    std::size_t const slash = to.rfind('/');
    std::string const folder = slash == std::string::npos ? "" : to.substr(0, slash + 1),
                      name = slash == std::string::npos ? to : to.substr(slash + 1);
    if (name.empty() || name == "." || name == "..")
        throw failure("save: expected a file's name, found the folder " + in_quotes(to));
    struct stat is{};
    bool const there = ::stat(to.c_str(), &is) == 0;
    if (!there && errno != ENOENT) fail_by_system("save: cannot reach " + in_quotes(to));
    if (there && !S_ISREG(is.st_mode))
        throw failure("save: expected a file, found " + std::string(kind_of(is.st_mode)) + ", " + in_quotes(to));
    if (there && ::access(to.c_str(), W_OK) != 0) fail_by_system("save: cannot replace " + in_quotes(to));

    temporary next(folder, name);
    for (bytes_view piece : pieces) next.write(piece);
    if (there) next.permit(is.st_mode);
    next.become(to);

    descriptor in(again_if_interrupted(
        [&] { return ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC); }));
    // Some file systems know no fsync of folders.
    if (in.get() < 0 ||
        (again_if_interrupted([&] { return ::fsync(in.get()); }) != 0 && errno != EINVAL && errno != ENOTSUP))
        fail_by_system("save: " + in_quotes(to) + " is written, but a loss of power may undo that");
}

std::string write_text(std::string const& path, std::string_view text) {
    return answer_of([&] {
        bytes_view const bytes = std::as_bytes(std::span(text));
        struct stat is{};
        bool const as_it_stands = path.find('\0') == std::string::npos &&
                                  (names_an_open_file(path) ||
                                   (::stat(path.c_str(), &is) == 0 && !S_ISREG(is.st_mode) && !S_ISDIR(is.st_mode)));
        if (!as_it_stands) return replace_file(path, {bytes});
        descriptor to(again_if_interrupted([&] { return ::open(path.c_str(), O_WRONLY | O_CLOEXEC | O_APPEND); }));
        if (to.get() < 0) fail_by_system("save: cannot write " + in_quotes(path));
        write_all(to.get(), bytes, path);
        if (to.close() != 0) fail_by_system("save: cannot write " + in_quotes(path));
    });
}

}  // namespace paramorph::files::inline v0_1
