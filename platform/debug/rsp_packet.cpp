// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "platform/debug/rsp_packet.hpp"

#include <charconv>

#include <fmt/format.h>

namespace cimera::debug {

namespace {

constexpr char escape = '}';
constexpr char escape_bit = 0x20;
constexpr char ctrl_c = 3;

std::optional<std::uint8_t> parse_byte(std::string_view digits) {
    std::uint8_t value = 0;
    const auto [end, error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
    const bool whole = error == std::errc() && end == digits.data() + digits.size();
    return whole ? std::optional(value) : std::nullopt;
}

}  // namespace

std::vector<RspEvent> RspParser::feed(std::string_view bytes) {
    std::vector<RspEvent> events;
    for (const char byte : bytes) {
        if (auto event = take(byte)) {
            events.push_back(std::move(*event));
        }
    }
    return events;
}

void RspParser::append(char byte) {
    if (payload_.size() < packet_bytes) {
        payload_ += byte;
    } else {
        too_long_ = true;
    }
}

std::optional<RspEvent> RspParser::take(char byte) {
    using Kind = RspEvent::Kind;
    if (byte == '$' && (state_ == State::outside || state_ == State::payload)) {
        // Inside a packet it is never unescaped: the end of the one before was lost.
        state_ = State::payload;
        payload_.clear();
        checksum_.clear();
        too_long_ = false;
        sum_ = 0;
        return std::nullopt;
    }
    switch (state_) {
        case State::outside:
            if (byte == '+') {
                return RspEvent{Kind::ack, {}};
            }
            if (byte == '-') {
                return RspEvent{Kind::nack, {}};
            }
            if (byte == ctrl_c) {
                return RspEvent{Kind::interrupt, {}};
            }
            return std::nullopt;
        case State::payload:
            if (byte == '#') {
                state_ = State::checksum_high;
                return std::nullopt;
            }
            sum_ = static_cast<std::uint8_t>(sum_ + static_cast<std::uint8_t>(byte));
            if (byte == escape) {
                state_ = State::escaped;
            } else {
                append(byte);
            }
            return std::nullopt;
        case State::escaped:
            sum_ = static_cast<std::uint8_t>(sum_ + static_cast<std::uint8_t>(byte));
            append(static_cast<char>(byte ^ escape_bit));
            state_ = State::payload;
            return std::nullopt;
        case State::checksum_high:
            checksum_ += byte;
            state_ = State::checksum_low;
            return std::nullopt;
        case State::checksum_low:
            checksum_ += byte;
            state_ = State::outside;
            if (too_long_ || parse_byte(checksum_) != sum_) {
                return RspEvent{Kind::corrupt, {}};
            }
            return RspEvent{Kind::packet, std::move(payload_)};
    }
    return std::nullopt;
}

std::string encode_packet(std::string_view payload) {
    std::string packet = "$";
    std::uint8_t sum = 0;
    const auto put = [&](char byte) {
        packet += byte;
        sum = static_cast<std::uint8_t>(sum + static_cast<std::uint8_t>(byte));
    };
    for (const char byte : payload) {
        if (byte == '$' || byte == '#' || byte == escape || byte == '*') {
            put(escape);
            put(static_cast<char>(byte ^ escape_bit));
        } else {
            put(byte);
        }
    }
    return packet + fmt::format("#{:02x}", sum);
}

std::string to_hex(std::span<const std::uint8_t> bytes) {
    std::string digits;
    digits.reserve(2 * bytes.size());
    for (const std::uint8_t byte : bytes) {
        digits += fmt::format("{:02x}", byte);
    }
    return digits;
}

std::string to_hex(std::string_view text) {
    return to_hex(std::span(reinterpret_cast<const std::uint8_t*>(text.data()), text.size()));
}

std::string to_hex(std::uint32_t value) {
    return fmt::format("{:02x}{:02x}{:02x}{:02x}", value & 0xff, value >> 8 & 0xff,
                       value >> 16 & 0xff, value >> 24);
}

std::optional<std::vector<std::uint8_t>> from_hex(std::string_view digits) {
    if (digits.size() % 2 != 0) {
        return std::nullopt;
    }
    std::vector<std::uint8_t> bytes;
    bytes.reserve(digits.size() / 2);
    for (std::size_t i = 0; i < digits.size(); i += 2) {
        const auto byte = parse_byte(digits.substr(i, 2));
        if (!byte) {
            return std::nullopt;
        }
        bytes.push_back(*byte);
    }
    return bytes;
}

std::optional<std::uint32_t> take_number(std::string_view& text) {
    std::uint32_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, 16);
    if (error != std::errc()) {
        return std::nullopt;
    }
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    return value;
}

bool take(std::string_view& text, std::string_view expected) {
    if (!text.starts_with(expected)) {
        return false;
    }
    text.remove_prefix(expected.size());
    return true;
}

}  // namespace cimera::debug
