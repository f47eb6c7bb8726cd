// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <optional>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

#include "models/common/error.hpp"
#include "platform/console/link.hpp"
#include "platform/console/terminal.hpp"

namespace cimera::console {

namespace {

/// Writes to one descriptor, reads from another one or from none (-1).
class StreamLink final : public Link {
public:
    StreamLink(std::string name, int output, int input)
        : name_(std::move(name)), output_(output), input_(input) {
        if (input_ >= 0 && isatty(input_) != 0) {
            terminal_.emplace();
        }
    }
    ~StreamLink() override {
        if (output_ != STDOUT_FILENO) {
            close(output_);
        }
    }

    std::size_t send(std::span<const std::uint8_t> bytes) override {
        std::size_t done = 0;
        while (done < bytes.size() && failure_.empty()) {
            const ssize_t n = write(output_, &bytes[done], bytes.size() - done);
            if (n >= 0) {
                done += static_cast<std::size_t>(n);
            } else if (errno == EAGAIN) {
                pollfd room{output_, POLLOUT, 0};
                poll(&room, 1, -1);
            } else if (errno != EINTR) {
                failure_ = name_ + ": " + std::generic_category().message(errno);
            }
        }
        return bytes.size();
    }

    std::size_t receive(std::span<std::uint8_t> bytes) override {
        pollfd waiting{input_, POLLIN, 0};
        if (input_ < 0 || poll(&waiting, 1, 0) <= 0) {
            return 0;
        }
        const ssize_t n = read(input_, bytes.data(), bytes.size());
        if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR)) {
            input_ = -1;
        }
        const auto got = static_cast<std::size_t>(std::max<ssize_t>(n, 0));
        return terminal_ ? terminal_->filter(bytes.first(got)) : got;
    }

    [[nodiscard]] std::vector<pollfd> inputs() override {
        return input_ < 0 ? std::vector<pollfd>() : std::vector<pollfd>{{input_, POLLIN, 0}};
    }
    [[nodiscard]] bool open() const override { return input_ >= 0; }
    [[nodiscard]] bool interactive() const override { return terminal_ && input_ >= 0; }

private:
    std::string name_;
    int output_;
    int input_;
    std::optional<Terminal> terminal_;
};

}  // namespace

std::unique_ptr<Link> stdio_link() {
    struct stat status {};
    const bool there = fstat(STDIN_FILENO, &status) == 0;
    const bool readable = isatty(STDIN_FILENO) != 0 ? Terminal::usable() : there;
    return std::make_unique<StreamLink>("standard output", STDOUT_FILENO,
                                        readable ? STDIN_FILENO : -1);
}

std::unique_ptr<Link> file_link(const std::string& path) {
    constexpr mode_t everybody = 0666;
    const int output = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, everybody);
    if (output < 0) {
        throw InputError("--uart",
                         path + ": cannot be written: " + std::generic_category().message(errno),
                         "stdio, pty, tcp:PORT or a file");
    }
    return std::make_unique<StreamLink>(path, output, -1);
}

}  // namespace cimera::console
