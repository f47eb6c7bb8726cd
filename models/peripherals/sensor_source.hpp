// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

#include "models/common/period.hpp"
#include "models/common/random.hpp"

namespace cimera {

/// A change of brightness that one pixel reports.
struct AddressEvent {
    static constexpr std::uint32_t most_side = 32767;  ///< of the pixel array
    static constexpr std::uint32_t bytes = 8;          ///< in the FIFO

    std::uint16_t x = 0;
    std::uint16_t y = 0;
    bool brighter = false;
    std::uint64_t microsecond = 0;  ///< since the first event of the recording

    /// First of its words in the FIFO; the second is its arrival.
    [[nodiscard]] std::uint32_t address() const {
        return x | std::uint32_t{y} << 16U | (brighter ? 1U << 31U : 0U);
    }
    bool operator==(const AddressEvent&) const = default;
};

/// What a sensor plays back, as the platform loaded it: frames, or address events (then `rows` and
/// `cols` are the pixel array's).
struct FrameSource {
    std::uint32_t rows = 0;
    std::uint32_t cols = 0;
    std::uint32_t sample_bytes = 1;     ///< 1 (unsigned), 2 or 4 (two's complement), little endian
    std::vector<std::uint8_t> samples;  ///< frame after frame, row by row
    std::vector<std::uint32_t> labels;  ///< one a frame; empty: none
    std::vector<AddressEvent> events;   ///< in the order of time; empty: frames
    std::optional<Period> period;       ///< from frame to frame, where the recording tells

    [[nodiscard]] bool is_events() const { return !events.empty(); }
    [[nodiscard]] std::uint32_t frame_bytes() const {
        return is_events() ? AddressEvent::bytes : rows * cols * sample_bytes;
    }
    /// Frames, or events.
    [[nodiscard]] std::uint32_t frames() const {
        if (is_events()) {
            return static_cast<std::uint32_t>(events.size());
        }
        return frame_bytes() == 0 ? 0 : static_cast<std::uint32_t>(samples.size() / frame_bytes());
    }
    /// What each one costs in samples converted.
    [[nodiscard]] std::uint64_t frame_samples() const {
        return is_events() ? 1 : std::uint64_t{rows} * cols;
    }
};

/// The arithmetic of a degraded sensor: which columns are dead, which gain each has.
class Degradation {
public:
    /// What goes wrong, drawn from the seed.
    struct Config {
        std::uint64_t from_frame = std::numeric_limits<std::uint64_t>::max();  ///< since reset
        std::uint32_t dead_columns = 0;  ///< columns that read zero
        std::uint32_t dead_first = 0;    ///< they are drawn from dead_first ... dead_last
        std::uint32_t dead_last = 65535;
        std::uint32_t gain_error_q8 = 0;  ///< gain of a column is 1 ± this / 256
    };

    Degradation(const Config& config, std::uint32_t columns, const Random& random);

    /// Changes a frame of `source`'s shape in place.
    void apply(const FrameSource& source, std::vector<std::uint8_t>& frame) const;
    [[nodiscard]] const std::vector<bool>& dead() const { return dead_; }
    [[nodiscard]] const std::vector<std::uint32_t>& gain_q8() const { return gain_q8_; }

private:
    std::vector<bool> dead_;
    std::vector<std::uint32_t> gain_q8_;
};

/// Order in which pass `pass` over a window of `count` frames plays them when shuffled.
[[nodiscard]] std::vector<std::uint32_t> shuffled_order(std::uint32_t count, std::uint64_t pass,
                                                        const Random& random);

}  // namespace cimera
