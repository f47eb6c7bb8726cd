// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "models/cim/c3cim_array.hpp"

#include <algorithm>
#include <cmath>

#include "models/cim/converters.hpp"

namespace cimera::cim {

namespace {

constexpr double priced_read = 30e-15;  // J that technology files give for a column read

/// Weight of bit `b` of a number.
std::int64_t bit_value(unsigned b, unsigned bits, bool is_signed) {
    const std::int64_t value = std::int64_t{1} << b;
    return is_signed && b + 1 == bits ? -value : value;
}

}  // namespace

C3cimConfig C3cimArray::core_config(const Geometry& geometry, const C3cimArrayConfig& config) {
    C3cimConfig core = config.core;
    core.rows = geometry.rows;
    core.columns = geometry.cols;
    return core;
}

C3cimArray::C3cimArray(const Geometry& geometry, const C3cimArrayConfig& config, std::uint64_t seed,
                       const std::string& name)
    : Array(geometry), config_(config) {
    config_.core = core_config(geometry, config);
    for (unsigned m = 0; m < geometry.macros; ++m) {
        const std::string macro = name + ".macro" + std::to_string(m);
        cores_.emplace_back(config_.core, Random(seed, macro));
        if (config_.transposed == Transposed::second_array) {
            C3cimConfig second = config_.core;
            second.rows = geometry.columns();
            second.columns = geometry.rows * geometry.weight_bits;
            transposes_.emplace_back(second, Random(seed, macro + ".transpose"));
        }
    }
    const double bits = config_.core.adc_bits;
    const std::string cell(series_cell(config.cell).name);
    events_ = {
        {"cim.column_read", {{"c3cim.column_read", config_.core.read_energy() / priced_read}}},
        {"cim.sense", config.sense == Sense::adc
                          ? adc_price(config_.core.adc_bits)
                          : std::vector<EventKind::Term>{{"comparator", bits}}},
        {"cim.set", {{cell + ".set"}}},
        {"cim.reset", {{cell + ".reset"}}},
        {"cim.shift_add", {{"logic.full_adder", 16}}}};
}

std::vector<LeakageTerm> C3cimArray::leakage() const {
    std::vector<LeakageTerm> terms;
    for (const AreaTerm& part : area()) {
        terms.push_back({part.entry, part.units});
    }
    return terms;
}

std::vector<AreaTerm> C3cimArray::area() const {
    const double arrays = static_cast<double>(cores_.size() + transposes_.size());
    const double cells = static_cast<double>(geometry().rows) * geometry().cols;
    const double converters =
        std::ceil(static_cast<double>(geometry().cols) / config_.columns_per_sense);
    return {{"c3cim.cell", arrays * cells},
            config_.sense == Sense::adc
                ? AreaTerm{"adc.um2", arrays * converters * adc_area(config_.core.adc_bits)}
                : AreaTerm{"comparator", arrays * converters}};
}

// --- writing -------------------------------------------------------------------------------

void C3cimArray::write(unsigned macro, unsigned row, unsigned column, std::uint32_t code,
                       Written& written, Cost& cost) {
    const unsigned bits = geometry().weight_bits;
    const auto count = [&](C3cimCore::Write done, bool one) {
        if (done != C3cimCore::Write::nothing) {
            ++cost.counts[one ? reset : set];
            written.pulsed = true;
            written.worn = written.worn || done == C3cimCore::Write::worn;
        }
    };
    for (unsigned b = 0; b < bits; ++b) {
        const bool one = (code >> b & 1U) != 0;
        count(cores_[macro].write(row, column * bits + b, one), one);
        if (!transposes_.empty()) {
            count(transposes_[macro].write(column, row * bits + b, one), one);
        }
    }
}

CellStatus C3cimArray::program(const Window& w, std::span<const std::uint32_t> codes, bool verify,
                               Cost& cost) {
    prepare(cost);
    Written all;
    for (unsigned r = 0; r < w.row_count; ++r) {
        const unsigned row = w.first_row + r;
        const std::span<const std::uint32_t> line =
            codes.subspan(std::size_t{r} * w.column_count, w.column_count);
        Written written;
        for (unsigned c = 0; c < w.column_count; ++c) {
            write(w.macro, row, w.first_column + c, line[c], written, cost);
        }
        cost.time += written.pulsed ? config_.write_time : 0;
        if (verify) {
            read_row(w, row, cost);
            for (unsigned c = 0; c < w.column_count; ++c) {
                all.failed = all.failed || sensed(w.macro, row, w.first_column + c) != line[c];
            }
        }
        all.worn = all.worn || written.worn;
    }
    cost.cycles += w.row_count;
    return all.worn ? CellStatus::worn_out : all.failed ? CellStatus::mismatch : CellStatus::ok;
}

CellStatus C3cimArray::update(const Window& w, const Formats& formats,
                              std::span<const std::int32_t> x, std::span<const std::int32_t> delta,
                              unsigned shift, Cost& cost) {
    prepare(cost);
    const unsigned bits = geometry().weight_bits;
    const std::int64_t low =
        formats.weight_signed ? -(std::int64_t{1} << (bits - 1)) : std::int64_t{0};
    const std::int64_t high = low + (std::int64_t{1} << bits) - 1;
    const std::int64_t half = shift == 0 ? 0 : std::int64_t{1} << (shift - 1);
    Written all;
    for (unsigned r = 0; r < w.row_count; ++r) {
        if (x[r] == 0) {
            continue;
        }
        const unsigned row = w.first_row + r;
        read_row(w, row, cost);
        Written written;
        for (unsigned c = 0; c < w.column_count; ++c) {
            const std::int64_t before =
                weight_value(sensed(w.macro, row, w.first_column + c), bits, formats.weight_signed);
            const std::int64_t wanted = before + ((std::int64_t{x[r]} * delta[c] + half) >> shift);
            const std::int64_t weight = std::clamp(wanted, low, high);
            cost.saturations += weight != wanted ? 1 : 0;
            const auto code = static_cast<std::uint32_t>(weight) &
                              static_cast<std::uint32_t>((std::uint64_t{1} << bits) - 1);
            write(w.macro, row, w.first_column + c, code, written, cost);
        }
        cost.counts[shift_add] += w.column_count;
        cost.time += written.pulsed ? config_.write_time : 0;
        cost.cycles += 1;
        all.worn = all.worn || written.worn;
    }
    cost.cycles += 1;
    return all.worn ? CellStatus::worn_out : CellStatus::ok;
}

// --- reading -------------------------------------------------------------------------------

void C3cimArray::charge_read(std::uint64_t bit_columns, std::uint64_t segments, Cost& cost) const {
    const std::uint64_t reads = bit_columns * segments;
    cost.counts[column_read] += reads;
    cost.counts[sense] += reads;
    const std::uint64_t turns = std::min<std::uint64_t>(config_.columns_per_sense, bit_columns);
    cost.time += static_cast<Picoseconds>(std::ceil(config_.core.read_time() * 1e12));
    if (config_.sense == Sense::adc) {
        cost.time += turns * segments * adc_time(config_.core.adc_bits, config_.core.series);
    } else {
        cost.cycles += turns * segments * config_.core.adc_bits;
    }
}

void C3cimArray::read_row(const Window& w, unsigned row, Cost& cost) {
    std::vector<std::uint8_t> selected(geometry().rows, 0);
    selected[row] = 1;
    cores_[w.macro].select(selected);
    charge_read(std::uint64_t{w.column_count} * geometry().weight_bits, 1, cost);
}

std::uint32_t C3cimArray::sensed(unsigned macro, unsigned row, unsigned column) const {
    const unsigned bits = geometry().weight_bits;
    std::uint32_t code = 0;
    for (unsigned b = 0; b < bits; ++b) {
        const bool one = cores_[macro].compare(row / config_.core.series, column * bits + b, 1);
        code |= (one ? 1U : 0U) << b;
    }
    return code;
}

void C3cimArray::read_back(const Window& w, std::span<std::uint32_t> codes, Cost& cost) {
    prepare(cost);
    std::size_t next = 0;
    for (unsigned r = 0; r < w.row_count; ++r) {
        read_row(w, w.first_row + r, cost);
        for (unsigned c = 0; c < w.column_count; ++c) {
            codes[next++] = sensed(w.macro, w.first_row + r, w.first_column + c);
        }
    }
    cost.cycles += w.row_count;
}

void C3cimArray::product(C3cimCore& core, unsigned first_line, unsigned first_output,
                         const Formats& formats, std::span<const std::int32_t> inputs,
                         std::span<std::int64_t> sums, Cost& cost) {
    prepare(cost);
    const unsigned bits = geometry().weight_bits;
    const unsigned series = core.config().series;
    const unsigned from = first_line / series;
    const auto to = static_cast<unsigned>((first_line + inputs.size() - 1) / series);
    std::vector<std::uint8_t> selected(core.config().rows, 0);
    for (unsigned p = 0; p < formats.input_bits; ++p) {
        for (std::size_t i = 0; i < inputs.size(); ++i) {
            selected[first_line + i] =
                static_cast<std::uint8_t>(static_cast<std::uint32_t>(inputs[i]) >> p & 1U);
        }
        core.select(selected);
        const std::int64_t plane = bit_value(p, formats.input_bits, formats.input_signed);
        for (unsigned i = 0; i < sums.size(); ++i) {
            for (unsigned b = 0; b < bits; ++b) {
                std::int64_t count = 0;
                for (unsigned s = from; s <= to; ++s) {
                    count += core.count(s, (first_output + i) * bits + b, cost.saturations);
                }
                sums[i] += plane * bit_value(b, bits, formats.weight_signed) * count;
            }
        }
        charge_read(sums.size() * bits, to - from + 1, cost);
        cost.counts[shift_add] += sums.size() * bits * (to - from + 1);
    }
    cost.cycles += 1;
}

void C3cimArray::multiply(const Window& w, const Formats& formats,
                          std::span<const std::int32_t> inputs, std::span<std::int64_t> sums,
                          Cost& cost) {
    product(cores_[w.macro], w.first_row, w.first_column, formats, inputs, sums, cost);
}

void C3cimArray::multiply_transposed(const Window& w, const Formats& formats,
                                     std::span<const std::int32_t> inputs,
                                     std::span<std::int64_t> sums, Cost& cost) {
    if (!transposes_.empty()) {
        product(transposes_[w.macro], w.first_column, w.first_row, formats, inputs, sums, cost);
        return;
    }
    prepare(cost);
    const unsigned bits = geometry().weight_bits;
    for (unsigned r = 0; r < w.row_count; ++r) {
        read_row(w, w.first_row + r, cost);
        for (unsigned c = 0; c < w.column_count; ++c) {
            const std::uint32_t code = sensed(w.macro, w.first_row + r, w.first_column + c);
            sums[r] += std::int64_t{inputs[c]} * weight_value(code, bits, formats.weight_signed);
        }
        cost.counts[shift_add] += std::uint64_t{w.column_count} * formats.input_bits;
    }
    cost.cycles += w.row_count;
}

// --- the array window and state ------------------------------------------------------------

std::uint8_t C3cimArray::peek(std::uint64_t offset) const {
    const unsigned row_bytes = geometry().cols / 8;
    const auto row = static_cast<unsigned>(offset / row_bytes);
    std::uint8_t byte = 0;
    for (unsigned b = 0; b < 8; ++b) {
        const auto column = static_cast<unsigned>(offset % row_bytes) * 8 + b;
        const bool one = cores_[row / geometry().rows].holds(row % geometry().rows, column);
        byte = static_cast<std::uint8_t>(byte | (one ? 1U : 0U) << b);
    }
    return byte;
}

void C3cimArray::poke(std::uint64_t offset, std::uint8_t byte) {
    const unsigned row_bytes = geometry().cols / 8;
    const unsigned bits = geometry().weight_bits;
    const auto row = static_cast<unsigned>(offset / row_bytes);
    const unsigned macro = row / geometry().rows;
    for (unsigned b = 0; b < 8; ++b) {
        const auto column = static_cast<unsigned>(offset % row_bytes) * 8 + b;
        const bool one = (byte >> b & 1U) != 0;
        (void)cores_[macro].write(row % geometry().rows, column, one);
        if (!transposes_.empty()) {
            (void)transposes_[macro].write(column / bits,
                                           row % geometry().rows * bits + column % bits, one);
        }
    }
}

void C3cimArray::charge_access(bool write_access, std::uint64_t bytes, Cost& cost) const {
    prepare(cost);
    if (write_access) {  // half of the bits either way
        cost.counts[set] += 4 * bytes;
        cost.counts[reset] += 4 * bytes;
    } else {
        cost.counts[column_read] += 8 * bytes;
        cost.counts[sense] += 8 * bytes;
    }
}

std::vector<std::uint8_t> C3cimArray::save_state() const {
    std::vector<std::vector<std::uint8_t>> parts;
    for (const std::vector<C3cimCore>* arrays : {&cores_, &transposes_}) {
        for (const C3cimCore& core : *arrays) {
            parts.push_back(core.save(now_));
        }
    }
    return join_states(parts);
}

bool C3cimArray::load_state(std::span<const std::uint8_t> state) {
    const std::vector<std::span<const std::uint8_t>> parts = split_states(state);
    std::vector<C3cimCore> cores = cores_;
    std::vector<C3cimCore> transposes = transposes_;
    bool good = parts.size() == cores.size() + transposes.size();
    for (std::size_t m = 0; good && m < parts.size(); ++m) {
        C3cimCore& core = m < cores.size() ? cores[m] : transposes[m - cores.size()];
        good = core.load(parts[m], now_).empty();
    }
    if (good) {
        cores_ = std::move(cores);
        transposes_ = std::move(transposes);
    }
    return good;
}

}  // namespace cimera::cim
