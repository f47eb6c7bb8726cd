// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <chrono>
#include <csignal>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "models/peripherals/serial_source.hpp"
#include "platform/console/link.hpp"

namespace cimera::console {

/// Whether `--uart` names a file for output, not something to talk to.
[[nodiscard]] bool is_file(const std::string& where);

/// The host's end of the UART's line: keeps what cannot be sent yet, hands on what is received.
/// Receiving depends on the wall clock: a run that got input is not reproducible.
class Console final : public SerialSource {
public:
    /// `where`: "stdio", "pty", "tcp:PORT" or a file. `interrupted` ends waiting.
    Console(const std::string& where, const volatile std::sig_atomic_t& interrupted);
    ~Console() override;

    void put(std::uint8_t byte);
    /// Sends and receives what goes at once. True where input came.
    bool poll();
    /// Until input comes, but not longer than this. True where it came.
    bool wait(std::chrono::milliseconds limit);
    /// A client that the run is to begin with: connects, or Ctrl-C was pressed.
    void wait_for_client();
    /// Before the end of the program.
    void finish();

    /// Whether input may come from somebody whom the run waits for.
    [[nodiscard]] bool attached() const { return link_->interactive(); }
    /// Whether input may come at all.
    [[nodiscard]] bool open() const { return link_->open() || ready(); }
    /// Whether the run depended on when input came.
    [[nodiscard]] bool used() const { return used_; }
    /// Why output could not be written; empty if it could.
    [[nodiscard]] const std::string& failure() const { return link_->failure(); }
    /// Bytes that nobody was there to read.
    [[nodiscard]] std::uint64_t lost() const { return lost_; }

    [[nodiscard]] bool ready() const override { return !input_.empty(); }
    std::uint8_t take() override;
    [[nodiscard]] bool holds_back() const override { return true; }
    /// The next byte of input, waited for. Nothing: no more will come, or Ctrl-C was pressed.
    [[nodiscard]] std::optional<std::uint8_t> get();

private:
    void send();

    const volatile std::sig_atomic_t& interrupted_;
    bool waits_for_client_ = false;
    std::unique_ptr<Link> link_;
    std::vector<std::uint8_t> output_;
    std::size_t unoffered_ = 0;  ///< bytes since the link was last asked to take some
    std::deque<std::uint8_t> input_;
    bool used_ = false;
    std::uint64_t lost_ = 0;
};

/// Bytes of a file at the line's speed, whether the receiver is ready or not.
class FileSource final : public SerialSource {
public:
    explicit FileSource(std::string bytes) : bytes_(std::move(bytes)) {}
    [[nodiscard]] bool ready() const override { return next_ < bytes_.size(); }
    std::uint8_t take() override { return static_cast<std::uint8_t>(bytes_[next_++]); }
    [[nodiscard]] bool holds_back() const override { return false; }

private:
    std::string bytes_;
    std::size_t next_ = 0;
};

}  // namespace cimera::console
