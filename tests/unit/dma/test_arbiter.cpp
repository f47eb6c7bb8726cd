// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include <array>

#include <catch2/catch.hpp>

#include "models/dma/arbiter.hpp"

namespace cimera {

using Wishes = std::array<std::optional<std::uint32_t>, 4>;

TEST_CASE("dma arbiter: equal channels go in turn", "[dma]") {
    dma::Arbiter arbiter;
    const Wishes all = {1, 1, 1, 1};
    for (const unsigned expected : {0U, 1U, 2U, 3U, 0U}) {
        CHECK(arbiter.pick(all) == expected);
    }
    const Wishes some = {1, std::nullopt, std::nullopt, 1};
    CHECK(arbiter.pick(some) == 3U);
    CHECK(arbiter.pick(some) == 0U);
    arbiter.reset();
    CHECK(arbiter.pick(all) == 0U);
}

TEST_CASE("dma arbiter: the highest priority goes first", "[dma]") {
    dma::Arbiter arbiter;
    const Wishes wishes = {0, 2, 1, 2};
    for (const unsigned expected : {1U, 3U, 1U, 3U}) {
        CHECK(arbiter.pick(wishes) == expected);
    }
    CHECK(arbiter.pick(Wishes{0, std::nullopt, 1, std::nullopt}) == 2U);
    CHECK_FALSE(arbiter.pick(Wishes{}).has_value());
}

}  // namespace cimera
