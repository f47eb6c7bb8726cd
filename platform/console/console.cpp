// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "platform/console/console.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>
#include <thread>

#include "models/common/error.hpp"

namespace cimera::console {

namespace {

constexpr std::size_t piece = 4096;
/// How long Ctrl-C may go unseen while something is waited for.
constexpr std::chrono::milliseconds patience{100};
/// What is kept for somebody who is not connected, or does not read.
constexpr std::size_t most_kept = 1U << 16;

constexpr std::string_view tcp_prefix = "tcp:";

std::unique_ptr<Link> make_link(const std::string& where) {
    if (where == "stdio") {
        return stdio_link();
    }
    if (where == "pty") {
        return pty_link();
    }
    if (is_file(where)) {
        return file_link(where);
    }
    const std::string digits = where.substr(std::min(where.size(), tcp_prefix.size()));
    std::uint16_t port = 0;
    const char* const end = digits.data() + digits.size();
    const auto [last, error] = std::from_chars(digits.data(), end, port);
    if (error != std::errc() || last != end) {
        throw InputError("--uart", "'" + where + "' is not tcp:PORT", "a port from 0 to 65535");
    }
    return tcp_link(port);
}

}  // namespace

bool is_file(const std::string& where) {
    // "tcp" alone is a port forgotten.
    return where != "stdio" && where != "pty" && where != "tcp" && where.rfind(tcp_prefix, 0) != 0;
}

Console::Console(const std::string& where, const volatile std::sig_atomic_t& interrupted)
    : interrupted_(interrupted),
      waits_for_client_(where.rfind(tcp_prefix, 0) == 0),
      link_(make_link(where)),
      used_(link_->interactive() && where != "stdio") {}

Console::~Console() = default;

void Console::put(std::uint8_t byte) {
    output_.push_back(byte);
    if (byte == '\n' || ++unoffered_ >= piece) {
        send();
    }
}

void Console::send() {
    unoffered_ = 0;
    while (!output_.empty()) {
        const bool connected = link_->connected();
        const std::size_t sent = connected ? link_->send(output_) : 0;
        output_.erase(output_.begin(), output_.begin() + static_cast<std::ptrdiff_t>(sent));
        // What is too much goes in pieces: moving the rest takes time.
        if (output_.size() <= most_kept + piece) {
            return;
        }
        if (!connected || interrupted_ != 0) {
            const std::size_t excess = output_.size() - most_kept;
            output_.erase(output_.begin(), output_.begin() + static_cast<std::ptrdiff_t>(excess));
            lost_ += excess;
            return;
        }
        // The other end reads more slowly than the firmware writes.
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
}

bool Console::poll() {
    send();
    std::array<std::uint8_t, piece> bytes{};
    const std::size_t got = input_.size() < piece ? link_->receive(bytes) : 0;
    input_.insert(input_.end(), bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(got));
    return got != 0;
}

bool Console::wait(std::chrono::milliseconds limit) {
    // Without room for more there is nothing to listen for.
    std::vector<pollfd> inputs = input_.size() < piece ? link_->inputs() : std::vector<pollfd>();
    ::poll(inputs.data(), inputs.size(), static_cast<int>(limit.count()));
    return poll();
}

std::optional<std::uint8_t> Console::get() {
    while (!ready() && link_->open() && interrupted_ == 0) {
        wait(patience);
    }
    return ready() ? std::optional(take()) : std::nullopt;
}

void Console::wait_for_client() {
    while (waits_for_client_ && interrupted_ == 0 && !link_->connected()) {
        std::vector<pollfd> inputs = link_->inputs();
        ::poll(inputs.data(), inputs.size(), static_cast<int>(patience.count()));
    }
}

void Console::finish() {
    constexpr int patience_ms = 2000;
    send();
    for (int waited = 0; !output_.empty() && link_->connected() && waited < patience_ms; ++waited) {
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
        send();
    }
    link_->finish();
    lost_ += output_.size();
    output_.clear();
}

std::uint8_t Console::take() {
    used_ = true;
    const std::uint8_t byte = input_.front();
    input_.pop_front();
    return byte;
}

}  // namespace cimera::console
