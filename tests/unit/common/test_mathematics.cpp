// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include <cmath>
#include <cstdint>

#include <catch2/catch.hpp>

#include "models/common/mathematics.hpp"
#include "models/common/random.hpp"

namespace cimera {
namespace {

// The C library in long double is the reference: 64 bits of mantissa, whichever path it takes.
double relative(double value, long double reference) {
    return static_cast<double>(std::abs((value - reference) / reference));
}

TEST_CASE("mathematics: log, exp and pow agree with the library to 1e-15", "[mathematics]") {
    const Random random(1, "arguments");
    for (std::uint32_t i = 0; i < 100000; ++i) {
        const double x = std::ldexp(0.5 + random.uniform(0, i, 0),
                                    static_cast<int>(random.below(600, 1, i, 0)) - 300);
        CHECK(relative(math::log(x), std::log(static_cast<long double>(x))) < 1e-15);
        const double y = 1400 * random.uniform(2, i, 0) - 700;
        CHECK(relative(math::exp(y), std::exp(static_cast<long double>(y))) < 1e-15);
        const double base = 10 * random.uniform(3, i, 0);
        const double power = 4 * random.uniform(4, i, 0) - 2;
        CHECK(relative(math::pow(base, power), std::pow(static_cast<long double>(base),
                                                        static_cast<long double>(power))) < 1e-14);
    }
    CHECK(math::log(1) == 0);
    CHECK(math::exp(0) == 1);
    CHECK(math::exp(-1000) == 0);
    CHECK(std::isinf(math::exp(1000)));
    CHECK(math::exp(709.5) == Approx(std::exp(709.5)));
}

TEST_CASE("mathematics: sine and cosine of turns", "[mathematics]") {
    const Random random(2, "angles");
    const long double two_pi = 2 * std::acos(-1.0L);
    for (std::uint32_t i = 0; i < 100000; ++i) {
        const double turns = 8 * random.uniform(0, i, 0) - 4;
        const math::SineCosine both = math::sine_cosine(turns);
        const long double exact = turns - std::floor(static_cast<long double>(turns));
        CHECK(std::abs(both.sine - static_cast<double>(std::sin(two_pi * exact))) < 1e-15);
        CHECK(std::abs(both.cosine - static_cast<double>(std::cos(two_pi * exact))) < 1e-15);
    }
}

TEST_CASE("random: normal numbers have the moments of their distribution", "[random]") {
    const Random random(3, "noise");
    constexpr std::uint32_t n = 1000000;
    double moments[5] = {};
    double beyond_three = 0;
    for (std::uint32_t i = 0; i < n; ++i) {
        const double z = random.normal(0, i, 7);
        double power = 1;
        for (double& moment : moments) {
            moment += power / n;
            power *= z;
        }
        beyond_three += std::abs(z) > 3 ? 1.0 / n : 0;
    }
    // Five standard errors: sqrt(Var(z^k) / n) with Var = 1, 2, 15, 96.
    CHECK(moments[1] == Approx(0).margin(5e-3));
    CHECK(moments[2] == Approx(1).margin(5 * 1.42e-3));
    CHECK(moments[3] == Approx(0).margin(5 * 3.9e-3));
    CHECK(moments[4] == Approx(3).margin(5 * 9.8e-3));
    CHECK(beyond_three == Approx(2.70e-3).margin(2.6e-4));
}

}  // namespace
}  // namespace cimera
