// A file is replaced as a whole or not at all: the writer is killed before and after every system call, in the middle
// of every write, and each call fails once. This program's own definitions of the calls stand before the system's.
//
// SPDX-License-Identifier: BSL-1.0
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdarg>

#include "catch.hpp"
#include "folder.hpp"
#include "paramorph/io/files.hpp"

namespace files = paramorph::files;
using Catch::Matchers::ContainsSubstring;

namespace {

// What happens at call number `at` of those that are watched.
enum class what { nothing, killed_before, killed_within, killed_after, fails, is_interrupted, is_short };
struct {
    bool on = false;
    what happens = what::nothing;
    int at = 0, calls = 0, error = ENOSPC;
    std::vector<std::string> names;
} watch;

constexpr int killed = 77;

template <class F>
auto watched(char const* name, F const& call) -> decltype(call()) {
    if (!watch.on) return call();
    watch.names.push_back(name);
    if (++watch.calls != watch.at) return call();
    switch (watch.happens) {
        case what::killed_before:
            ::_exit(killed);
        case what::killed_after:
            call();
            ::_exit(killed);
        case what::fails:
            errno = watch.error;
            return -1;
        case what::is_interrupted:
            errno = EINTR;
            return -1;
        default:
            return call();
    }
}

}  // namespace

extern "C" {
int open(char const* path, int flags, ...) {
    va_list more;
    va_start(more, flags);
    mode_t const mode = flags & O_CREAT ? va_arg(more, mode_t) : 0;
    va_end(more);
    char const* const name = flags & O_CREAT ? "create" : flags & O_DIRECTORY ? "open folder" : "open";
    return watched(name, [&] { return static_cast<int>(::syscall(SYS_openat, AT_FDCWD, path, flags, mode)); });
}
ssize_t write(int fd, void const* from, size_t count) {
    bool const here = watch.on && watch.calls + 1 == watch.at;
    if (here && (watch.happens == what::killed_within || watch.happens == what::is_short)) count = (count + 1) / 2;
    ssize_t const n = watched("write", [&] { return static_cast<ssize_t>(::syscall(SYS_write, fd, from, count)); });
    if (here && watch.happens == what::killed_within) ::_exit(killed);
    return n;
}
int fsync(int fd) {
    return watched("fsync", [&] { return static_cast<int>(::syscall(SYS_fsync, fd)); });
}
int close(int fd) {
    return watched("close", [&] { return static_cast<int>(::syscall(SYS_close, fd)); });
}
int fchmod(int fd, mode_t mode) noexcept {
    return watched("fchmod", [&] { return static_cast<int>(::syscall(SYS_fchmod, fd, mode)); });
}
int rename(char const* from, char const* to) noexcept {
    return watched("rename",
                   [&] { return static_cast<int>(::syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0)); });
}
}

namespace {

files::contents some(std::byte fill, std::size_t size) {
    files::contents c;
    for (char const* name : {"a", "b"}) {
        auto const own = std::make_shared<std::vector<std::byte>>(size, fill);
        c.tensors.push_back({name, files::dtype::i8, {size}, *own, own});
    }
    return c;
}
std::string write_watched(std::string const& path, files::contents const& c, what happens, int at, int error = ENOSPC) {
    watch = {true, happens, at, 0, error, {}};
    std::string said = files::write(path, c);
    watch.on = false;
    return said;
}
// Runs f in a process of its own; its exit code.
template <class F>
int in_child(F const& f) {
    pid_t const child = ::fork();
    if (child == 0) {
        f();
        ::_exit(0);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

}  // namespace

TEST_CASE("a killed writer leaves the old file or the new one") {
    test::folder const in;
    files::contents const before = some(std::byte{1}, 300), after = some(std::byte{2}, 500);
    REQUIRE(files::write(in / "other", after) == "");
    auto const new_bytes = test::content_of(in / "other");
    for (bool there : {true, false}) {
        for (char const* name : {"probe", "f"}) std::filesystem::remove(in / name);
        // The data reaches the disk before the name, and the name before the call returns.
        if (there) REQUIRE(files::write(in / "f", before) == "");
        auto const old_bytes = test::content_of(in / "f");
        REQUIRE(in_child([&] {
                    if (write_watched(in / "probe", after, what::nothing, 0) != "") ::_exit(1);
                    std::vector<std::string> expected{"create", "write",  "write",       "write", "fsync",
                                                      "close",  "rename", "open folder", "fsync", "close"};
                    if (watch.names != expected) ::_exit(2);
                    if (write_watched(in / "probe", after, what::nothing, 0) != "") ::_exit(3);
                    expected.insert(expected.begin() + 4, "fchmod");
                    if (watch.names != expected) ::_exit(4);
                }) == 0);
        int const calls = there ? 11 : 10, renames = there ? 8 : 7;
        for (what happens : {what::killed_before, what::killed_within, what::killed_after})
            for (int at = 1; at <= calls; ++at) {
                CAPTURE(there, static_cast<int>(happens), at);
                std::filesystem::remove(in / "f");
                if (there) REQUIRE(files::write(in / "f", before) == "");
                int const ended = in_child([&] { write_watched(in / "f", after, happens, at); });
                bool const a_write = at >= 2 && at <= 4;
                CHECK(ended == (happens == what::killed_within && !a_write ? 0 : killed));
                bool const is_new = at > renames || ended == 0 || (at == renames && happens == what::killed_after);
                CHECK((test::content_of(in / "f") == (is_new ? new_bytes : old_bytes)));
            }
        // What a killed writer left behind is in nobody's way.
        REQUIRE(files::write(in / "f", after) == "");
        CHECK((test::content_of(in / "f") == new_bytes));
    }
}

TEST_CASE("a call that fails leaves the old file and no other, and is said") {
    test::folder const in;
    files::contents const before = some(std::byte{1}, 300), after = some(std::byte{2}, 500);
    for (int at = 1; at <= 8; ++at) {
        CAPTURE(at);
        REQUIRE(files::write(in / "f", before) == "");
        auto const old_bytes = test::content_of(in / "f");
        CHECK_THAT(write_watched(in / "f", after, what::fails, at),
                   ContainsSubstring("save: cannot ") && ContainsSubstring("No space left on device"));
        CHECK((test::content_of(in / "f") == old_bytes));
        CHECK(in.count() == 1);
    }
    for (int at : {9, 10}) {
        CHECK_THAT(write_watched(in / "f", after, what::fails, at, EIO),
                   ContainsSubstring("a loss of power may undo that"));
        files::contents c;
        CHECK((files::read(in / "f", c) == "" && c.tensors.at(0).bytes.size() == 500));
    }
    CHECK(write_watched(in / "f", before, what::fails, 10, EINVAL) == "");  // no fsync of folders there
    // Interrupted, or done in part: it goes on.
    for (int at : {1, 2, 3, 4, 5, 8, 9})
        for (what happens : {what::is_interrupted, what::is_short}) {
            CAPTURE(at);
            CHECK(write_watched(in / "g", after, happens, at) == "");
            files::contents c;
            CHECK((files::read(in / "g", c) == "" && c.tensors.at(1).bytes.back() == std::byte{2}));
            CHECK(in.count() == 2);
            std::filesystem::remove(in / "g");
        }
}

TEST_CASE("a full disk leaves the old file") {
    test::folder const in;
    REQUIRE(files::write(in / "f", some(std::byte{1}, 300)) == "");
    auto const old_bytes = test::content_of(in / "f");
    CHECK(in_child([&] {
              std::signal(SIGXFSZ, SIG_IGN);
              rlimit const limit{1000, 1000};
              ::setrlimit(RLIMIT_FSIZE, &limit);
              std::string const said = files::write(in / "f", some(std::byte{2}, 5000));
              ::_exit(said.find("cannot write") != said.npos && said.find("File too large") != said.npos ? 5 : 6);
          }) == 5);
    CHECK((test::content_of(in / "f") == old_bytes));
    CHECK(in.count() == 1);
}

TEST_CASE("permissions stay, and symbolic links are followed") {
    test::folder const in;
    std::filesystem::create_directory(in / "sub");
    REQUIRE(files::write(in / "sub/f", some(std::byte{1}, 3)) == "");
    REQUIRE(::chmod((in / "sub/f").c_str(), 0640) == 0);
    std::filesystem::create_symlink("sub/f", in / "link");
    std::filesystem::create_symlink("sub/new", in / "dangling");
    std::filesystem::create_symlink("round", in / "round");
    REQUIRE(files::write(in / "link", some(std::byte{2}, 5)) == "");
    CHECK(std::filesystem::is_symlink(in / "link"));
    files::contents c;
    CHECK((files::read(in / "sub/f", c) == "" && c.tensors.at(0).bytes.size() == 5));
    struct stat is{};
    CHECK((::stat((in / "sub/f").c_str(), &is) == 0 && (is.st_mode & 0777) == 0640));
    REQUIRE(files::write(in / "dangling", some(std::byte{2}, 7)) == "");
    CHECK((files::read(in / "sub/new", c) == "" && std::filesystem::is_symlink(in / "dangling")));
    CHECK_THAT(files::write(in / "round", c), ContainsSubstring("Too many levels of symbolic links"));
    if (::geteuid() != 0) {
        REQUIRE(::chmod((in / "sub/f").c_str(), 0440) == 0);
        CHECK_THAT(files::write(in / "link", c), ContainsSubstring("Permission denied"));
    }
    // A name as long as the system takes, though the temporary file's is longer.
    std::string const name(255, 'n');
    CHECK(files::write(in / name, c) == "");
}
