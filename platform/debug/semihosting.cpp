// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "platform/debug/semihosting.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <vector>

#include <fmt/format.h>

namespace cimera::debug {

namespace {

enum Operation : std::uint32_t {
    sys_open = 0x01,
    sys_close = 0x02,
    sys_writec = 0x03,
    sys_write0 = 0x04,
    sys_write = 0x05,
    sys_read = 0x06,
    sys_readc = 0x07,
    sys_iserror = 0x08,
    sys_istty = 0x09,
    sys_seek = 0x0a,
    sys_flen = 0x0c,
    sys_tmpnam = 0x0d,
    sys_remove = 0x0e,
    sys_rename = 0x0f,
    sys_clock = 0x10,
    sys_time = 0x11,
    sys_system = 0x12,
    sys_errno = 0x13,
    sys_get_cmdline = 0x15,
    sys_heapinfo = 0x16,
    sys_exit = 0x18,
    sys_exit_extended = 0x20,
    sys_elapsed = 0x30,
    sys_tickfreq = 0x31,
};

constexpr std::uint32_t minus_one = ~0U;
constexpr std::uint32_t application_exit = 0x20026;  // ADP_Stopped_ApplicationExit
constexpr std::uint32_t longest_name = 4096;
constexpr std::uint32_t chunk_bytes = 4096;
constexpr std::size_t most_files = 64;
constexpr std::uint64_t ticks_per_second = 1'000'000'000;
constexpr Picoseconds tick = 1'000'000'000'000 / ticks_per_second;
constexpr Picoseconds centisecond = 10'000'000'000;
constexpr Picoseconds second = 1'000'000'000'000;

/// Modes 0 to 11 are fopen's r, rb, r+, r+b, w, wb, w+, w+b, a, ab, a+, a+b.
constexpr std::array<int, 6> open_flags = {O_RDONLY,
                                           O_RDWR,
                                           O_WRONLY | O_CREAT | O_TRUNC,
                                           O_RDWR | O_CREAT | O_TRUNC,
                                           O_WRONLY | O_CREAT | O_APPEND,
                                           O_RDWR | O_CREAT | O_APPEND};

/// Semihosting, feature bits: byte 0, bit 0 stands for SYS_EXIT_EXTENDED; by it, C libraries choose
/// how to tell their exit code. A file in memory, or -1.
int features() {
    constexpr std::array<std::uint8_t, 5> bytes = {'S', 'H', 'F', 'B', 1};
    const int file = ::memfd_create("semihosting-features", MFD_CLOEXEC);
    if (file >= 0 && (::write(file, bytes.data(), bytes.size()) != ssize_t{bytes.size()} ||
                      ::lseek(file, 0, SEEK_SET) != 0)) {
        ::close(file);
        return -1;
    }
    return file;
}

}  // namespace

Semihosting::Semihosting(cpu::Cpu& cpu, SemihostingOptions options)
    : cpu_(cpu), options_(std::move(options)) {
    if (options_.folder) {
        folder_.emplace(*options_.folder);
    }
}

Semihosting::~Semihosting() {
    for (const auto& [handle, descriptor] : files_) {
        if (descriptor != console_file) {
            ::close(descriptor);
        }
    }
}

std::optional<std::uint32_t> Semihosting::serve() {
    constexpr unsigned a0 = 10;
    constexpr unsigned a1 = 11;
    exit_.reset();
    cpu_.hart().set_x(a0, answer(cpu_.hart().x(a0), cpu_.hart().x(a1)));
    return exit_;
}

std::uint32_t Semihosting::answer(std::uint32_t operation, std::uint32_t argument) {
    const Picoseconds now = cpu_.local_now();
    switch (operation) {
        case sys_open:
            return open(argument);
        case sys_close:
            return close(argument);
        case sys_writec:
            options_.console.put(static_cast<std::uint8_t>(word(argument, 0)));
            return operation;
        case sys_write0:
            write_text(argument);
            return operation;
        case sys_write:
            return write(argument);
        case sys_read:
            return read(argument);
        case sys_readc:
            return options_.console.get().value_or(minus_one);
        case sys_iserror:
            return word(argument, 0) >> 31;
        case sys_istty:
            return is_console(argument);
        case sys_seek:
            return seek(argument);
        case sys_flen:
            return length(argument);
        case sys_tmpnam:
            return temporary_name(argument);
        case sys_remove:
            return remove(argument);
        case sys_rename:
            return rename(argument);
        case sys_clock:
            return static_cast<std::uint32_t>(now / centisecond);
        case sys_time:
            return static_cast<std::uint32_t>(now / second);
        case sys_errno:
            return static_cast<std::uint32_t>(error_);
        case sys_get_cmdline:
            return command_line(argument);
        case sys_heapinfo:
            return heap_info(argument);
        case sys_exit:  // of 32-bit cores the argument is the reason itself
            exit_ = argument == application_exit ? 0 : 1;
            return operation;
        case sys_exit_extended:
            exit_ = word(argument, 0) == application_exit ? word(argument, 1) : 1;
            return operation;
        case sys_elapsed:
            return elapsed(argument);
        case sys_tickfreq:
            return ticks_per_second;
        case sys_system:  // nothing runs commands on the user's machine
        default:
            return fail(ENOSYS);
    }
}

// --- files ---------------------------------------------------------------------------------

std::uint32_t Semihosting::open(std::uint32_t block) {
    const std::string name = text(word(block, 0), word(block, 2));
    const std::uint32_t mode = word(block, 1);
    if (mode / 2 >= open_flags.size() || files_.size() >= most_files) {
        return fail(files_.size() >= most_files ? EMFILE : EINVAL);
    }
    int descriptor = console_file;
    if (name == ":semihosting-features") {
        descriptor = features();
    } else if (name != ":tt") {
        if (!folder_) {
            return fail(EACCES);
        }
        descriptor = folder_->open(name, open_flags[mode / 2]);
    }
    if (descriptor == -1) {
        return fail(errno);
    }
    files_[next_handle_] = descriptor;
    return next_handle_++;
}

std::uint32_t Semihosting::close(std::uint32_t block) {
    const std::uint32_t handle = word(block, 0);
    const auto descriptor = file(handle);
    if (!descriptor) {
        return fail(EBADF);
    }
    if (*descriptor != console_file) {
        ::close(*descriptor);
    }
    files_.erase(handle);
    return 0;
}

/// Block: handle, address, bytes. Answers how many bytes are left.
std::uint32_t Semihosting::transfer(std::uint32_t block, const Step& step) {
    const auto descriptor = file(word(block, 0));
    std::uint32_t address = word(block, 1);
    std::uint32_t left = word(block, 2);
    if (!descriptor) {
        error_ = EBADF;
        return left;
    }
    std::vector<std::uint8_t> bytes;
    while (left != 0) {
        bytes.resize(std::min(left, chunk_bytes));
        const ssize_t done = step(*descriptor, address, bytes);
        if (done <= 0) {
            error_ = done < 0 ? errno : error_;
            break;
        }
        address += static_cast<std::uint32_t>(done);
        left -= static_cast<std::uint32_t>(done);
        if (*descriptor == console_file && static_cast<std::size_t>(done) < bytes.size()) {
            break;  // what was typed so far
        }
    }
    return left;
}

std::uint32_t Semihosting::write(std::uint32_t block) {
    return transfer(block, [this](int file, std::uint32_t at, std::span<std::uint8_t> bytes) {
        if (!cpu_.debug_read(at, bytes)) {
            errno = EFAULT;
            return ssize_t{-1};
        }
        if (file != console_file) {
            return ::write(file, bytes.data(), bytes.size());
        }
        std::for_each(bytes.begin(), bytes.end(), options_.console.put);
        return static_cast<ssize_t>(bytes.size());
    });
}

std::uint32_t Semihosting::read(std::uint32_t block) {
    return transfer(block, [this](int file, std::uint32_t at, std::span<std::uint8_t> bytes) {
        const ssize_t got =
            file == console_file ? read_console(bytes) : ::read(file, bytes.data(), bytes.size());
        if (got > 0 && !cpu_.debug_write(at, bytes.first(static_cast<std::size_t>(got)))) {
            errno = EFAULT;
            return ssize_t{-1};
        }
        return got;
    });
}

ssize_t Semihosting::read_console(std::span<std::uint8_t> bytes) {
    std::size_t got = 0;
    while (got < bytes.size() && (got == 0 || options_.console.ready())) {
        const auto byte = options_.console.get();
        if (!byte) {
            break;
        }
        bytes[got++] = *byte;
    }
    return static_cast<ssize_t>(got);
}

std::uint32_t Semihosting::seek(std::uint32_t block) {
    const auto descriptor = file(word(block, 0));
    if (!descriptor || *descriptor == console_file) {
        return fail(descriptor ? ESPIPE : EBADF);
    }
    return ::lseek(*descriptor, static_cast<off_t>(word(block, 1)), SEEK_SET) < 0 ? fail(errno) : 0;
}

std::uint32_t Semihosting::length(std::uint32_t block) {
    const auto descriptor = file(word(block, 0));
    struct stat status {};
    if (!descriptor || *descriptor == console_file || ::fstat(*descriptor, &status) != 0) {
        return fail(EBADF);
    }
    return static_cast<std::uint32_t>(status.st_size);
}

std::uint32_t Semihosting::is_console(std::uint32_t block) {
    const auto descriptor = file(word(block, 0));
    return descriptor ? static_cast<std::uint32_t>(*descriptor == console_file) : fail(EBADF);
}

std::uint32_t Semihosting::remove(std::uint32_t block) {
    const std::string name = text(word(block, 0), word(block, 1));
    if (!folder_) {
        return fail(EACCES);
    }
    return folder_->remove(name) == 0 ? 0 : fail(errno);
}

std::uint32_t Semihosting::rename(std::uint32_t block) {
    const std::string from = text(word(block, 0), word(block, 1));
    const std::string to = text(word(block, 2), word(block, 3));
    if (!folder_) {
        return fail(EACCES);
    }
    return folder_->rename(from, to) == 0 ? 0 : fail(errno);
}

/// Block: buffer, identifier from 0 to 255, bytes of the buffer.
std::uint32_t Semihosting::temporary_name(std::uint32_t block) {
    const std::string name = fmt::format("tmp{:03}", word(block, 1) & 0xffU);
    std::vector<std::uint8_t> bytes(name.begin(), name.end());
    bytes.push_back(0);
    return word(block, 2) >= bytes.size() && cpu_.debug_write(word(block, 0), bytes) ? 0
                                                                                     : fail(EFAULT);
}

// --- the rest ------------------------------------------------------------------------------

void Semihosting::write_text(std::uint32_t address) {
    std::uint8_t byte = 0;
    while (cpu_.debug_read(address++, {&byte, 1}) && byte != 0) {
        options_.console.put(byte);
    }
}

/// Block: buffer and its bytes; the second becomes the length of the text.
std::uint32_t Semihosting::command_line(std::uint32_t block) {
    const std::string& line = options_.command_line;
    std::vector<std::uint8_t> bytes(line.begin(), line.end());
    bytes.push_back(0);
    const bool done = word(block, 1) >= bytes.size() && cpu_.debug_write(word(block, 0), bytes) &&
                      put_word(block + 4, static_cast<std::uint32_t>(line.size()));
    return done ? 0 : fail(EFAULT);
}

/// The block holds the address of four words to fill.
std::uint32_t Semihosting::heap_info(std::uint32_t block) {
    std::uint32_t address = word(block, 0);
    for (const std::uint32_t value : options_.heap_and_stack) {
        if (!put_word(address, value)) {
            return fail(EFAULT);
        }
        address += 4;
    }
    return 0;
}

std::uint32_t Semihosting::elapsed(std::uint32_t block) {
    const std::uint64_t ticks = cpu_.local_now() / tick;
    const bool done = put_word(block, static_cast<std::uint32_t>(ticks)) &&
                      put_word(block + 4, static_cast<std::uint32_t>(ticks >> 32));
    return done ? 0 : fail(EFAULT);
}

std::uint32_t Semihosting::fail(int reason) {
    error_ = reason;
    return minus_one;
}

std::uint32_t Semihosting::word(std::uint32_t block, std::uint32_t index) {
    std::array<std::uint8_t, 4> bytes{};
    std::uint32_t value = 0;
    if (cpu_.debug_read(block + 4 * index, bytes)) {
        std::memcpy(&value, bytes.data(), sizeof value);
    }
    return value;
}

bool Semihosting::put_word(std::uint32_t address, std::uint32_t value) {
    const auto byte = [value](unsigned shift) { return static_cast<std::uint8_t>(value >> shift); };
    return cpu_.debug_write(address, std::array{byte(0), byte(8), byte(16), byte(24)});
}

std::string Semihosting::text(std::uint32_t address, std::uint32_t length) {
    std::vector<std::uint8_t> bytes(std::min(length, longest_name));
    if (bytes.empty() || !cpu_.debug_read(address, bytes)) {
        return {};
    }
    return {bytes.begin(), bytes.end()};
}

std::optional<int> Semihosting::file(std::uint32_t handle) const {
    const auto found = files_.find(handle);
    return found == files_.end() ? std::nullopt : std::optional(found->second);
}

}  // namespace cimera::debug
