// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cimera::debug {

/// Longest packet that is read, announced as PacketSize: bytes between $ and #.
inline constexpr std::size_t packet_bytes = 0x4000;

/// What arrives from a debugger.
struct RspEvent {
    enum class Kind : std::uint8_t {
        packet,     ///< whole and with a right checksum
        corrupt,    ///< wrong checksum, or too long
        ack,        ///< +
        nack,       ///< -: send the last packet again
        interrupt,  ///< Ctrl-C
    };
    Kind kind = Kind::corrupt;
    std::string payload;  ///< of a packet, without escapes
};

/// Cuts the byte stream of the GDB remote serial protocol into packets. Accepts anything.
class RspParser {
public:
    /// The events that end with these bytes, in order.
    [[nodiscard]] std::vector<RspEvent> feed(std::string_view bytes);

private:
    enum class State : std::uint8_t { outside, payload, escaped, checksum_high, checksum_low };

    [[nodiscard]] std::optional<RspEvent> take(char byte);
    void append(char byte);

    State state_ = State::outside;
    std::string payload_;
    bool too_long_ = false;
    std::uint8_t sum_ = 0;
    std::string checksum_;
};

/// A packet with its checksum, escaped where the protocol wants it.
[[nodiscard]] std::string encode_packet(std::string_view payload);

[[nodiscard]] std::string to_hex(std::span<const std::uint8_t> bytes);
[[nodiscard]] std::string to_hex(std::string_view text);
/// A 32-bit register, as its bytes in memory.
[[nodiscard]] std::string to_hex(std::uint32_t value);
/// Nothing unless all are pairs of hexadecimal digits.
[[nodiscard]] std::optional<std::vector<std::uint8_t>> from_hex(std::string_view digits);

/// Takes a hexadecimal number (up to 32 bits) off the front; nothing where there is none.
[[nodiscard]] std::optional<std::uint32_t> take_number(std::string_view& text);
/// Takes `expected` off the front.
[[nodiscard]] bool take(std::string_view& text, std::string_view expected);

}  // namespace cimera::debug
