// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors

// Products of a 1024 x 1024 resistive crossbar: pairs of cells with programming error and read
// noise, 8-bit DAC and ADC. Prints the CPU time of the products alone; scripts/bench compares.
//   crossbar_bench PRODUCTS

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <vector>

#include "models/cim/crossbar_core.hpp"

int main(int argc, char** argv) {
    using namespace cimera;
    const int products = argc > 1 ? std::atoi(argv[1]) : 1000;
    cim::CrossbarConfig config;
    config.rows = config.columns = 1024;
    config.cell.g_min = 0.1;
    config.cell.programming = cim::ProgrammingNoise::relative;
    config.cell.programming_sigma = 0.03;
    config.cell.read_noise = 0.01;
    const Random random(1, "bench");
    cim::CrossbarCore core(config, random);
    cim::CrossbarCounts counts;
    for (unsigned r = 0; r < config.rows; ++r) {
        for (unsigned c = 0; c < config.columns; ++c) {
            core.program(r, c, static_cast<std::int32_t>(random.below(15, 90, r * 1024 + c, 0)) - 7,
                         0, counts);
        }
    }
    std::vector<std::int32_t> x(config.rows);
    for (std::uint32_t i = 0; i < x.size(); ++i) {
        x[i] = static_cast<std::int32_t>(random.below(256, 91, i, 0)) - 128;
    }
    const cim::CrossbarWindow all{0, config.rows, 0, config.columns};
    std::vector<std::int64_t> sums(config.columns, 0);
    core.multiply(all, x, 8, true, sums, 0, counts);  // conductances into panels
    const std::clock_t begin = std::clock();
    for (int i = 0; i < products; ++i) {
        core.multiply(all, x, 8, true, sums, 0, counts);
    }
    const double seconds = static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
    std::int64_t checksum = 0;
    for (const std::int64_t sum : sums) {
        checksum += sum;
    }
    std::printf("products %d seconds %.6f checksum %lld\n", products, seconds,
                static_cast<long long>(checksum));
    return 0;
}
