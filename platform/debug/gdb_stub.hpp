// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "models/cpu/hart.hpp"
#include "platform/soc/address_map.hpp"

namespace cimera::debug {

/// What a debugger works on. Used only while the core is at a boundary.
struct DebugTarget {
    cpu::Hart& hart;
    std::function<bool(std::uint32_t, std::span<std::uint8_t>)> read;  ///< false: not all is there
    std::function<bool(std::uint32_t, std::span<const std::uint8_t>)> write;
    const std::vector<MapEntry>& map;
    std::function<void()> reset;
    std::function<std::string(const std::string& command)> monitor;  ///< answer to the user
};

/// How the debugger lets the firmware go on.
enum class Resume : std::uint8_t { none, run, step, detach, kill };

/// GDB's signal numbers.
enum class Signal : std::uint8_t {
    interrupt = 2,
    illegal = 4,
    trap = 5,
    abort = 6,
    bus = 10,
    segment = 11,
};

/// The stop reply of a signal; a watchpoint is named with its address.
[[nodiscard]] std::string stop_reply(Signal signal,
                                     const std::optional<cpu::Watch>& watch = std::nullopt);

/// The commands of the GDB remote serial protocol: a packet in, an answer out.
class GdbStub {
public:
    struct Answer {
        std::optional<std::string> reply;  ///< nothing: no packet is sent
        Resume resume = Resume::none;
    };

    explicit GdbStub(DebugTarget target) : target_(std::move(target)) {}

    /// A debugger came or went: no breakpoints.
    void restart();
    void stopped(std::string reply) { stop_ = std::move(reply); }
    [[nodiscard]] Answer handle(std::string_view packet);
    /// Neither side sends + and - any more.
    [[nodiscard]] bool without_acks() const { return without_acks_; }

private:
    using Point = std::pair<char, std::pair<std::uint32_t, std::uint32_t>>;

    [[nodiscard]] Answer query(std::string_view packet);
    [[nodiscard]] Answer transfer(std::string_view request);
    [[nodiscard]] Answer command_v(std::string_view packet);
    [[nodiscard]] Answer resume(std::string_view packet, Resume how);
    [[nodiscard]] std::string read_all() const;
    [[nodiscard]] std::string write_all(std::string_view digits);
    [[nodiscard]] std::string read_one(std::string_view number) const;
    [[nodiscard]] std::string write_one(std::string_view assignment);
    [[nodiscard]] std::string read_memory(std::string_view range);
    [[nodiscard]] std::string write_memory(std::string_view range, bool hex);
    [[nodiscard]] std::string insert(std::string_view point);
    [[nodiscard]] std::string remove(std::string_view point);
    void remove_from_hart(const Point& point);

    DebugTarget target_;
    std::string stop_ = stop_reply(Signal::trap);
    bool without_acks_ = false;
    std::multiset<Point> points_;
};

}  // namespace cimera::debug
