// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <fcntl.h>
#include <iostream>
#include <sys/ioctl.h>
#include <system_error>
#include <termios.h>
#include <thread>
#include <unistd.h>

#include "models/common/error.hpp"
#include "platform/console/link.hpp"

namespace cimera::console {

namespace {

class PtyLink final : public Link {
public:
    PtyLink() : master_(posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC)) {
        if (master_ < 0 || grantpt(master_) != 0 || unlockpt(master_) != 0) {
            throw InputError(
                "--uart",
                std::string("no pseudo terminal: ") + std::generic_category().message(errno),
                "stdio, tcp:PORT or a file");
        }
        std::array<char, 64> name{};
        ptsname_r(master_, name.data(), name.size());
        name_ = name.data();
        // Bytes pass as they are. Opening and closing it also lets us see whether it is open.
        const int slave = open_slave();
        termios raw{};
        tcgetattr(slave, &raw);
        cfmakeraw(&raw);
        tcsetattr(slave, TCSANOW, &raw);
        close(slave);
        std::cerr << "uart: " << name_ << std::endl;
    }
    ~PtyLink() override { close(master_); }

    [[nodiscard]] bool connected() override {
        pollfd state{master_, 0, 0};
        poll(&state, 1, 0);
        return (state.revents & POLLHUP) == 0;
    }
    std::size_t send(std::span<const std::uint8_t> bytes) override {
        const ssize_t n = write(master_, bytes.data(), bytes.size());
        return static_cast<std::size_t>(std::max<ssize_t>(n, 0));
    }
    std::size_t receive(std::span<std::uint8_t> bytes) override {
        const ssize_t n = read(master_, bytes.data(), bytes.size());
        return static_cast<std::size_t>(std::max<ssize_t>(n, 0));
    }
    [[nodiscard]] std::vector<pollfd> inputs() override {
        // While nobody has it open, it would be ready all the time.
        return connected() ? std::vector<pollfd>{{master_, POLLIN, 0}} : std::vector<pollfd>();
    }
    [[nodiscard]] bool open() const override { return true; }
    [[nodiscard]] bool interactive() const override { return true; }

    /// What is unread when the master closes is lost.
    void finish() override {
        constexpr int patience_ms = 1000;
        constexpr int quiet_ms = 20;
        if (!connected()) {
            return;
        }
        const int slave = open_slave();
        int quiet = 0;  // Linux hands bytes over later: once nothing unread says little
        for (int waited = 0; slave >= 0 && quiet < quiet_ms && waited < patience_ms; ++waited) {
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
            int unread = 0;
            ioctl(slave, FIONREAD, &unread);
            quiet = unread == 0 ? quiet + 1 : 0;
        }
        close(slave);
    }

private:
    [[nodiscard]] int open_slave() const {
        return ::open(name_.c_str(), O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
    }

    int master_;
    std::string name_;
};

}  // namespace

std::unique_ptr<Link> pty_link() {
    return std::make_unique<PtyLink>();
}

}  // namespace cimera::console
