// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors

// Computes with the analog cores what standard input asks for; test_analog.py compares with SciPy.
//   wires ROWS COLUMNS OHMS  v...  g...       -> currents of the columns
//   product ROWS COLUMNS ADC_BITS CLIP RANGES(0 filter, 1 layer, 2 shared) POLARITY(0 bipolar,
//           1 unipolar) SUBTRACTION(0 analog, 1 digital) TRANSPOSED  x...  w...
//                                             -> sums, then the number of saturations

#include <cstdint>
#include <iostream>
#include <string>
#include <vector>

#include "models/cim/crossbar_core.hpp"
#include "models/cim/wires.hpp"

namespace {

using namespace cimera::cim;

template <typename T>
std::vector<T> numbers(std::size_t n) {
    std::vector<T> all(n);
    for (T& number : all) {
        std::cin >> number;
    }
    return all;
}

void wires() {
    std::size_t rows = 0;
    std::size_t columns = 0;
    double ohms = 0;
    std::cin >> rows >> columns >> ohms;
    const std::vector<float> v = numbers<float>(rows);
    const std::vector<float> g = numbers<float>(rows * columns);
    for (const double current : first_order_currents(rows, columns, g, v, ohms)) {
        std::cout << current << ' ';
    }
    std::cout << '\n';
}

void product() {
    CrossbarConfig config;
    unsigned ranges = 0;
    unsigned polarity = 0;
    unsigned subtraction = 0;
    bool transposed = false;
    std::cin >> config.rows >> config.columns >> config.adc_bits >> config.clip >> ranges >>
        polarity >> subtraction >> transposed;
    config.ranges = static_cast<Ranges>(ranges);
    config.polarity = static_cast<Polarity>(polarity);
    config.subtraction = static_cast<Subtraction>(subtraction);
    const auto x = numbers<std::int32_t>(transposed ? config.columns : config.rows);
    CrossbarCore core(config, cimera::Random(1, "driver"));
    CrossbarCounts counts;
    for (unsigned r = 0; r < config.rows; ++r) {
        for (unsigned c = 0; c < config.columns; ++c) {
            std::int32_t weight = 0;
            std::cin >> weight;
            core.program(r, c, weight, 0, counts);
        }
    }
    std::vector<std::int64_t> sums(transposed ? config.rows : config.columns, 0);
    const CrossbarWindow all{0, config.rows, 0, config.columns};
    if (transposed) {
        core.multiply_transposed(all, x, 8, true, sums, 0, counts);
    } else {
        core.multiply(all, x, 8, true, sums, 0, counts);
    }
    for (const std::int64_t sum : sums) {
        std::cout << sum << ' ';
    }
    std::cout << counts.saturations << '\n';
}

}  // namespace

int main() {
    std::cout.precision(17);
    std::string job;
    while (std::cin >> job) {
        if (job == "wires") {
            wires();
        } else if (job == "product") {
            product();
        } else {
            std::cerr << "unknown job " << job << '\n';
            return 1;
        }
    }
    return 0;
}
