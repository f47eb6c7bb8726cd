// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
// The currents of a crossbar: of panels at once, or device by device.
#include <algorithm>
#include <cmath>

#include "models/cim/crossbar_core.hpp"
#include "models/cim/wires.hpp"

namespace cimera::cim {

namespace {

// Purposes of random numbers, after those of the cells.
constexpr std::uint32_t stream_column = 16;
constexpr std::uint32_t stream_device = 17;

}  // namespace

void CrossbarCore::rebuild_ranges() {
    for (unsigned p = 0; p < config_.planes(); ++p) {
        column_range_[p].assign(config_.columns, 0);
        row_range_[p].assign(config_.rows, 0);
        for (unsigned r = 0; r < config_.rows; ++r) {
            for (unsigned c = 0; c < config_.columns; ++c) {
                double g = cells_.programmed(cell(p, r, c));
                if (config_.arrays() == 2 && config_.planes() == 1) {
                    g = std::abs(g - cells_.programmed(cell(1, r, c)));
                }
                column_range_[p][c] += g;
                row_range_[p][r] += g;
            }
        }
    }
}

void CrossbarCore::rebuild(double at) {
    const std::size_t panels = (config_.columns + panel_columns - 1) / panel_columns;
    const bool noisy = config_.cell.read_noise > 0 || config_.cell.flicker;
    for (unsigned p = 0; p < config_.planes(); ++p) {
        planes_[p].g.assign(panels * config_.rows * panel_columns, 0);
        planes_[p].variance.assign(noisy ? planes_[p].g.size() : 0, 0);
    }
    for (unsigned a = 0; a < config_.arrays() && by_device(); ++a) {
        device_g_[a].resize(std::size_t{config_.rows} * config_.columns);
        device_sigma_[a].resize(device_g_[a].size());
    }
    row_g_.assign(config_.rows * (panels + 1), 0);
    for (unsigned r = 0; r < config_.rows; ++r) {
        float* row = &row_g_[r * (panels + 1)];
        for (unsigned c = 0; c < config_.columns; ++c) {
            const std::size_t place =
                (c / panel_columns * config_.rows + r) * panel_columns + c % panel_columns;
            row[c / panel_columns + 1] += c % panel_columns == 0 ? row[c / panel_columns] : 0;
            double variance = 0;
            for (unsigned a = 0; a < config_.arrays(); ++a) {
                const std::size_t i = cell(a, r, c);
                const double g = cells_.conductance(i, at);
                const double sigma = noisy ? cells_.read_sigma(i, g, at) : 0;
                const unsigned p = config_.planes() == 2 ? a : 0;
                planes_[p].g[place] += static_cast<float>(a == 0 || p == 1 ? g : -g);
                variance = p == a ? sigma * sigma : variance + sigma * sigma;
                if (noisy) {
                    planes_[p].variance[place] = to_half(static_cast<float>(variance));
                }
                row[c / panel_columns + 1] += static_cast<float>(g);
                if (by_device()) {
                    device_g_[a][std::size_t{r} * config_.columns + c] = static_cast<float>(g);
                    device_sigma_[a][std::size_t{r} * config_.columns + c] =
                        static_cast<float>(sigma);
                }
            }
        }
    }
}

CrossbarCore::Sums CrossbarCore::plane_sums(unsigned plane, const CrossbarWindow& window,
                                            std::span<const float> drive, bool transposed) const {
    const Plane& cells = planes_[plane];
    const std::size_t from = window.first_column / panel_columns;
    const std::size_t to =
        (window.first_column + window.column_count + panel_columns - 1) / panel_columns;
    const auto panel = [&](std::size_t p) {
        return (p * config_.rows + window.first_row) * panel_columns;
    };
    const auto variances = [&](std::size_t p) {
        return cells.variance.empty() ? nullptr : &cells.variance[panel(p)];
    };
    Sums sums;
    if (!transposed) {
        sums.current.resize((to - from) * panel_columns);
        sums.variance.resize(sums.current.size(), 0);
        for (std::size_t p = from; p < to; ++p) {
            const std::size_t out = (p - from) * panel_columns;
            panel_product(&cells.g[panel(p)], variances(p), drive.data(), window.row_count,
                          &sums.current[out], &sums.variance[out]);
        }
        const std::size_t skip = window.first_column - from * panel_columns;
        for (std::vector<float>* of : {&sums.current, &sums.variance}) {
            of->erase(of->begin(), of->begin() + static_cast<std::ptrdiff_t>(skip));
            of->resize(window.column_count);
        }
        return sums;
    }
    std::vector<float> padded((to - from) * panel_columns, 0);
    std::copy(
        drive.begin(), drive.end(),
        padded.begin() + static_cast<std::ptrdiff_t>(window.first_column - from * panel_columns));
    std::vector<float> current(std::size_t{window.row_count} * lanes, 0);
    std::vector<float> variance(current.size(), 0);
    for (std::size_t p = from; p < to; ++p) {
        panel_transposed(&cells.g[panel(p)], variances(p), &padded[(p - from) * panel_columns],
                         window.row_count, current.data(), variance.data());
    }
    for (std::size_t r = 0; r < window.row_count; ++r) {
        sums.current.push_back(sum_lanes(&current[r * lanes]));
        sums.variance.push_back(sum_lanes(&variance[r * lanes]));
    }
    return sums;
}

std::vector<double> CrossbarCore::device_sums(unsigned array, const CrossbarWindow& window,
                                              std::span<const float> drive, bool transposed,
                                              bool noise) const {
    // Driven lines by sensed lines, in the order in which current meets them: driver and sense
    // amplifier of a product are at the first column and the last row, and change places in a
    // transposed one.
    const unsigned driven = transposed ? config_.columns : config_.rows;
    const unsigned sensed = transposed ? config_.rows : config_.columns;
    std::vector<float> g(std::size_t{driven} * sensed);
    std::vector<float> v(driven, 0);
    for (unsigned d = 0; d < driven; ++d) {
        const unsigned line = transposed ? config_.columns - 1 - d : d;
        const unsigned first = transposed ? window.first_column : window.first_row;
        if (line >= first && line - first < drive.size()) {
            v[d] = drive[line - first];
        }
        for (unsigned s = 0; s < sensed; ++s) {
            const unsigned row = transposed ? config_.rows - 1 - s : line;
            const unsigned column = transposed ? line : s;
            const std::size_t i = std::size_t{row} * config_.columns + column;
            float value = device_g_[array][i];
            if (noise && device_sigma_[array][i] > 0 && v[d] != 0) {
                const double z = random_.normal(
                    stream_device, static_cast<std::uint32_t>(cell(array, row, column)), reads_);
                value += static_cast<float>(device_sigma_[array][i] * z);
            }
            g[std::size_t{d} * sensed + s] = value;
        }
    }
    std::vector<double> all = first_order_currents(driven, sensed, g, v, config_.wire_ohms);
    if (transposed) {
        std::reverse(all.begin(), all.end());
    }
    const std::size_t first = transposed ? window.first_row : window.first_column;
    const std::size_t count = transposed ? window.row_count : window.column_count;
    return {all.begin() + static_cast<std::ptrdiff_t>(first),
            all.begin() + static_cast<std::ptrdiff_t>(first + count)};
}

std::vector<double> CrossbarCore::analog_sums(const CrossbarWindow& window,
                                              std::span<const float> drive, bool transposed,
                                              double now) {
    refresh(now);
    ++reads_;
    const std::size_t count = transposed ? window.row_count : window.column_count;
    const std::size_t first = transposed ? window.first_row : window.first_column;
    const std::size_t stride = std::max(config_.rows, config_.columns);
    std::vector<double> sums(count * config_.planes(), 0);
    const bool exact = config_.fidelity == Fidelity::exact;
    if (by_device()) {
        for (unsigned a = 0; a < config_.arrays(); ++a) {
            const unsigned p = config_.planes() == 2 ? a : 0;
            const std::vector<double> part = device_sums(a, window, drive, transposed, exact);
            for (std::size_t i = 0; i < count; ++i) {
                sums[p * count + i] += a == 0 || p == 1 ? part[i] : -part[i];
            }
        }
    }
    for (unsigned p = 0; p < config_.planes() && !exact; ++p) {
        const Sums mean = plane_sums(p, window, drive, transposed);
        for (std::size_t i = 0; i < count; ++i) {
            double& sum = sums[p * count + i];
            sum = by_device() ? sum : mean.current[i];
            if (mean.variance[i] > 0) {
                sum += std::sqrt(double{mean.variance[i]}) *
                       random_.normal(stream_column,
                                      static_cast<std::uint32_t>(
                                          (p * 2 + (transposed ? 1 : 0)) * stride + first + i),
                                      reads_);
            }
        }
    }
    return sums;
}

std::vector<double> CrossbarCore::analog_variances(const CrossbarWindow& window,
                                                   std::span<const float> drive, bool transposed,
                                                   double now) {
    refresh(now);
    std::vector<double> all;
    for (unsigned p = 0; p < config_.planes(); ++p) {
        const Sums sums = plane_sums(p, window, drive, transposed);
        all.insert(all.end(), sums.variance.begin(), sums.variance.end());
    }
    return all;
}

}  // namespace cimera::cim
