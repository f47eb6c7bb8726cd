// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <poll.h>
#include <span>
#include <string>
#include <vector>

namespace cimera::console {

/// A way out of the program for the bytes of a serial line, and into it. Nothing here blocks but
/// writing to a file or to standard output.
class Link {
public:
    Link() = default;
    Link(const Link&) = delete;
    Link& operator=(const Link&) = delete;
    virtual ~Link() = default;

    /// Whether somebody is at the other end. Where not, output waits.
    [[nodiscard]] virtual bool connected() { return true; }
    /// Sends what it can; returns how many bytes need not be sent again.
    virtual std::size_t send(std::span<const std::uint8_t> bytes) = 0;
    /// Receives what is there.
    virtual std::size_t receive(std::span<std::uint8_t> bytes) = 0;
    /// What `poll` watches for input; none: there will never be more, or nobody is connected.
    [[nodiscard]] virtual std::vector<pollfd> inputs() = 0;
    /// Whether input may still come.
    [[nodiscard]] virtual bool open() const = 0;
    /// Whether it was chosen for a person or a program to talk to the firmware.
    [[nodiscard]] virtual bool interactive() const = 0;
    /// Before the program ends: whoever is connected gets what was sent.
    virtual void finish() {}
    /// Why output was lost; empty if none was.
    [[nodiscard]] const std::string& failure() const { return failure_; }

protected:
    std::string failure_;
};

/// Standard output and, where that makes sense, standard input: a terminal in the foreground whose
/// output is the terminal too, or a pipe.
[[nodiscard]] std::unique_ptr<Link> stdio_link();
/// Output only. Throws InputError where the file cannot be written.
[[nodiscard]] std::unique_ptr<Link> file_link(const std::string& path);
/// A new pseudo terminal; its name goes to the standard error.
[[nodiscard]] std::unique_ptr<Link> pty_link();
/// Listens on 127.0.0.1 and serves one client after the other. Port 0 is any free one; the
/// address goes to the standard error. Throws InputError where the port is taken.
[[nodiscard]] std::unique_ptr<Link> tcp_link(std::uint16_t port);

}  // namespace cimera::console
