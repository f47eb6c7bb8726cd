// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include <cmath>
#include <cstring>
#include <hwy/targets.h>
#include <vector>

#include <catch2/catch.hpp>

#include "models/cim/crossbar_kernel.hpp"
#include "models/common/random.hpp"

namespace cimera::cim {
namespace {

struct Panel {
    explicit Panel(std::size_t n) : rows(n), g(n * panel_columns), h(g.size()), v(n) {
        const Random random(5, "panel");
        for (std::uint32_t i = 0; i < g.size(); ++i) {
            g[i] = static_cast<float>(25 * random.uniform(0, i, 0));
            h[i] = to_half(static_cast<float>(random.uniform(1, i, 0)));
        }
        for (std::uint32_t i = 0; i < n; ++i) {
            v[i] = static_cast<float>(255 * random.uniform(2, i, 0) - 128);
        }
    }
    std::size_t rows;
    std::vector<float> g;
    std::vector<Half> h;
    std::vector<float> v;
};

using Result = std::vector<float>;

// As the interface describes it, one operation after the other.
Result scalar(const Panel& p, bool noisy) {
    Result result(2 * panel_columns, 0);
    for (std::size_t c = 0; c < panel_columns; ++c) {
        for (std::size_t r = 0; r < p.rows; ++r) {
            result[c] += p.v[r] * p.g[r * panel_columns + c];
            if (noisy) {
                result[panel_columns + c] +=
                    p.v[r] * p.v[r] * from_half(p.h[r * panel_columns + c]);
            }
        }
    }
    return result;
}

Result scalar_transposed(const Panel& p, const float* v, bool noisy) {
    Result result(2 * p.rows * lanes, 0);
    for (std::size_t r = 0; r < p.rows; ++r) {
        for (std::size_t c = 0; c < panel_columns; ++c) {
            result[r * lanes + c % lanes] += v[c] * p.g[r * panel_columns + c];
            if (noisy) {
                result[(p.rows + r) * lanes + c % lanes] +=
                    v[c] * v[c] * from_half(p.h[r * panel_columns + c]);
            }
        }
    }
    return result;
}

bool same_bits(const Result& a, const Result& b) {
    return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof a[0]) == 0;
}

TEST_CASE("crossbar kernel: every instruction set gives the bits of the scalar loop",
          "[crossbar]") {
    const std::size_t rows = GENERATE(1U, 2U, 63U, 1024U);
    const bool noisy = GENERATE(false, true);
    const Panel p(rows);
    const std::vector<float> columns(p.g.begin(), p.g.begin() + panel_columns);
    const Result straight = scalar(p, noisy);
    const Result across = scalar_transposed(p, columns.data(), noisy);
    unsigned targets = 0;
    for (const auto target : hwy::SupportedAndGeneratedTargets()) {
        INFO(hwy::TargetName(target));
        hwy::SetSupportedTargetsForTest(target);
        Result sums(2 * panel_columns, 0);
        panel_product(p.g.data(), noisy ? p.h.data() : nullptr, p.v.data(), rows, sums.data(),
                      &sums[panel_columns]);
        CHECK(same_bits(sums, straight));
        Result partial(2 * rows * lanes, 0);
        panel_transposed(p.g.data(), noisy ? p.h.data() : nullptr, columns.data(), rows,
                         partial.data(), &partial[rows * lanes]);
        CHECK(same_bits(partial, across));
        ++targets;
    }
    hwy::SetSupportedTargetsForTest(0);
    CHECK(targets >= 2);  // any x86-64 has SSE2 beside what else
}

TEST_CASE("crossbar kernel: halves round to nearest", "[crossbar]") {
    CHECK(from_half(to_half(1.0F)) == 1.0F);
    CHECK(from_half(to_half(0.0F)) == 0.0F);
    for (const float value : {0.3F, 7.77F, 1e-12F, 12345.6F}) {
        CHECK(std::abs(from_half(to_half(value)) / value - 1) <= 1.0F / 256);
    }
}

TEST_CASE("crossbar kernel: lanes are added in halves", "[crossbar]") {
    float values[lanes];
    for (std::size_t i = 0; i < lanes; ++i) {
        values[i] = std::ldexp(1.0F, static_cast<int>(i) * 3 - 24) + 1;
    }
    float eight[8];
    for (std::size_t i = 0; i < 8; ++i) {
        eight[i] = values[i] + values[i + 8];
    }
    const float four[4] = {eight[0] + eight[4], eight[1] + eight[5], eight[2] + eight[6],
                           eight[3] + eight[7]};
    CHECK(sum_lanes(values) == (four[0] + four[2]) + (four[1] + four[3]));
}

}  // namespace
}  // namespace cimera::cim
