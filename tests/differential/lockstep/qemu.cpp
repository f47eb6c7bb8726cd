// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors

#include "tests/differential/lockstep/qemu.hpp"

#include <array>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <poll.h>
#include <stdexcept>
#include <sys/wait.h>
#include <unistd.h>

namespace cimera::lockstep {

namespace {

// No instructions and CSRs beyond the model's, no paging.
constexpr const char* cpu_model =
    "rv32,d=false,h=false,mmu=false,sstc=false,zba=true,zbb=true,zbc=true,zbs=true";
constexpr int silence_ms = 20000;
constexpr std::size_t buffer_bytes = 1 << 20;

[[noreturn]] void fail(const std::string& what) {
    throw std::runtime_error("QEMU: " + what);
}

/// `digits` hexadecimal characters.
std::uint32_t hex(const char* text, unsigned digits) {
    std::uint32_t value = 0;
    for (unsigned n = 0; n < digits; ++n) {
        const auto c = static_cast<unsigned char>(text[n]);
        value = value << 4 | (c <= '9' ? c - '0' : (c | 0x20U) - 'a' + 10);
    }
    return value;
}

/// Lines of registers: " x0/zero  00000000 x1/ra    00000000 ...". Singles show as the low half.
void parse_registers(std::string_view line, std::array<std::uint32_t, 32>& file, unsigned digits) {
    const std::size_t column = 10 + digits;
    for (std::size_t at = 1; at + 9 + digits <= line.size(); at += column) {
        const unsigned number = static_cast<unsigned>(std::atoi(line.data() + at + 1));
        file.at(number) = hex(line.data() + at + 9 + digits - 8, 8);
    }
}

void parse_csr(std::string_view line, State& state) {
    const std::string_view name = line.substr(1, line.find(' ', 1) - 1);
    if (name == "pc") {
        state.pc = hex(line.data() + 10, 8);
        return;
    }
    for (std::size_t n = 0; n < compared_csrs.size(); ++n) {
        if (name == compared_csrs[n].name) {
            state.csrs[n] = hex(line.data() + 10, 8);
            return;
        }
    }
}

}  // namespace

Qemu::Qemu(const Program& program) : buffer_(buffer_bytes) {
    const char* const temporary = std::getenv("TMPDIR");
    folder_ = std::string(temporary != nullptr ? temporary : "/tmp") + "/lockstep.XXXXXX";
    if (mkdtemp(folder_.data()) == nullptr) {
        fail("no temporary folder");
    }
    const auto image = program.image();
    std::ofstream(folder_ + "/image", std::ios::binary)
        .write(reinterpret_cast<const char*>(image.data()),
               static_cast<std::streamsize>(image.size()));
    start();
}

Qemu::~Qemu() {
    if (process_ > 0) {
        kill(process_, SIGKILL);
        waitpid(process_, nullptr, 0);
    }
    if (log_ >= 0) {
        close(log_);
    }
    unlink((folder_ + "/image").c_str());
    rmdir(folder_.c_str());
}

void Qemu::start() {
    const std::string image = folder_ + "/image";
    std::array<int, 2> ends{};
    if (pipe(ends.data()) != 0) {
        fail("no pipe");
    }
    fcntl(ends[1], F_SETPIPE_SZ, static_cast<int>(buffer_bytes));
    // One instruction a block, and none chained, so that each is logged.
    const std::array<const char*, 20> arguments{executable.data(),
                                                "-M",
                                                "virt",
                                                "-cpu",
                                                cpu_model,
                                                "-bios",
                                                image.c_str(),
                                                "-display",
                                                "none",
                                                "-serial",
                                                "none",
                                                "-monitor",
                                                "none",
                                                "-nodefaults",
                                                "-singlestep",
                                                "-d",
                                                "cpu,fpu,exec,nochain",
                                                "-D",
                                                "/dev/stdout",
                                                nullptr};
    process_ = fork();
    if (process_ == 0) {
        dup2(ends[1], STDOUT_FILENO);
        close(ends[0]);
        close(ends[1]);
        execvp(executable.data(), const_cast<char* const*>(arguments.data()));
        _exit(127);
    }
    close(ends[1]);
    log_ = ends[0];
}

void Qemu::refill() {
    std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
    pollfd waiting{log_, POLLIN, 0};
    if (poll(&waiting, 1, silence_ms) != 1) {
        fail("no instruction for 20 s");
    }
    const ssize_t got = read(log_, buffer_.data() + end_, buffer_.size() - end_);
    if (got <= 0) {
        fail("ended");
    }
    end_ += static_cast<std::size_t>(got);
}

std::string_view Qemu::line() {
    std::size_t searched = begin_;
    for (;;) {
        const auto* const found =
            static_cast<const char*>(std::memchr(buffer_.data() + searched, '\n', end_ - searched));
        if (found != nullptr) {
            const std::string_view text(buffer_.data() + begin_,
                                        static_cast<std::size_t>(found - buffer_.data()) - begin_);
            begin_ += text.size() + 1;
            return text;
        }
        const std::size_t pending = end_ - begin_;
        refill();
        searched = begin_ + pending;
    }
}

void Qemu::note_privilege(std::string_view header) {
    privilege_ = hex(header.data() + header.find('[') + 19, 8) & 3U;
}

/// "Trace 0: <host address> [<cs>/<pc>/<flags>/<cflags>] " then the state. The lowest bits of the
/// flags are the privilege. The last line of a state is that of f28.
State Qemu::read_state() {
    State state;
    for (;;) {
        const std::string_view text = line();
        if (text.starts_with("Trace ")) {
            note_privilege(text);
        } else if (text.starts_with(" x")) {
            parse_registers(text, state.x, 8);
        } else if (text.starts_with(" f")) {
            parse_registers(text, state.f, 16);
            if (text.starts_with(" f28")) {
                state.privilege = privilege_;
                return state;
            }
        } else if (text.starts_with(" ")) {
            parse_csr(text, state);
        }
    }
}

State Qemu::next() {
    for (;;) {
        const State state = read_state();
        const std::string_view after = line();
        if (after.starts_with("Trace ")) {
            note_privilege(after);
        }
        // A state is logged twice if QEMU was interrupted before the instruction began.
        const bool repeated = after.starts_with("Stopped ");
        started_ = started_ || state.pc == code_base;  // before: the board's own boot code
        if (started_ && !repeated) {
            return state;
        }
    }
}

}  // namespace cimera::lockstep
