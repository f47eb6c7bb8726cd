// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include <catch2/catch.hpp>

#include "models/cim/c3cim_array.hpp"
#include "models/cim/crossbar_array.hpp"

// The analog arrays behind the tile's interface: exact without imperfections, costs, errors, state.

namespace cimera::cim {
namespace {

const Random numbers(9, "arrays");

C3cimArrayConfig series_config() {
    return {};
}

CrossbarArrayConfig crossbar_config() {
    CrossbarArrayConfig config;
    config.core.levels = 256;
    config.core.adc_bits = 0;
    return config;
}

/// An array with weights and what they are.
struct Bench {
    Bench(std::unique_ptr<Array> a, bool weights_signed)
        : array(std::move(a)), is_signed(weights_signed) {
        const Geometry& g = array->geometry();
        codes.resize(std::size_t{g.macros} * g.rows * g.columns());
        for (std::uint32_t i = 0; i < codes.size(); ++i) {
            codes[i] = numbers.below(1U << g.weight_bits, 0, i, 0);
        }
        for (unsigned m = 0; m < g.macros; ++m) {
            const std::size_t n = std::size_t{g.rows} * g.columns();
            Cost cost;
            REQUIRE(array->program({m, 0, g.rows, 0, g.columns()},
                                   std::span(codes).subspan(m * n, n), true,
                                   cost) == CellStatus::ok);
        }
    }
    [[nodiscard]] std::int64_t weight(unsigned m, unsigned r, unsigned c) const {
        const Geometry& g = array->geometry();
        return weight_value(codes[(std::size_t{m} * g.rows + r) * g.columns() + c], g.weight_bits,
                            is_signed);
    }
    void check_products(const Window& w, unsigned input_bits, bool input_signed) {
        for (const bool transposed : {false, true}) {
            std::vector<std::int32_t> x(transposed ? w.column_count : w.row_count);
            for (std::uint32_t i = 0; i < x.size(); ++i) {
                x[i] = weight_value(numbers.below(1U << input_bits, 1, i, input_bits), input_bits,
                                    input_signed);
            }
            std::vector<std::int64_t> sums(transposed ? w.row_count : w.column_count, -7);
            std::vector<std::int64_t> expected = sums;
            for (unsigned r = 0; r < w.row_count; ++r) {
                for (unsigned c = 0; c < w.column_count; ++c) {
                    expected[transposed ? r : c] +=
                        x[transposed ? c : r] *
                        weight(w.macro, w.first_row + r, w.first_column + c);
                }
            }
            Cost cost;
            const Formats formats{input_bits, input_signed, is_signed};
            if (transposed) {
                array->multiply_transposed(w, formats, x, sums, cost);
            } else {
                array->multiply(w, formats, x, sums, cost);
            }
            CHECK(sums == expected);
            CHECK(cost.time > 0);
        }
    }
    std::unique_ptr<Array> array;
    std::vector<std::uint32_t> codes;
    bool is_signed;
};

Bench series_bench(const Geometry& g, const C3cimArrayConfig& config, bool is_signed) {
    return {std::make_unique<C3cimArray>(g, config, 1, "cim0"), is_signed};
}

Bench crossbar_bench(const Geometry& g, const CrossbarArrayConfig& config) {
    return {std::make_unique<CrossbarArray>(g, config, 1, "cim0"), config.core.weights_signed};
}

TEST_CASE("c3cim array: products are exact without imperfections", "[c3cim]") {
    C3cimArrayConfig config = series_config();
    config.sense = GENERATE(Sense::adc, Sense::comparator);
    config.transposed = GENERATE(Transposed::one_hot, Transposed::second_array);
    const bool is_signed = GENERATE(false, true);
    const Geometry g = GENERATE(Geometry{2, 64, 64, 4}, Geometry{1, 150, 40, 1},
                                Geometry{1, 33, 48, 8}, Geometry{1, 70, 32, 16});
    Bench bench = series_bench(g, config, is_signed);
    bench.check_products({g.macros - 1, 0, g.rows, 0, g.columns()}, 8, true);
    bench.check_products({0, 5, 20, 1, 1}, 3, false);
    bench.check_products({0, g.rows - 1, 1, 0, g.columns()}, 1, false);
}

TEST_CASE("crossbar array: products are exact without imperfections", "[crossbar]") {
    CrossbarArrayConfig config = crossbar_config();
    config.core.polarity = GENERATE(Polarity::bipolar, Polarity::unipolar);
    const Geometry g =
        GENERATE(Geometry{2, 64, 64, 4}, Geometry{1, 150, 40, 1}, Geometry{1, 33, 48, 8});
    Bench bench = crossbar_bench(g, config);
    bench.check_products({g.macros - 1, 0, g.rows, 0, g.columns()}, 8, true);
    bench.check_products({0, 5, 20, 1, 1}, 3, false);
}

TEST_CASE("analog arrays: what was programmed is read back, by jobs and by the bus", "[cim]") {
    const Geometry g{2, 40, 32, 4};
    const bool series = GENERATE(false, true);
    Bench bench =
        series ? series_bench(g, series_config(), false) : crossbar_bench(g, crossbar_config());
    std::vector<std::uint32_t> codes(5 * 6);
    Cost cost;
    bench.array->read_back({1, 3, 5, 2, 6}, codes, cost);
    for (unsigned r = 0; r < 5; ++r) {
        for (unsigned c = 0; c < 6; ++c) {
            CHECK(codes[r * 6 + c] == bench.codes[(40 + 3 + r) * 8 + 2 + c]);
        }
    }
    const std::uint64_t at = (40 + 7) * 4 + 1;  // weights 2 and 3 of row 7 of macro 1
    CHECK(bench.array->peek(at) ==
          (bench.codes[(40 + 7) * 8 + 3] << 4 | bench.codes[(40 + 7) * 8 + 2]));
    bench.array->poke(at, 0x3A);
    CHECK(bench.array->peek(at) == 0x3A);
    bench.array->read_back({1, 7, 1, 2, 2}, std::span(codes).first(2), cost);
    CHECK(codes[0] == 0xA);
    CHECK(codes[1] == 0x3);
    bench.array->power_off();
    CHECK(bench.array->peek(at) == 0x3A);  // cells hold without supply
}

TEST_CASE("analog arrays: updates add rounded outer products", "[cim]") {
    const Geometry g{1, 16, 32, 4};
    const bool series = GENERATE(false, true);
    Bench bench =
        series ? series_bench(g, series_config(), true) : crossbar_bench(g, crossbar_config());
    const std::vector<std::int32_t> x = {3, 0, -2, 5};
    const std::vector<std::int32_t> delta = {4, -6, 9};
    std::vector<std::uint32_t> flat(16 * 8, 0);
    Cost cost;
    const Window all{0, 0, 16, 0, 8};
    REQUIRE(bench.array->program(all, flat, true, cost) == CellStatus::ok);
    cost = {};
    REQUIRE(bench.array->update({0, 2, 4, 1, 3}, {8, true, true}, x, delta, 3, cost) ==
            CellStatus::ok);
    bench.array->read_back(all, flat, cost);
    std::uint64_t saturated = 0;
    for (unsigned r = 0; r < 4; ++r) {
        for (unsigned c = 0; c < 3; ++c) {
            const std::int32_t step = (x[r] * delta[c] + 4) >> 3;
            const std::int32_t expected = std::min(std::max(step, -8), 7);
            saturated += step != expected ? 1 : 0;
            CHECK(weight_value(flat[(2 + r) * 8 + 1 + c], 4, true) == expected);
        }
    }
    CHECK(flat[0] == 0);
    if (series) {
        CHECK(cost.saturations == saturated);
    }
}

TEST_CASE("c3cim array: a read costs the same whatever it selects", "[c3cim]") {
    const Geometry g{1, 64, 64, 1};
    Bench bench = series_bench(g, series_config(), false);
    std::vector<std::int64_t> sums(64, 0);
    std::vector<std::uint64_t> first;
    for (const std::int32_t ones : {0, 1, 17, 64}) {
        std::vector<std::int32_t> x(64, 0);
        std::fill(x.begin(), x.begin() + ones, 1);
        Cost cost;
        bench.array->multiply({0, 0, 64, 0, 64}, {1, false, false}, x, sums, cost);
        CHECK(cost.counts[C3cimArray::column_read] == 64);
        CHECK(cost.counts[C3cimArray::sense] == 64);
        first = first.empty() ? cost.counts : first;
        CHECK(cost.counts == first);
        // 2.73 us of settling; eight columns share a converter of 7 (0.00653 · 64 + 0.64) ns.
        CHECK(cost.time == 2'726'900 + 8 * 7406);
    }
    const std::vector<EventKind>& events = bench.array->events();
    CHECK(events[C3cimArray::column_read].price[0].factor == Approx(1).margin(1e-3));
}

TEST_CASE("analog arrays: transposed products are costed", "[cim]") {
    const Geometry g{1, 64, 64, 4};
    C3cimArrayConfig config = series_config();
    std::vector<std::int32_t> x(16, 3);
    std::vector<std::int64_t> sums(64, 0);
    Cost one_hot;
    Bench bench = series_bench(g, config, true);
    bench.array->multiply_transposed({0, 0, 64, 0, 16}, {2, false, true}, x, sums, one_hot);
    CHECK(one_hot.counts[C3cimArray::column_read] == 64 * 64);  // a read of all columns per row
    config.transposed = Transposed::second_array;
    Bench second = series_bench(g, config, true);
    Cost direct;
    second.array->multiply_transposed({0, 0, 64, 0, 16}, {2, false, true}, x, sums, direct);
    CHECK(direct.counts[C3cimArray::column_read] == 2 * 64 * 4);  // per input bit
    CHECK(direct.time < one_hot.time / 10);
    CHECK(second.array->leakage()[0].units == 2 * bench.array->leakage()[0].units);
    // Its price: every write happens twice.
    std::vector<std::uint32_t> codes(64 * 16, 5);
    Cost once;
    Cost twice;
    (void)bench.array->program({0, 0, 64, 0, 16}, codes, false, once);
    (void)second.array->program({0, 0, 64, 0, 16}, codes, false, twice);
    CHECK(once.counts[C3cimArray::set] > 0);
    CHECK(twice.counts[C3cimArray::set] == 2 * once.counts[C3cimArray::set]);
    CHECK(twice.counts[C3cimArray::reset] == 2 * once.counts[C3cimArray::reset]);
}

TEST_CASE("crossbar array: sharing converters saves area and takes time", "[crossbar]") {
    const Geometry g{1, 64, 64, 4};
    CrossbarArrayConfig config = crossbar_config();
    config.core.adc_bits = 8;
    std::vector<std::int32_t> x(64, 1);
    std::vector<std::int64_t> sums(16, 0);
    std::vector<double> areas;
    std::vector<Picoseconds> times;
    for (const unsigned shared : {1U, 4U, 16U}) {
        config.columns_per_adc = shared;
        Bench bench = crossbar_bench(g, config);
        Cost cost;
        bench.array->multiply({0, 0, 64, 0, 16}, {8, false, true}, x, sums, cost);
        areas.push_back(bench.array->leakage()[2].units);
        times.push_back(cost.time);
    }
    CHECK(areas[0] == Approx(16 * 2085).epsilon(0.01));  // 8 bits: 2085 um2
    CHECK(areas[1] == areas[0] / 4);
    CHECK(areas[2] == areas[0] / 16);
    CHECK(times[0] == 10'000 + 8464);
    CHECK(times[2] == 10'000 + 16 * 8464);
}

TEST_CASE("analog arrays: cells that fail and cells that are worn out are told", "[cim]") {
    const Geometry g{1, 64, 64, 4};
    const Window all{0, 0, 64, 0, 16};
    std::vector<std::uint32_t> codes(64 * 16, 5);
    Cost cost;
    C3cimArrayConfig series = series_config();
    series.core.cell.stuck_low = 0.02;
    C3cimArray stuck(g, series, 1, "a");
    CHECK(stuck.program(all, codes, true, cost) == CellStatus::mismatch);
    CHECK(stuck.program(all, codes, false, cost) == CellStatus::ok);  // nobody looked
    series.core.cell.stuck_low = 0;
    series.core.cell.endurance = 2;
    C3cimArray worn(g, series, 1, "a");
    for (int i = 0; i < 2; ++i) {
        std::fill(codes.begin(), codes.end(), i == 0 ? 15 : 0);
        CHECK(worn.program(all, codes, false, cost) == CellStatus::ok);
    }
    CHECK(worn.program(all, codes, false, cost) == CellStatus::ok);  // nothing to write
    std::fill(codes.begin(), codes.end(), 1);
    CHECK(worn.program(all, codes, false, cost) == CellStatus::worn_out);

    CrossbarArrayConfig crossbar = crossbar_config();
    crossbar.core.cell.stuck_high = 0.02;
    crossbar.core.write = {0.01, 3};
    CrossbarArray other(g, crossbar, 1, "a");
    CHECK(other.program(all, codes, true, cost) == CellStatus::mismatch);
    crossbar.core.cell.stuck_high = 0;
    crossbar.core.cell.endurance = 1;
    CrossbarArray used(g, crossbar, 1, "a");
    CHECK(used.program(all, codes, true, cost) == CellStatus::ok);
    CHECK(used.program(all, codes, true, cost) == CellStatus::worn_out);
    CHECK(used.update({0, 0, 1, 0, 1}, {8, true, true}, std::vector<std::int32_t>{1},
                      std::vector<std::int32_t>{1}, 0, cost) == CellStatus::worn_out);
}

TEST_CASE("analog arrays: formats that the cells do not hold are not supported", "[cim]") {
    const Geometry g{1, 8, 8, 1};
    CrossbarArrayConfig config = crossbar_config();
    CHECK(CrossbarArray(g, config, 1, "a").supports({8, true, true}));
    CHECK_FALSE(CrossbarArray(g, config, 1, "a").supports({8, true, false}));
    config.core.polarity = Polarity::unipolar;
    config.core.weights_signed = false;
    CHECK(CrossbarArray(g, config, 1, "a").supports({8, true, false}));
    CHECK(C3cimArray(g, series_config(), 1, "a").supports({8, true, false}));
}

TEST_CASE("analog arrays: state survives as bytes", "[state]") {
    const Geometry g{2, 16, 32, 4};
    const bool series = GENERATE(false, true);
    C3cimArrayConfig noisy_series = series_config();
    noisy_series.core.cell = series_cell(SeriesCellKind::rram);
    noisy_series.core.cell.stuck_low = noisy_series.core.cell.stuck_high = 0;
    noisy_series.transposed = Transposed::second_array;
    CrossbarArrayConfig noisy_crossbar = crossbar_config();
    noisy_crossbar.core.cell.programming = ProgrammingNoise::pcm;
    noisy_crossbar.core.cell.read_noise = 0.02;
    const auto make = [&]() -> std::unique_ptr<Array> {
        if (series) {
            return std::make_unique<C3cimArray>(g, noisy_series, 1, "cim0");
        }
        return std::make_unique<CrossbarArray>(g, noisy_crossbar, 1, "cim0");
    };
    const std::unique_ptr<Array> array = make();
    const std::unique_ptr<Array> other = make();
    std::vector<std::uint32_t> codes(16 * 8, 3);
    Cost cost;
    (void)array->program({1, 0, 16, 0, 8}, codes, false, cost);
    const std::vector<std::uint8_t> state = array->save_state();
    REQUIRE(other->load_state(state));
    CHECK(other->save_state() == state);
    std::vector<std::int32_t> x(16, 9);
    std::vector<std::int64_t> a(8, 0);
    std::vector<std::int64_t> b(8, 0);
    array->multiply({1, 0, 16, 0, 8}, {4, false, true}, x, a, cost);
    other->multiply({1, 0, 16, 0, 8}, {4, false, true}, x, b, cost);
    CHECK(a == b);
    for (std::size_t n = 0; n < state.size(); n += 97) {
        CHECK_FALSE(other->load_state(std::span(state).first(n)));
    }
    std::vector<std::uint8_t> wrong = state;
    wrong[3] = 0xff;  // a length beyond the end
    CHECK_FALSE(other->load_state(wrong));
    wrong = state;
    wrong.back() ^= 1;  // the last part only: none may be taken
    const std::vector<std::uint8_t> before = other->save_state();
    CHECK_FALSE(other->load_state(wrong));
    CHECK(other->save_state() == before);
}

}  // namespace
}  // namespace cimera::cim
