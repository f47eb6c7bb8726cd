// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include <array>
#include <set>
#include <string>

#include <catch2/catch.hpp>

#include "models/common/random.hpp"

namespace cimera {
namespace {

using Words = std::array<std::uint32_t, 4>;
using Key = std::array<std::uint32_t, 2>;

/// Philox4x32 of ten rounds, written from the paper (Salmon et al., SC'11, section 3.3).
Words philox(Words counter, Key key) {
    for (int round = 0; round < 10; ++round) {
        const std::uint64_t first = std::uint64_t{0xD2511F53U} * counter[0];
        const std::uint64_t second = std::uint64_t{0xCD9E8D57U} * counter[2];
        counter = {static_cast<std::uint32_t>(second >> 32) ^ counter[1] ^ key[0],
                   static_cast<std::uint32_t>(second),
                   static_cast<std::uint32_t>(first >> 32) ^ counter[3] ^ key[1],
                   static_cast<std::uint32_t>(first)};
        key[0] += 0x9E3779B9U;
        key[1] += 0xBB67AE85U;
    }
    return counter;
}

Key key_of(std::uint64_t seed, const std::string& name) {
    std::uint64_t hash = 14695981039346656037U;  // FNV-1a, 64 bits
    std::string bytes;
    for (int i = 0; i < 8; ++i) {
        bytes.push_back(static_cast<char>(seed >> (8 * i)));
    }
    for (const char c : bytes + name) {
        hash = (hash ^ static_cast<std::uint8_t>(c)) * 1099511628211U;
    }
    return {static_cast<std::uint32_t>(hash), static_cast<std::uint32_t>(hash >> 32)};
}

}  // namespace

TEST_CASE("random: the test's own Philox gives the published answers", "[random]") {
    // Random123, tests/kat_vectors, philox4x32 with 10 rounds.
    CHECK(philox({0, 0, 0, 0}, {0, 0}) == Words{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8});
    CHECK(philox({~0U, ~0U, ~0U, ~0U}, {~0U, ~0U}) ==
          Words{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd});
    CHECK(philox({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}) ==
          Words{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1});
}

TEST_CASE("random: key and counter are as documented", "[random]") {
    const std::uint64_t seed = GENERATE(0U, 1U, 0xfedcba9876543210U);
    const std::string name = GENERATE("", "camera", "cim1023");
    const Random random(seed, name);
    for (const std::uint32_t stream : {0U, 1U, 3U, ~0U}) {
        for (const std::uint32_t index : {0U, 1U, 65536U, ~0U}) {
            for (const std::uint64_t event :
                 {std::uint64_t{0}, std::uint64_t{0x123456789abcdef0U}}) {
                const Words counter = {index, stream, static_cast<std::uint32_t>(event),
                                       static_cast<std::uint32_t>(event >> 32)};
                CHECK(random.bits(stream, index, event) == philox(counter, key_of(seed, name))[0]);
            }
        }
    }
}

TEST_CASE("random: a bounded number stays below its bound and reaches all values", "[random]") {
    const Random random(1, "dice");
    const std::uint32_t bound = GENERATE(1U, 2U, 6U, 37U);
    std::set<std::uint32_t> seen;
    for (std::uint32_t i = 0; i < 40 * bound; ++i) {
        const std::uint32_t value = random.below(bound, 0, i, 0);
        REQUIRE(value < bound);
        CHECK(value == (std::uint64_t{random.bits(0, i, 0)} * bound) >> 32);
        seen.insert(value);
    }
    CHECK(seen.size() == bound);
}

}  // namespace cimera
