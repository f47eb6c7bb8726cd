// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors

// Operations on a digital array, without a tile around it: 32-bit integers on standard input,
// 64-bit integers on standard output. tests/differential/test_digital.py compares with NumPy.
//   macros rows cols weight_bits encoding sign slice or_bits levels
//   1 macro row rows column columns CODES                           program: status
//   2 macro row rows column columns bits signed weight_signed n X   n products: sums, then costs
//   3 the same                                                      transposed
//   4 macro row rows column columns bits signed weight_signed shift X DELTA
//                                                                   update: status, costs
//   5 macro row rows column columns                                 read back: codes
// Costs: cycles, saturations, counts of eight kinds of event.

#include <cstdio>
#include <vector>

#include "models/cim/digital_sram.hpp"

namespace {

using cimera::cim::Cost;
using cimera::cim::DigitalConfig;
using cimera::cim::DigitalSram;
using cimera::cim::Encoding;
using cimera::cim::Formats;
using cimera::cim::Geometry;
using cimera::cim::SignPlace;
using cimera::cim::Window;

bool take(std::int32_t& value) {
    return std::fread(&value, sizeof value, 1, stdin) == 1;
}

unsigned number() {
    std::int32_t value = 0;
    return take(value) ? static_cast<unsigned>(value) : 0;
}

template <class T>
std::vector<T> numbers(std::size_t count) {
    std::vector<T> values(count);
    if (std::fread(values.data(), sizeof(T), count, stdin) != count) {
        values.assign(count, 0);
    }
    return values;
}

void give(std::int64_t value) {
    std::fwrite(&value, sizeof value, 1, stdout);
}

void give(const Cost& cost) {
    constexpr std::size_t kinds = 8;
    give(static_cast<std::int64_t>(cost.cycles));
    give(static_cast<std::int64_t>(cost.saturations));
    for (std::size_t e = 0; e < kinds; ++e) {
        give(e < cost.counts.size() ? static_cast<std::int64_t>(cost.counts[e]) : 0);
    }
}

Window window() {
    const auto w = numbers<std::uint32_t>(5);
    return {w[0], w[1], w[2], w[3], w[4]};
}

Formats formats() {
    const auto f = numbers<std::uint32_t>(3);
    return {f[0], f[1] != 0, f[2] != 0};
}

void products(DigitalSram& array, bool transposed) {
    const Window w = window();
    const Formats f = formats();
    const unsigned inputs = transposed ? w.column_count : w.row_count;
    const unsigned outputs = transposed ? w.row_count : w.column_count;
    const unsigned vectors = number();
    Cost cost;
    for (unsigned v = 0; v < vectors; ++v) {
        const auto x = numbers<std::int32_t>(inputs);
        std::vector<std::int64_t> sums(outputs, 0);
        if (transposed) {
            array.multiply_transposed(w, f, x, sums, cost);
        } else {
            array.multiply(w, f, x, sums, cost);
        }
        std::fwrite(sums.data(), sizeof sums[0], sums.size(), stdout);
    }
    give(cost);
}

void program(DigitalSram& array) {
    const Window w = window();
    Cost cost;
    const auto codes = numbers<std::uint32_t>(std::size_t{w.row_count} * w.column_count);
    give(static_cast<std::int64_t>(array.program(w, codes, false, cost)));
}

void update(DigitalSram& array) {
    const Window w = window();
    const Formats f = formats();
    const unsigned shift = number();
    const auto x = numbers<std::int32_t>(w.row_count);
    const auto delta = numbers<std::int32_t>(w.column_count);
    Cost cost;
    give(static_cast<std::int64_t>(array.update(w, f, x, delta, shift, cost)));
    give(cost);
}

void read_back(DigitalSram& array) {
    const Window w = window();
    Cost cost;
    std::vector<std::uint32_t> codes(std::size_t{w.row_count} * w.column_count);
    array.read_back(w, codes, cost);
    for (const std::uint32_t code : codes) {
        give(code);
    }
}

}  // namespace

int main() {
    const auto c = numbers<std::uint32_t>(9);
    DigitalConfig config;
    config.encoding = static_cast<Encoding>(c[4]);
    config.sign = static_cast<SignPlace>(c[5]);
    config.input_slice = c[6];
    config.adder = {c[7], c[8]};
    DigitalSram array({c[0], c[1], c[2], c[3]}, config);
    std::int32_t operation = 0;
    while (take(operation)) {
        switch (operation) {
            case 1:
                program(array);
                break;
            case 2:
            case 3:
                products(array, operation == 3);
                break;
            case 4:
                update(array);
                break;
            case 5:
                read_back(array);
                break;
            default:
                return 1;
        }
    }
    return 0;
}
