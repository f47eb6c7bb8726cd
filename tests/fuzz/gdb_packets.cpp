// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "platform/debug/rsp_packet.hpp"
#include "tests/fuzz/fuzz.hpp"

using namespace cimera;
using debug::RspEvent;
using fuzz::require;

namespace {

std::string summary(const std::vector<RspEvent>& events) {
    std::string text;
    for (const RspEvent& event : events) {
        text += static_cast<char>('0' + static_cast<int>(event.kind));
        text += std::to_string(event.payload.size()) + event.payload;
    }
    return text;
}

}  // namespace

/// Any bytes from a debugger: the same events however the bytes are cut into pieces; what was
/// understood is understood again after encoding. Numbers and hexadecimal text: read, or refused.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes = fuzz::text_of(data, size);
    const std::vector<RspEvent> events = debug::RspParser().feed(bytes);
    debug::RspParser slowly;
    std::vector<RspEvent> single;
    for (std::size_t i = 0; i < size; ++i) {
        for (RspEvent& event : slowly.feed(bytes.substr(i, 1))) {
            single.push_back(std::move(event));
        }
    }
    require(summary(events) == summary(single));
    for (const RspEvent& event : events) {
        require(event.payload.size() <= debug::packet_bytes);
        if (event.kind == RspEvent::Kind::packet) {
            const auto again = debug::RspParser().feed(debug::encode_packet(event.payload));
            require(again.size() == 1 && again[0].kind == RspEvent::Kind::packet &&
                    again[0].payload == event.payload);
        }
    }
    if (const auto raw = debug::from_hex(bytes)) {
        require(2 * raw->size() == size && debug::from_hex(debug::to_hex(*raw)) == raw);
    }
    std::string_view rest = bytes;
    const auto number = debug::take_number(rest);
    require(rest.size() + (number ? 1 : 0) <= size);
    return 0;
}
