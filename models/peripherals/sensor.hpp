// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <cstdint>
#include <deque>
#include <limits>
#include <vector>

#include "models/common/irq.hpp"
#include "models/common/peripheral.hpp"
#include "models/common/random.hpp"

namespace cimera {

/// Frames that a sensor plays back, as the platform loaded them.
struct FrameSource {
    std::uint32_t rows = 0;
    std::uint32_t cols = 0;
    std::uint32_t sample_bytes = 1;     ///< 1 (unsigned), 2 or 4 (two's complement), little endian
    std::vector<std::uint8_t> samples;  ///< frame after frame, row by row
    std::vector<std::uint32_t> labels;  ///< one a frame; empty: none

    [[nodiscard]] std::uint32_t frame_bytes() const { return rows * cols * sample_bytes; }
    [[nodiscard]] std::uint32_t frames() const {
        return frame_bytes() == 0 ? 0 : static_cast<std::uint32_t>(samples.size() / frame_bytes());
    }
};

/// The arithmetic of a degraded sensor: which columns are dead, which gain each has.
class Degradation {
public:
    /// What goes wrong, drawn from the seed.
    struct Config {
        std::uint64_t from_frame = std::numeric_limits<std::uint64_t>::max();  ///< since reset
        std::uint32_t dead_columns = 0;       ///< columns that read zero
        std::uint32_t dead_first = 0;         ///< they are drawn from dead_first ... dead_last
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

/// Sensor front-end: plays frames of a source at a fixed rate into a FIFO of whole frames.
/// A frame that finds the FIFO full is lost and counted.
class Sensor final : public Peripheral {
public:
    struct Config {
        Picoseconds period = 0;        ///< from frame to frame
        std::uint32_t fifo_bytes = 0;  ///< whole frames are kept
        Degradation::Config degradation;
    };

    IrqPort irq{"irq"};
    IrqPort request{"request"};  ///< of a DMA: the frame at the head has bytes to read

    Sensor(const sc_core::sc_module_name& name, const Environment& env, const Config& config,
           FrameSource source, std::uint64_t seed);

    [[nodiscard]] std::uint64_t overflows() const { return overflows_; }
    [[nodiscard]] std::uint64_t delivered() const { return delivered_; }

private:
    struct Frame {
        std::uint32_t index;
        Picoseconds arrival;
        std::vector<std::uint8_t> bytes;
    };

    void reset_device(ResetKind kind) override;
    void describe_source();
    void control(std::uint32_t value);
    void start();
    void next_pass();
    void arrive();
    void raise(std::uint32_t event);
    std::uint32_t pop_data();
    void drop_head();
    void update_irq();
    void update_request();

    Config config_;
    FrameSource source_;
    Random random_;
    Degradation degradation_;
    std::deque<Frame> fifo_;
    std::size_t read_position_ = 0;
    bool running_ = false;
    bool ended_ = false;
    std::uint32_t window_first_ = 0;
    std::uint32_t window_count_ = 0;
    std::uint32_t position_ = 0;
    std::uint64_t passes_ = 0;
    std::vector<std::uint32_t> order_;  // empty: sequential
    OwnerId owner_ = 0;                 // who started the window
    std::uint64_t delivered_ = 0;
    std::uint64_t overflows_ = 0;
    Picoseconds reset_time_ = 0;
    Picoseconds next_arrival_ = 0;
    sc_core::sc_event due_;
};

}  // namespace cimera
