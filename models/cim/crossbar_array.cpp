// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "models/cim/crossbar_array.hpp"

#include <algorithm>
#include <cmath>

#include "models/cim/converters.hpp"
#include "models/cim/device_state.hpp"

namespace cimera::cim {

namespace {

// What technology files price: a cell of 25 µS at 0.2 V for 10 ns.
constexpr double priced_read = 25e-6 * 0.2 * 0.2 * 10e-9;

CrossbarWindow part(const Window& w) {
    return {w.first_row, w.row_count, w.first_column, w.column_count};
}

std::uint32_t code_of(std::int32_t weight, unsigned bits) {
    return static_cast<std::uint32_t>(weight) & ((1U << bits) - 1U);
}

}  // namespace

CrossbarConfig CrossbarArray::core_config(const Geometry& geometry,
                                          const CrossbarArrayConfig& config) {
    CrossbarConfig core = config.core;
    core.rows = geometry.rows;
    core.columns = geometry.columns();
    core.weight_bits = geometry.weight_bits;
    return core;
}

CrossbarArray::CrossbarArray(const Geometry& geometry, const CrossbarArrayConfig& config,
                             std::uint64_t seed, const std::string& name)
    : Array(geometry), config_(config) {
    config_.core = core_config(geometry, config);
    const CrossbarConfig& core = config_.core;
    for (unsigned m = 0; m < geometry.macros; ++m) {
        cores_.emplace_back(core, Random(seed, name + ".macro" + std::to_string(m)));
    }
    const double read = core.cell.g_max * 1e-6 * core.read_voltage * core.read_voltage *
                        config.read_time * 1e-12 / priced_read;
    const std::string family = config.cell == CrossbarCell::pcm ? "pcm" : "rram";
    std::vector<EventKind::Term> look = adc_price(core.adc_bits);
    look.push_back({"crossbar.cell_read", read});
    events_ = {{"cim.cell_read", {{"crossbar.cell_read", read * 1e-3}}},
               {"cim.dac", {{"crossbar.dac", core.dac_bits / 8.0}}},
               {"cim.adc", adc_price(core.adc_bits)},
               {"cim.pulse", {{family + ".pulse"}}},
               {"cim.verify", look},
               {"cim.shift_add", {{"logic.full_adder", 16}}}};
}

std::vector<LeakageTerm> CrossbarArray::leakage() const {
    std::vector<LeakageTerm> terms;
    for (const AreaTerm& part : area()) {
        terms.push_back({part.entry, part.units});
    }
    return terms;
}

std::vector<AreaTerm> CrossbarArray::area() const {
    const CrossbarConfig& core = config_.core;
    const double macros = geometry().macros;
    const double lines = core.columns * core.planes();
    return {
        {"crossbar.cell", macros * core.arrays() * core.rows * core.columns},
        {"crossbar.dac", macros * core.rows * core.dac_bits / 8.0},
        {"adc.um2", macros * std::ceil(lines / config_.columns_per_adc) * adc_area(core.adc_bits)}};
}

bool CrossbarArray::supports(const Formats& formats) const {
    return formats.weight_signed == config_.core.weights_signed;
}

Picoseconds CrossbarArray::conversion_time(std::uint64_t reads, unsigned lines,
                                           unsigned driven) const {
    const unsigned turns = std::min(config_.columns_per_adc, lines * config_.core.planes());
    return reads * (config_.read_time + turns * adc_time(config_.core.adc_bits, driven));
}

void CrossbarArray::book(const CrossbarCounts& counts, Cost& cost) const {
    prepare(cost);
    cost.counts[cell_read] += counts.cell_energy;
    cost.counts[dac] += counts.dac_conversions;
    cost.counts[adc] += counts.adc_conversions;
    cost.counts[pulse] += counts.pulses;
    cost.counts[verify] += counts.verify_reads;
    cost.counts[shift_add] += counts.adc_conversions;
    cost.saturations += counts.saturations;
}

CellStatus CrossbarArray::program(const Window& w, std::span<const std::uint32_t> codes,
                                  bool verify_written, Cost& cost) {
    CrossbarCore& core = cores_[w.macro];
    CrossbarCounts counts;
    const unsigned bits = geometry().weight_bits;
    std::size_t next = 0;
    for (unsigned r = 0; r < w.row_count; ++r) {
        counts.longest = 0;  // cells of a row are written together, each with its own pulses
        for (unsigned c = 0; c < w.column_count; ++c) {
            core.program(w.first_row + r, w.first_column + c,
                         weight_value(codes[next++], bits, config_.core.weights_signed), now_,
                         counts, verify_written);
        }
        cost.time += counts.longest * config_.pulse_time;
        if (verify_written) {
            cost.time += conversion_time(counts.longest, w.column_count, 1);
        }
    }
    book(counts, cost);
    cost.cycles += w.row_count;
    return counts.worn != 0                       ? CellStatus::worn_out
           : verify_written && counts.failed != 0 ? CellStatus::mismatch
                                                  : CellStatus::ok;
}

void CrossbarArray::read_back(const Window& w, std::span<std::uint32_t> codes, Cost& cost) {
    prepare(cost);
    CrossbarCore& core = cores_[w.macro];
    std::size_t next = 0;
    for (unsigned r = 0; r < w.row_count; ++r) {
        for (unsigned c = 0; c < w.column_count; ++c) {
            codes[next++] = code_of(core.read_back(w.first_row + r, w.first_column + c, now_),
                                    geometry().weight_bits);
        }
    }
    const std::uint64_t cells = std::uint64_t{w.row_count} * w.column_count;
    cost.counts[verify] += cells * config_.core.arrays();
    cost.counts[shift_add] += cells;
    cost.time += conversion_time(w.row_count, w.column_count, 1);
    cost.cycles += w.row_count;
}

void CrossbarArray::multiply(const Window& w, const Formats& formats,
                             std::span<const std::int32_t> inputs, std::span<std::int64_t> sums,
                             Cost& cost) {
    CrossbarCounts counts;
    cores_[w.macro].multiply(part(w), inputs, formats.input_bits, formats.input_signed, sums, now_,
                             counts);
    book(counts, cost);
    cost.time += conversion_time(counts.reads, w.column_count, w.row_count);
}

void CrossbarArray::multiply_transposed(const Window& w, const Formats& formats,
                                        std::span<const std::int32_t> inputs,
                                        std::span<std::int64_t> sums, Cost& cost) {
    CrossbarCounts counts;
    cores_[w.macro].multiply_transposed(part(w), inputs, formats.input_bits, formats.input_signed,
                                        sums, now_, counts);
    book(counts, cost);
    cost.time += conversion_time(counts.reads, w.row_count, w.column_count);
}

CellStatus CrossbarArray::update(const Window& w, const Formats& /*formats*/,
                                 std::span<const std::int32_t> x,
                                 std::span<const std::int32_t> delta, unsigned shift, Cost& cost) {
    CrossbarCounts counts;
    const std::int64_t half = shift == 0 ? 0 : std::int64_t{1} << (shift - 1);
    for (unsigned r = 0; r < w.row_count; ++r) {
        for (unsigned c = 0; c < w.column_count; ++c) {
            const std::int64_t steps = (std::int64_t{x[r]} * delta[c] + half) >> shift;
            // More pulses than levels end at the bound in any case.
            const std::int64_t most = 4 * std::int64_t{config_.core.levels};
            cores_[w.macro].pulse(w.first_row + r, w.first_column + c,
                                  static_cast<std::int32_t>(std::clamp(steps, -most, most)), now_,
                                  counts);
        }
    }
    book(counts, cost);
    cost.time += counts.longest * config_.pulse_time;
    cost.cycles += 2;  // both vectors into the pulse generators
    return counts.worn != 0 ? CellStatus::worn_out : CellStatus::ok;
}

std::uint8_t CrossbarArray::peek(std::uint64_t offset) const {
    const Geometry& g = geometry();
    const unsigned row_bytes = g.cols / 8;
    const std::uint64_t row = offset / row_bytes;
    const CrossbarCore& core = cores_[row / g.rows];
    std::uint8_t byte = 0;
    for (unsigned b = 0; b < 8; ++b) {
        const auto bit = static_cast<unsigned>(offset % row_bytes) * 8 + b;
        const std::uint32_t code = code_of(
            core.stored(static_cast<unsigned>(row % g.rows), bit / g.weight_bits), g.weight_bits);
        byte = static_cast<std::uint8_t>(byte | (code >> (bit % g.weight_bits) & 1U) << b);
    }
    return byte;
}

void CrossbarArray::poke(std::uint64_t offset, std::uint8_t byte) {
    const Geometry& g = geometry();
    const unsigned row_bytes = g.cols / 8;
    const auto row = static_cast<unsigned>(offset / row_bytes);
    CrossbarCore& core = cores_[row / g.rows];
    const auto first = static_cast<unsigned>(offset % row_bytes) * 8;
    CrossbarCounts ignored;  // charge_access counts
    for (unsigned b = 0; b < 8; b += g.weight_bits) {
        const std::uint32_t code = byte >> b & ((1U << g.weight_bits) - 1U);
        core.program(row % g.rows, (first + b) / g.weight_bits,
                     weight_value(code, g.weight_bits, config_.core.weights_signed), now_, ignored,
                     false);
    }
}

void CrossbarArray::charge_access(bool write, std::uint64_t bytes, Cost& cost) const {
    prepare(cost);
    const std::uint64_t devices = bytes * 8 / geometry().weight_bits * config_.core.arrays();
    cost.counts[write ? pulse : verify] += devices;
}

std::vector<std::uint8_t> CrossbarArray::save_state() const {
    std::vector<std::vector<std::uint8_t>> parts;
    for (const CrossbarCore& core : cores_) {
        parts.push_back(core.save(now_));
    }
    return join_states(parts);
}

bool CrossbarArray::load_state(std::span<const std::uint8_t> state) {
    const std::vector<std::span<const std::uint8_t>> parts = split_states(state);
    std::vector<CrossbarCore> cores = cores_;
    bool good = parts.size() == cores.size();
    for (std::size_t m = 0; good && m < cores.size(); ++m) {
        good = cores[m].load(parts[m], now_).empty();
    }
    if (good) {
        cores_ = std::move(cores);
    }
    return good;
}

}  // namespace cimera::cim
