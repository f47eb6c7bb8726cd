// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

/// Elementary functions of modelled values. A C library may choose another path where the machine
/// has fused multiply-add; these are additions, multiplications and divisions in a fixed order, so
/// that the same arguments give the same bits on any x86-64. Relative error below 1e-15, for `pow`
/// times |y · ln x|.
namespace cimera::math {

/// Natural logarithm of a positive normal number.
[[nodiscard]] double log(double x);
/// 0 below -708, infinity above 709.7.
[[nodiscard]] double exp(double x);
/// x^y for positive x.
[[nodiscard]] inline double pow(double x, double y) {
    return exp(y * log(x));
}

struct SineCosine {
    double sine;
    double cosine;
};
/// Of the angle 2π · `turns`, |turns| < 2^50.
[[nodiscard]] SineCosine sine_cosine(double turns);

}  // namespace cimera::math
