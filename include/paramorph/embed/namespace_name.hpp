// The namespace of a header that is written (embed/write_header.hpp): named after its file, unless that is no name for
// one, which gets the prefix `network_`: 3.hpp, new.hpp, std.hpp, time.hpp (a function of C) are network_3,
// network_new, network_std, network_time. What is not a letter, digit or underscore of ASCII becomes an underscore;
// there are no two in a row, which C++ reserves.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/core/error.hpp"
#include "paramorph/core/printable.hpp"
#include "paramorph/core/type_name.hpp"

#ifndef PARAMORPH_EMBED

#include <string>
#include <string_view>

namespace paramorph::inline PARAMORPH_ABI::detail {

// What a header that is written includes of the library: the umbrella of targets, in a file that has paramorph.hpp
// that, and nothing where the library stands above it as one header (src/single_header.py).
inline constexpr char const* includes_of_library =
    "#if defined(PARAMORPH_READ_PARAMORPH) || defined(PARAMORPH_READ_EMBED)\n"
    "#elif defined(PARAMORPH_ABI) && !defined(PARAMORPH_EMBED)\n#include <paramorph/paramorph.hpp>\n"
    "#else\n#include <paramorph/embed.hpp>\n#endif\n";

// Keywords, namespaces that what is included has, and names that C's library, POSIX or boards give to functions, types
// and macros.
inline constexpr std::string_view names_taken =
    " alignas alignof and and_eq asm auto bitand bitor bool break case catch char char8_t char16_t char32_t class "
    "compl "
    "concept const consteval constexpr constinit const_cast continue co_await co_return co_yield decltype default "
    "delete "
    "do double dynamic_cast else enum explicit export extern false float for friend goto if inline int long mutable "
    "namespace new noexcept not not_eq nullptr operator or or_eq private protected public register reinterpret_cast "
    "requires return short signed sizeof static static_assert static_cast struct switch template this thread_local "
    "throw "
    "true try typedef typeid typename union unsigned using virtual void volatile wchar_t while xor xor_eq main "
    "std paramorph boost xt xtl xsimd posix abi pm "
    "isalnum isalpha isblank iscntrl isdigit isgraph islower isprint ispunct isspace isupper isxdigit tolower toupper "
    "acos acosh asin asinh atan atan2 atanh cbrt ceil copysign cos cosh drem erf erfc exp exp10 exp2 expm1 fabs fdim "
    "floor fma fmax fmin fmod frexp gamma hypot ilogb infinity isfinite isinf isnan j0 j1 jn ldexp lgamma llrint "
    "llround "
    "log log10 log1p log2 logb lrint lround modf nan nearbyint nextafter pow remainder remquo rint round scalb scalbln "
    "scalbn signbit significand signgam sin sincos sinh sqrt tan tanh tgamma trunc y0 y1 yn "
    "clearerr fclose feof ferror fflush fgetc fgetpos fgets fopen fprintf fputc fputs fread freopen fscanf fseek "
    "fsetpos "
    "ftell fwrite getc getchar gets getline getw perror popen printf putc putchar puts putw remove rename rewind scanf "
    "setbuf setvbuf snprintf sprintf sscanf stderr stdin stdout tempnam tmpfile tmpnam ungetc vprintf vsprintf "
    "abort abs atexit atof atoi atol bsearch calloc div environ exit free getenv labs ldiv malloc mktemp putenv qsort "
    "rand random realloc setenv srand srandom strtod strtol system "
    "bcmp bcopy bzero ffs index memchr memcmp memcpy memmove memset rindex strcat strchr strcmp strcpy strdup strlen "
    "strncat strncmp strncpy strpbrk strrchr strsep strsignal strspn strstr strtok swab "
    "asctime clock clock_t ctime daylight difftime dysize gmtime localtime mktime nanosleep strftime time time_t "
    "timer_t "
    "timezone tm tzname tzset utime errno signal raise kill setjmp longjmp setlocale localeconv assert "
    "accept access acct alarm bind brk chdir chmod chown chroot close confstr connect creat crypt daemon dup dup2 "
    "encrypt "
    "execl execv fcntl fork getpid ioctl link listen lockf lseek mkdir mmap nice open pause pipe poll profil read "
    "readlink recv reboot rmdir sbrk select send shutdown sleep socket stat sync syscall truncate ttyname umask uname "
    "unlink usleep vfork wait write "
    "size_t ssize_t ptrdiff_t int8_t int16_t int32_t int64_t uint8_t uint16_t uint32_t uint64_t intptr_t uintptr_t "
    "off_t "
    "pid_t uid_t gid_t mode_t u_char u_int ushort uint ulong div_t ldiv_t FILE NULL EOF NAN INFINITY "
    "unix linux i386 arm mips near far small huge hyper interface bit bits boolean byte word min max map sq square "
    "delay "
    "millis micros tone loop setup yield shift interrupts complex imaginary PI EULER HIGH LOW INPUT OUTPUT DEFAULT BIN "
    "DEC HEX OCT IN OUT ERROR TRUE FALSE True False None Bool Status Success ADC CAN CRC DAC DMA FLASH FPU GPIO I2C "
    "NVIC "
    "PWM RAM RNG ROM RTC SCB SPI UART USART USB Serial Wire ";

constexpr bool name_taken(std::string_view name) {
    // Also what one letter, or one letter and a digit, names (B1, I, F), and functions of C for float and long double.
    if (name.size() <= 2 && name[0] >= 'A' && name[0] <= 'Z') return true;
    auto const listed = [](std::string_view s) {
        for (std::size_t at = names_taken.find(s); at != std::string_view::npos; at = names_taken.find(s, at + 1))
            if (names_taken[at - 1] == ' ' && names_taken[at + s.size()] == ' ') return true;
        return false;
    };
    char const last = name.back();
    return listed(name) || ((last == 'f' || last == 'l') && name.size() > 3 && listed(name.substr(0, name.size() - 1)));
}
constexpr bool letter_or_digit(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}
// Is it an identifier that a program may use for a namespace of its own?
constexpr bool names_a_namespace(std::string_view name) {
    if (name.empty() || is_digit(name[0]) || name[0] == '_' || name.find("__") != std::string_view::npos) return false;
    for (char const c : name)
        if (!letter_or_digit(c) && c != '_') return false;
    return !name_taken(name);
}

template <class = void>  // what it needs of <string> is compiled where it is called
std::string name_of_file(std::string const& path) {
    std::size_t const slash = path.rfind('/'), begin = slash == std::string::npos ? 0 : slash + 1;
    std::string name;
    for (char const c : path.substr(begin, path.find('.', begin) - begin))
        if (letter_or_digit(c))
            name += c;
        else if (name.empty() || name.back() != '_')
            name += '_';
    if (names_a_namespace(name)) return name;
    return name.empty() || name[0] != '_' ? "network_" + name : "network" + name;
}
// The name that a program states, or that of the file.
template <class = void>
std::string namespace_name(std::string const& stated, std::string const& path) {
    if (stated.empty()) return name_of_file(path);
    for (std::size_t begin = 0; begin <= stated.size();) {
        std::size_t const end = stated.find("::", begin);
        std::string const part = stated.substr(begin, end - begin);
        if (!names_a_namespace(part))
            throw error(
                "write_header: .name: '" + printable(part) +
                "' is no name for a namespace: a keyword, a reserved name, one of C's library, or no identifier");
        begin = end == std::string::npos ? stated.size() + 1 : end + 2;
    }
    return stated;
}

}  // namespace paramorph::inline PARAMORPH_ABI::detail

#endif
