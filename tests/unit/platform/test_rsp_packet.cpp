// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include <catch2/catch.hpp>

#include "platform/debug/rsp_packet.hpp"

using namespace cimera::debug;
using Kind = RspEvent::Kind;

namespace {

std::vector<RspEvent> feed(std::string_view bytes) {
    return RspParser().feed(bytes);
}

}  // namespace

TEST_CASE("rsp_packet: packets, acknowledgements and Ctrl-C", "[rsp]") {
    const auto events = feed("+$g#67-\x03$m0,4#fd");
    REQUIRE(events.size() == 5);
    CHECK(events[0].kind == Kind::ack);
    CHECK(events[1].kind == Kind::packet);
    CHECK(events[1].payload == "g");
    CHECK(events[2].kind == Kind::nack);
    CHECK(events[3].kind == Kind::interrupt);
    CHECK(events[4].payload == "m0,4");
}

TEST_CASE("rsp_packet: a packet in pieces is one packet", "[rsp]") {
    RspParser parser;
    for (const char byte : std::string("$g#6")) {
        CHECK(parser.feed({&byte, 1}).empty());
    }
    const auto events = parser.feed("7");
    REQUIRE(events.size() == 1);
    CHECK(events[0].payload == "g");
}

TEST_CASE("rsp_packet: wrong checksums and lengths are corrupt", "[rsp]") {
    for (const char* bytes : {"$g#66", "$g#zz", "$g# 7", "$#01"}) {
        INFO(bytes);
        const auto events = feed(bytes);
        REQUIRE(events.size() == 1);
        CHECK(events[0].kind == Kind::corrupt);
    }
    const auto events = feed(encode_packet(std::string(packet_bytes + 1, 'a')) + "$g#67");
    REQUIRE(events.size() == 2);
    CHECK(events[0].kind == Kind::corrupt);
    CHECK(events[1].payload == "g");
    CHECK(feed(encode_packet(std::string(packet_bytes, 'a')))[0].kind == Kind::packet);
}

TEST_CASE("rsp_packet: a new packet begins where the last one lost its end", "[rsp]") {
    const auto events = feed("$m80$g#67");
    REQUIRE(events.size() == 1);
    CHECK(events[0].payload == "g");
}

TEST_CASE("rsp_packet: every byte survives encoding", "[rsp]") {
    std::string payload;
    for (int byte = 0; byte < 256; ++byte) {
        payload += static_cast<char>(byte);
    }
    const auto events = feed(encode_packet(payload));
    REQUIRE(events.size() == 1);
    CHECK(events[0].payload == payload);
    CHECK(encode_packet("OK") == "$OK#9a");
}

TEST_CASE("rsp_packet: hexadecimal numbers and bytes", "[rsp]") {
    CHECK(to_hex(std::uint32_t{0x12345678}) == "78563412");
    CHECK(to_hex(std::string_view("A\n")) == "410a");
    CHECK(from_hex("00ff") == std::vector<std::uint8_t>{0, 0xff});
    CHECK_FALSE(from_hex("0"));
    CHECK_FALSE(from_hex("0g"));
    std::string_view text = "80000000,4";
    CHECK(take_number(text) == 0x80000000U);
    CHECK(take(text, ","));
    CHECK(take_number(text) == 4U);
    CHECK(text.empty());
    std::string_view large = "100000000";
    CHECK_FALSE(take_number(large));
    std::string_view nothing = "-1";
    CHECK_FALSE(take_number(nothing));
}
