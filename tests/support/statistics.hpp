// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <algorithm>
#include <cmath>
#include <vector>

namespace cimera::test {

/// Mean and variance of a sample, with their standard errors for a normal distribution.
struct Moments {
    explicit Moments(const std::vector<double>& sample) : n(static_cast<double>(sample.size())) {
        for (const double x : sample) {
            mean += x / n;
        }
        for (const double x : sample) {
            variance += (x - mean) * (x - mean) / (n - 1);
        }
    }
    [[nodiscard]] double mean_error() const { return std::sqrt(variance / n); }
    [[nodiscard]] double variance_error() const { return variance * std::sqrt(2 / (n - 1)); }

    double n;
    double mean = 0;
    double variance = 0;
};

/// Two-sample Kolmogorov-Smirnov test: probability of samples at least as far apart if both come
/// from one distribution (asymptotic, Smirnov 1948).
inline double same_distribution(std::vector<double> a, std::vector<double> b) {
    std::sort(a.begin(), a.end());
    std::sort(b.begin(), b.end());
    const auto n = static_cast<double>(a.size());
    const auto m = static_cast<double>(b.size());
    double distance = 0;
    for (std::size_t i = 0, j = 0; i < a.size() && j < b.size();) {
        const double x = std::min(a[i], b[j]);
        while (i < a.size() && a[i] <= x) {
            ++i;
        }
        while (j < b.size() && b[j] <= x) {
            ++j;
        }
        distance =
            std::max(distance, std::abs(static_cast<double>(i) / n - static_cast<double>(j) / m));
    }
    const double root = std::sqrt(n * m / (n + m));
    const double lambda = (root + 0.12 + 0.11 / root) * distance;
    double p = 0;
    for (int k = 1; k <= 100; ++k) {
        p += (k % 2 == 1 ? 2 : -2) * std::exp(-2.0 * k * k * lambda * lambda);
    }
    return std::clamp(lambda < 0.2 ? 1.0 : p, 0.0, 1.0);
}

}  // namespace cimera::test
