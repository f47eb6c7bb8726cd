// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include <cstring>

#include <catch2/catch.hpp>

#include "low_memory.h"
#include "model_image.hpp"
#include "tile_model.hpp"

extern "C" {
#include "nn/engine.h"
#include "nn/reference.h"
}

namespace {

using Image = std::vector<std::uint32_t>;

struct Run {
    nn_image_t image{};
    nn_engine_t engine{};
    std::vector<std::uint8_t> hidden = std::vector<std::uint8_t>(4096);
    std::vector<std::uint8_t> result = std::vector<std::uint8_t>(4 * 4096);

    cimera_status_t start(const Image& words, TileModel& model, std::uint32_t tiles) {
        const auto size = static_cast<std::uint32_t>(4 * words.size());
        void* nvm = low_malloc(size);
        std::memcpy(nvm, words.data(), size);
        REQUIRE(nn_image_open(&image, nvm, size) == CIMERA_OK);
        return nn_engine_init(&engine, model.tiles(), tiles, &image);
    }

    void random_input(Lcg& random) {
        const nn_layer_t layer = nn_image_layer(&image, 0);
        for (std::uint32_t i = 0; i < engine.input_size; ++i) {
            engine.input[i] = static_cast<std::uint8_t>(random.next() % (1U << layer.input_bits));
        }
    }

    /// The tiles' results are those of the reference kernel on the current weights.
    void check() {
        REQUIRE(nn_engine_run(&engine) == CIMERA_OK);
        const std::uint8_t* input = engine.input;
        for (std::uint32_t l = 0; l < engine.stage_count; ++l) {
            std::vector<std::uint8_t>& output = l + 1 < engine.stage_count ? hidden : result;
            nn_reference_fc(&engine.stages[l].layer, input, output.data());
            input = output.data();
        }
        const nn_layer_t& last = engine.stages[engine.stage_count - 1].layer;
        for (std::uint32_t i = 0; i < last.outputs; ++i) {
            REQUIRE(nn_engine_output(&engine, i) == nn_output(&last, result.data(), i));
        }
    }
};

LayerSpec hidden_layer(Lcg& random, std::uint32_t inputs, std::uint32_t outputs,
                       std::uint32_t weight_bits) {
    LayerSpec layer = random_layer(random, inputs, outputs, weight_bits);
    layer.activation = 1;
    layer.output_bits = 5;
    layer.scale = 3;
    layer.shift = 4 + weight_bits / 2;
    return layer;
}

LayerSpec last_layer(Lcg& random, std::uint32_t inputs, std::uint32_t outputs,
                     std::uint32_t weight_bits) {
    LayerSpec layer = random_layer(random, inputs, outputs, weight_bits);
    layer.flags = 2 | 4 | 8;
    layer.output_bits = 32;
    return layer;
}

}  // namespace

TEST_CASE("engine: equals the reference on any geometry", "[firmware]") {
    const auto seed = GENERATE(range(0, 60));
    Lcg random(static_cast<std::uint64_t>(1000 + seed));
    const std::uint32_t bits = 1U << random.next() % 5;
    const TileModel::Geometry geometry = {
        24 + random.next() % 8,  4 + random.next() % 64,  bits * (8 + random.next() % 32), bits,
        8 + random.next() % 128, 32 + random.next() % 200};
    const std::uint32_t rows = 1 + random.next() % 9;
    const std::uint32_t inputs = rows * 8;
    const std::uint32_t middle = 1 + random.next() % 40;
    const Image image = make_image({hidden_layer(random, inputs, middle, bits),
                                    last_layer(random, middle, 1 + random.next() % 30, bits)},
                                   rows, 8);
    const std::uint32_t tiles = 4 + random.next() % 4;
    TileModel model(Recorder::fresh(), tiles, geometry);
    Run run;
    REQUIRE(run.start(image, model, tiles) == CIMERA_OK);
    for (int i = 0; i < 3; ++i) {
        run.random_input(random);
        run.check();
    }
}

TEST_CASE("engine: a tile fetches an input once, however many segments use it", "[firmware]") {
    Lcg random(5);
    const Image image = make_image({last_layer(random, 64, 100, 4)}, 8, 8);
    TileModel model(Recorder::fresh(), 1, {4, 64, 128, 4, 1024, 1024});  // 32 columns
    Run run;
    REQUIRE(run.start(image, model, 1) == CIMERA_OK);
    run.random_input(random);
    run.check();
    CHECK(model.jobs[CIM_MVM] == 4);
    CHECK(model.fetched_bytes == 64);
}

TEST_CASE("engine: changed weights reach the cells, few at a time", "[firmware]") {
    const auto bits = GENERATE(1U, 2U, 4U, 8U, 16U);
    Lcg random(bits);
    const Image image = make_image({last_layer(random, 40, 25, bits)}, 5, 8);
    TileModel model(Recorder::fresh(), 3, {6, 16, 16 * bits, bits, 64, 64});
    Run run;
    REQUIRE(run.start(image, model, 3) == CIMERA_OK);
    nn_stage_t* stage = &run.engine.stages[0];
    const std::int64_t half = std::int64_t{1} << (bits - 1);
    for (int i = 0; i < 300; ++i) {
        const std::uint32_t row = random.next() % 40;
        const std::uint32_t column = random.next() % 25;
        const std::uint32_t columns = 1 + random.next() % (25 - column);
        for (std::uint32_t c = column; c < column + columns; ++c) {
            const std::int32_t value = random.between(-half, half - 1);
            nn_stage_set_weight(stage, row, c, value);
            REQUIRE(nn_stage_weight(stage, row, c) == value);
        }
        REQUIRE(nn_engine_update(&run.engine, stage, row, column, columns) == CIMERA_OK);
        if (i % 90 == 89) {
            REQUIRE(nn_engine_flush(&run.engine) == CIMERA_OK);
            run.random_input(random);
            run.check();
        }
    }
    REQUIRE(nn_engine_flush(&run.engine) == CIMERA_OK);
    run.random_input(random);
    run.check();
}

TEST_CASE("engine: a failing job ends the run with its code, and no tile is left", "[firmware]") {
    Lcg random(9);
    const Image image = make_image({last_layer(random, 64, 100, 4)}, 8, 8);
    TileModel model(Recorder::fresh(), 2, {4, 64, 128, 4, 1024, 1024});
    Run run;
    REQUIRE(run.start(image, model, 2) == CIMERA_OK);
    model.fail_after = 1;
    CHECK(nn_engine_run(&run.engine) == CIMERA_JOB_READ);
    CHECK(Recorder::current().interrupts.empty());
    model.fail_after = -1;
    run.random_input(random);
    run.check();
}

TEST_CASE("engine: a model that does not fit is refused before anything runs", "[firmware]") {
    Lcg random(9);
    const Image image = make_image({last_layer(random, 64, 100, 4)}, 8, 8);
    TileModel model(Recorder::fresh(), 1, {3, 64, 128, 4, 1024, 1024});
    Run run;
    CHECK(run.start(image, model, 1) == CIMERA_NO_CAPACITY);
    CHECK(model.jobs.empty());
}
