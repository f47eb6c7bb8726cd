// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <cstdint>
#include <deque>
#include <utility>
#include <vector>

#include "models/common/irq.hpp"
#include "models/common/peripheral.hpp"
#include "models/peripherals/sensor_source.hpp"

namespace cimera {

/// Sensor front-end: plays frames of a source at its rate, or address events at their own times,
/// into a FIFO of whole ones, for the host or a DMA. One that finds the FIFO full is lost and
/// counted. "Frame" below is an address event where the source has these.
class Sensor final : public Peripheral {
public:
    struct Config {
        Period period;                 ///< from frame to frame; events: of their microsecond
        std::uint32_t fifo_bytes = 0;  ///< whole frames are kept
        Degradation::Config degradation;
    };

    IrqPort irq{"irq"};
    /// Of a DMA: the frame at the head has bytes to read; with STREAM a burst of REQUEST bytes can
    /// be read, or what the window has left.
    IrqPort request{"request"};

    Sensor(const sc_core::sc_module_name& name, const Environment& env, const Config& config,
           FrameSource source, std::uint64_t seed);

    [[nodiscard]] std::uint64_t overflows() const { return overflows_; }
    [[nodiscard]] std::uint64_t delivered() const { return delivered_; }
    [[nodiscard]] bool plays_events() const { return source_.is_events(); }

private:
    struct Frame {
        std::uint32_t index;
        Picoseconds arrival;
        std::vector<std::uint8_t> bytes;
    };
    /// Room of a frame that its reader drops, who may be ahead of the kernel.
    struct Leaving {
        Picoseconds at;
        std::size_t bytes;
    };

    void reset_device(ResetKind kind) override;
    void describe_source();
    void describe_head();
    void control(std::uint32_t value);
    void start();
    void next_pass();
    void schedule();
    void arrive();
    void deliver();
    [[nodiscard]] std::uint32_t upcoming() const {
        return window_first_ + (order_.empty() ? position_ : order_[position_]);
    }
    [[nodiscard]] std::uint32_t label_of(std::uint32_t index) const;
    [[nodiscard]] std::uint64_t ticks(Picoseconds at) const;
    [[nodiscard]] std::uint32_t tag_bytes() const;
    [[nodiscard]] Frame make_frame(std::uint32_t index) const;
    [[nodiscard]] bool has_room(std::size_t bytes);
    void raise(std::uint32_t event);
    std::uint32_t pop_data();
    void drop_head();
    void flush();
    void update_request();
    void update_irq();

    Config config_;
    FrameSource source_;
    Random random_;
    Degradation degradation_;
    std::deque<Frame> fifo_;
    std::vector<Leaving> leaving_;
    std::size_t kept_ = 0;    // bytes in the FIFO, those that leave included
    std::size_t unread_ = 0;  // bytes that DATA has left, in whole words
    std::size_t read_position_ = 0;
    bool running_ = false;
    bool ended_ = false;
    bool tagged_ = false;
    std::uint32_t window_first_ = 0;
    std::uint32_t window_count_ = 0;
    std::uint32_t position_ = 0;
    std::uint64_t passes_ = 0;
    std::vector<std::uint32_t> order_;  // empty: sequential
    OwnerId owner_ = 0;                 // who started the window
    std::uint64_t delivered_ = 0;
    std::uint64_t overflows_ = 0;
    Picoseconds reset_time_ = 0;
    Picoseconds started_ = 0;
    std::uint64_t pass_begin_ = 0;  // in periods since the start
    std::uint64_t due_at_ = 0;      // likewise, of the next arrival
    Picoseconds next_arrival_ = 0;
    sc_core::sc_event due_;
};

}  // namespace cimera
