// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include <set>
#include <tuple>

#include <catch2/catch.hpp>

#include "model_image.hpp"

extern "C" {
#include "nn/plan.h"
}

namespace {

cim_capability_t tile(std::uint32_t macros, std::uint32_t rows, std::uint32_t bit_columns,
                      std::uint32_t weight_bits, std::uint32_t l1_in, std::uint32_t l1_out) {
    return {macros, 8, rows, bit_columns / weight_bits, weight_bits, 8, l1_in, l1_out};
}

struct Space {
    explicit Space(const std::vector<cim_capability_t>& tiles) : capability(tiles) {
        REQUIRE(nn_space_init(&space, tiles.data(), static_cast<std::uint32_t>(tiles.size())) ==
                CIMERA_OK);
    }
    ~Space() { nn_space_free(&space); }
    Space(const Space&) = delete;
    Space& operator=(const Space&) = delete;

    std::vector<cim_capability_t> capability;
    nn_space_t space{};
    std::set<std::tuple<std::uint32_t, std::uint32_t, std::uint32_t>> columns;  // taken so far

    /// What must hold for the blocks of a layer, whatever the shape.
    void check(const nn_shape_t& shape, const nn_plan_t& plan) {
        std::vector<int> covered(std::size_t{shape.inputs} * shape.outputs, 0);
        for (std::uint32_t i = 0; i < plan.count; ++i) {
            const nn_block_t& b = plan.blocks[i];
            REQUIRE(b.tile < capability.size());
            const cim_capability_t& has = capability[b.tile];
            REQUIRE(has.weight_bits == shape.weight_bits);
            REQUIRE(b.macro < has.macros);
            REQUIRE(b.rows <= has.rows);
            REQUIRE(b.rows <= has.l1_in_size);
            REQUIRE(4 * b.columns <= has.l1_out_size);
            REQUIRE(b.macro_column + b.columns <= has.columns);
            REQUIRE(b.column * shape.weight_bits % 8 == 0);
            for (std::uint32_t c = 0; c < b.columns; ++c) {
                REQUIRE(columns.emplace(b.tile, b.macro, b.macro_column + c).second);
                for (std::uint32_t r = 0; r < b.rows; ++r) {
                    ++covered.at(std::size_t{b.row + r} * shape.outputs + b.column + c);
                }
            }
            check_order(plan, i);
        }
        REQUIRE(std::set<int>(covered.begin(), covered.end()) == std::set<int>{1});
    }

    /// Blocks of a tile are neighbours; within it a column segment runs from row 0 down.
    static void check_order(const nn_plan_t& plan, std::uint32_t i) {
        const nn_block_t& b = plan.blocks[i];
        if (b.row == 0) {
            return;
        }
        REQUIRE(i > 0);
        const nn_block_t& before = plan.blocks[i - 1];
        REQUIRE(before.tile == b.tile);
        REQUIRE(before.column == b.column);
        REQUIRE(before.columns == b.columns);
        REQUIRE(before.row + before.rows == b.row);
    }
};

}  // namespace

TEST_CASE("planner: random layers on random tiles cover every weight once", "[firmware]") {
    const auto seed = GENERATE(range(0, 300));
    Lcg random(static_cast<std::uint64_t>(seed));
    const std::uint32_t weight_bits = 1U << random.next() % 5;
    std::vector<cim_capability_t> tiles;
    for (std::uint32_t n = 1 + random.next() % 5; n > 0; --n) {
        tiles.push_back(tile(1 + random.next() % 6, 1 + random.next() % 80,
                             weight_bits * (8 + random.next() % 64), weight_bits,
                             4 + random.next() % 200, 32 + random.next() % 400));
    }
    Space space(tiles);
    unsigned fitted = 0;
    for (int layer = 0; layer < 4; ++layer) {
        const nn_shape_t shape = {1 + random.next() % 200, 1 + random.next() % 150, 5, weight_bits};
        nn_plan_t plan{};
        const cimera_status_t status = nn_plan_layer(&space.space, &shape, &plan);
        if (status == CIMERA_OK) {
            space.check(shape, plan);
            ++fitted;
        } else {
            CHECK(status == CIMERA_NO_CAPACITY);
            CHECK(plan.blocks == nullptr);
        }
        nn_plan_free(&plan);
    }
    if (seed == 0) {
        CHECK(fitted > 0);
    }
}

TEST_CASE("planner: a layer as large as all macros fits, one column more does not", "[firmware]") {
    const std::vector<cim_capability_t> tiles(2, tile(4, 64, 512, 4, 1024, 1024));
    {
        Space space(tiles);
        const nn_shape_t shape = {128, 4 * 128, 8, 4};  // two row segments: four wide segments
        nn_plan_t plan{};
        REQUIRE(nn_plan_layer(&space.space, &shape, &plan) == CIMERA_OK);
        space.check(shape, plan);
        CHECK(plan.count == 8);
        nn_plan_free(&plan);
    }
    Space space(tiles);
    const nn_shape_t shape = {128, 4 * 128 + 1, 8, 4};
    nn_plan_t plan{};
    CHECK(nn_plan_layer(&space.space, &shape, &plan) == CIMERA_NO_CAPACITY);
}

TEST_CASE("planner: column segments spread over the tiles", "[firmware]") {
    const std::vector<cim_capability_t> tiles(4, tile(4, 64, 512, 4, 1024, 1024));
    Space space(tiles);
    const nn_shape_t shape = {64, 4 * 128, 8, 4};
    nn_plan_t plan{};
    REQUIRE(nn_plan_layer(&space.space, &shape, &plan) == CIMERA_OK);
    REQUIRE(plan.count == 4);
    for (std::uint32_t i = 0; i < 4; ++i) {
        CHECK(plan.blocks[i].tile == i);
    }
    nn_plan_free(&plan);
}

TEST_CASE("planner: layers share a macro side by side", "[firmware]") {
    Space space({tile(1, 64, 512, 4, 1024, 1024)});
    for (const std::uint32_t outputs : {32U, 10U, 86U}) {
        const nn_shape_t shape = {64, outputs, 8, 4};
        nn_plan_t plan{};
        REQUIRE(nn_plan_layer(&space.space, &shape, &plan) == CIMERA_OK);
        space.check(shape, plan);
        nn_plan_free(&plan);
    }
    CHECK(space.columns.size() == 128);
}

TEST_CASE("planner: what no tile can compute is unsupported", "[firmware]") {
    Space space({tile(4, 64, 512, 4, 1024, 1024), tile(4, 64, 512, 8, 1024, 1024)});
    const nn_shape_t shape = {64, 10, 8, 2};
    nn_plan_t plan{};
    CHECK(nn_plan_layer(&space.space, &shape, &plan) == CIMERA_UNSUPPORTED);
    const nn_shape_t eight = {64, 10, 8, 8};
    REQUIRE(nn_plan_layer(&space.space, &eight, &plan) == CIMERA_OK);
    CHECK(plan.blocks[0].tile == 1);
    nn_plan_free(&plan);
}
