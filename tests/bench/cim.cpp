// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors

// Times products of cell arrays for scripts/bench:
//   bench_cim CASE    prints seconds of CPU time per product, and a checksum
//   bench_cim         lists the cases: name, rows, columns

#include <cstdio>
#include <cstring>
#include <ctime>
#include <functional>
#include <memory>
#include <vector>

#include "models/cim/c3cim_array.hpp"
#include "models/cim/crossbar_array.hpp"
#include "models/cim/digital_sram.hpp"
#include "models/common/random.hpp"

namespace {

using namespace cimera;

/// One product; returns something that depends on its result.
using Product = std::function<std::int64_t()>;

struct Case {
    const char* name;
    unsigned rows;
    unsigned columns;
    std::function<Product(const Case&)> make;
};

double cpu_seconds() {
    timespec now{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

/// A product of random weights and inputs on one macro, with all its event counts.
Product on_array(const std::shared_ptr<cim::Array>& array, const cim::Formats& formats) {
    const cim::Geometry& geometry = array->geometry();
    const cim::Window all{0, 0, geometry.rows, 0, geometry.columns()};
    const Random random(1, "bench");
    std::vector<std::uint32_t> codes(std::size_t{geometry.rows} * geometry.columns());
    for (std::uint32_t i = 0; i < codes.size(); ++i) {
        codes[i] = random.below(1U << geometry.weight_bits, 0, i, 0);
    }
    cim::Cost ignored;
    if (array->program(all, codes, false, ignored) != cim::CellStatus::ok) {
        return {};
    }
    std::vector<std::int32_t> inputs(geometry.rows);
    for (std::uint32_t i = 0; i < inputs.size(); ++i) {
        const std::uint32_t bits = random.below(1U << formats.input_bits, 1, i, 0);
        inputs[i] = cim::weight_value(bits, formats.input_bits, formats.input_signed);
    }
    auto sums = std::make_shared<std::vector<std::int64_t>>(geometry.columns());
    auto cost = std::make_shared<cim::Cost>();
    return [=] {
        array->multiply(all, formats, inputs, *sums, *cost);
        return (*sums)[0] + static_cast<std::int64_t>(cost->counts[0]);
    };
}

Product digital(const Case& c, unsigned weight_bits, unsigned input_bits, bool is_signed,
                const cim::DigitalConfig& config = {}) {
    const cim::Geometry geometry{1, c.rows, c.columns * weight_bits, weight_bits};
    return on_array(std::make_shared<cim::DigitalSram>(geometry, config),
                    {input_bits, is_signed, is_signed});
}

/// Pairs of cells with programming error and read noise between 8-bit converters.
Product crossbar(const Case& c, cim::Fidelity fidelity) {
    cim::CrossbarArrayConfig config;
    config.core.fidelity = fidelity;
    config.core.cell.g_min = 0.1;
    config.core.cell.programming = cim::ProgrammingNoise::relative;
    config.core.cell.read_noise = 0.01;
    const cim::Geometry geometry{1, c.rows, c.columns * 4, 4};
    return on_array(std::make_shared<cim::CrossbarArray>(geometry, config, 1, "bench"),
                    {8, true, true});
}

/// Columns of RRAM cells in series with all their imperfections.
Product series(const Case& c) {
    cim::C3cimArrayConfig config;
    config.core.cell = cim::series_cell(cim::SeriesCellKind::rram);
    const cim::Geometry geometry{1, c.rows, c.columns, 1};
    return on_array(std::make_shared<cim::C3cimArray>(geometry, config, 1, "bench"),
                    {1, false, false});
}

const std::vector<Case> cases = {
    {"digital 8x4", 1024, 1024, [](const Case& c) { return digital(c, 4, 8, true); }},
    {"digital 8x4, one macro", 64, 128, [](const Case& c) { return digital(c, 4, 8, true); }},
    {"digital binary", 1024, 1024, [](const Case& c) { return digital(c, 1, 1, false); }},
    {"digital binary, one macro", 64, 512, [](const Case& c) { return digital(c, 1, 1, false); }},
    {"digital approximate 8x4", 1024, 1024,
     [](const Case& c) {
         return digital(c, 4, 8, true, {cim::Encoding::binary, cim::SignPlace::none, 1, {3, 7}});
     }},
    {"crossbar", 1024, 1024, [](const Case& c) { return crossbar(c, cim::Fidelity::fast); }},
    {"crossbar, noise of each cell", 1024, 1024,
     [](const Case& c) { return crossbar(c, cim::Fidelity::exact); }},
    {"c3cim, one macro", 64, 512, series},
};

int time_case(const Case& c) {
    const Product product = c.make(c);
    constexpr double enough = 0.2;  // seconds
    std::int64_t sum = product();
    long count = 1;
    double spent = 0;
    for (;;) {
        const double begin = cpu_seconds();
        for (long i = 0; i < count; ++i) {
            sum += product();
        }
        spent = cpu_seconds() - begin;
        if (spent >= enough) {
            break;
        }
        count *= 2;
    }
    std::printf("%.6e %lld\n", spent / static_cast<double>(count), static_cast<long long>(sum));
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 2) {
        for (const Case& c : cases) {
            std::printf("%s\t%u\t%u\n", c.name, c.rows, c.columns);
        }
        return 0;
    }
    for (const Case& c : cases) {
        if (std::strcmp(c.name, argv[1]) == 0) {
            return time_case(c);
        }
    }
    std::fprintf(stderr, "bench_cim: no case '%s'\n", argv[1]);
    return 1;
}
