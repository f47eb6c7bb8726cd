// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "models/peripherals/sensor.hpp"

#include <algorithm>
#include <cstring>
#include <numeric>
#include <utility>

#include "models/peripherals/clint.hpp"
#include "regs/sensor.hpp"

namespace cimera {

using namespace regs::sensor;

namespace {

constexpr std::size_t sample_event = 0;
constexpr std::uint32_t no_label = 0xFFFFFFFF;

// Streams of the sensor's random numbers.
constexpr std::uint32_t stream_dead = 1;
constexpr std::uint32_t stream_gain = 2;
constexpr std::uint32_t stream_order = 3;

std::int64_t load_sample(const std::uint8_t* from, std::uint32_t size) {
    if (size == 1) {
        return *from;
    }
    std::uint32_t raw = 0;
    std::memcpy(&raw, from, size);
    return size == 2 ? static_cast<std::int16_t>(raw) : static_cast<std::int32_t>(raw);
}

std::int64_t saturate(std::int64_t value, std::uint32_t size) {
    const std::int64_t high = size == 1 ? 255 : (std::int64_t{1} << (8 * size - 1)) - 1;
    return std::clamp<std::int64_t>(value, size == 1 ? 0 : -high - 1, high);
}

}  // namespace

Degradation::Degradation(const Config& config, std::uint32_t columns, const Random& random)
    : dead_(columns, false), gain_q8_(columns, 256) {
    if (columns != 0) {
        const std::uint32_t last = std::min(config.dead_last, columns - 1);
        const std::uint32_t first = std::min(config.dead_first, last);
        std::vector<std::uint32_t> pool(last - first + 1);
        std::iota(pool.begin(), pool.end(), first);
        const auto size = static_cast<std::uint32_t>(pool.size());
        for (std::uint32_t i = 0; i < std::min(config.dead_columns, size); ++i) {
            std::swap(pool[i], pool[i + random.below(size - i, stream_dead, i, 0)]);
            dead_[pool[i]] = true;
        }
    }
    const std::uint32_t spread = config.gain_error_q8;
    for (std::uint32_t c = 0; c < columns; ++c) {
        gain_q8_[c] = 256 - spread + random.below(2 * spread + 1, stream_gain, c, 0);
    }
}

void Degradation::apply(const FrameSource& source, std::vector<std::uint8_t>& frame) const {
    const std::uint32_t size = source.sample_bytes;
    for (std::size_t i = 0; i < frame.size() / size; ++i) {
        const std::size_t column = i % source.cols;
        const std::int64_t sample = load_sample(&frame[i * size], size);
        const std::int64_t seen =
            dead_[column] ? 0 : saturate((sample * gain_q8_[column] + 128) >> 8, size);
        std::memcpy(&frame[i * size], &seen, size);
    }
}

std::vector<std::uint32_t> shuffled_order(std::uint32_t count, std::uint64_t pass,
                                          const Random& random) {
    std::vector<std::uint32_t> order(count);
    std::iota(order.begin(), order.end(), 0U);
    for (std::uint32_t i = count; i-- > 1;) {
        std::swap(order[i], order[random.below(i + 1, stream_order, i, pass)]);
    }
    return order;
}

Sensor::Sensor(const sc_core::sc_module_name& name, const Environment& environment,
               const Config& config, FrameSource source, std::uint64_t seed)
    : Peripheral(name, block, environment, {{"sensor.sample", {{"sensor.sample"}}}},
                 {{"sensor", 1}, {"sram_small", static_cast<double>(config.fifo_bytes)}}),
      config_(config),
      source_(std::move(source)),
      random_(seed, this->name()),
      degradation_(config.degradation, source_.cols, random_) {
    describe_source();
    regs.on_write(CTRL, [this](std::uint32_t value) { control(value); });
    regs.on_write(IRQ_ENABLE, [this](std::uint32_t) { update_irq(); });
    regs.on_write(IRQ_STATUS, [this](std::uint32_t) { update_irq(); });
    regs.on_write(NEXT, [this](std::uint32_t) { drop_head(); });
    regs.on_read(DATA, [this] { return pop_data(); });
    regs.on_read(STATUS, [this] {
        return STATUS_READY::of(fifo_.empty() ? 0 : 1) | STATUS_END::of(ended_ ? 1 : 0) |
               STATUS_LEVEL::of(static_cast<std::uint32_t>(fifo_.size()));
    });
    regs.on_read(LABEL, [this] {
        return fifo_.empty() || source_.labels.empty() ? no_label
                                                       : source_.labels[fifo_.front().index];
    });
    regs.on_read(INDEX, [this] { return fifo_.empty() ? 0 : fifo_.front().index; });
    const auto arrival = [this] {
        return fifo_.empty() ? 0 : (fifo_.front().arrival - reset_time_) / Clint::tick;
    };
    regs.on_read(TIME_LO, [arrival] { return static_cast<std::uint32_t>(arrival()); });
    regs.on_read(TIME_HI, [arrival] { return static_cast<std::uint32_t>(arrival() >> 32); });
    regs.on_read(OVERFLOWS, [this] { return static_cast<std::uint32_t>(overflows_); });
    regs.on_read(DELIVERED, [this] { return static_cast<std::uint32_t>(delivered_); });
    sc_core::sc_spawn_options options;
    options.spawn_method();
    options.dont_initialize();
    options.set_sensitivity(&due_);
    sc_core::sc_spawn([this] { arrive(); }, "due", &options);
}

void Sensor::describe_source() {
    const bool connected = source_.frames() != 0;
    const std::uint32_t capability = CAPABILITY_CONNECTED::of(connected ? 1 : 0) |
                                     CAPABILITY_LABELS::of(source_.labels.empty() ? 0 : 1) |
                                     CAPABILITY_BYTES::of(source_.sample_bytes);
    regs.on_read(CAPABILITY, [capability] { return capability; });
    regs.on_read(SHAPE,
                 [this] { return SHAPE_ROWS::of(source_.rows) | SHAPE_COLS::of(source_.cols); });
    regs.on_read(FRAME_BYTES, [this] { return source_.frame_bytes(); });
    regs.on_read(FRAMES, [this] { return source_.frames(); });
    regs.on_read(PERIOD, [this] { return static_cast<std::uint32_t>(config_.period / 1000); });
}

void Sensor::reset_device(ResetKind /*kind*/) {
    due_.cancel();
    fifo_.clear();
    read_position_ = 0;
    running_ = false;
    ended_ = false;
    passes_ = 0;
    delivered_ = 0;
    overflows_ = 0;
    reset_time_ = now();
    update_irq();
    update_request();
}

void Sensor::control(std::uint32_t value) {
    if (CTRL_FLUSH::get(value) != 0) {
        fifo_.clear();
        read_position_ = 0;
        update_request();
    }
    const bool run = CTRL_RUN::get(value) != 0;
    if (run && !running_) {
        start();
    } else if (!run) {
        running_ = false;
        due_.cancel();
    }
}

void Sensor::start() {
    const std::uint32_t frames = source_.frames();
    if (frames == 0) {
        regs.refuse("no source of frames is connected");
        return;
    }
    const std::uint32_t first = regs[FIRST];
    const std::uint32_t count = regs[COUNT];
    if (first >= frames || count > frames - first) {
        regs.refuse("the window lies outside the source's frames");
        return;
    }
    window_first_ = first;
    window_count_ = count == 0 ? frames - first : count;
    owner_ = caller();
    running_ = true;
    ended_ = false;
    next_pass();
    next_arrival_ = now() + config_.period;
    due_.cancel();
    due_.notify(sc_core::sc_time::from_value(next_arrival_ - kernel_now()));
}

void Sensor::next_pass() {
    position_ = 0;
    order_.clear();
    if (CTRL_SHUFFLE::get(regs[CTRL]) != 0) {
        order_ = shuffled_order(window_count_, passes_++, random_);
    }
}

void Sensor::arrive() {
    const std::uint32_t index = window_first_ + (order_.empty() ? position_ : order_[position_]);
    const std::uint32_t bytes = source_.frame_bytes();
    meter.add(owner_, own_event(sample_event), std::uint64_t{source_.rows} * source_.cols);
    if ((fifo_.size() + 1) * bytes > config_.fifo_bytes) {
        ++overflows_;
        raise(IRQ_STATUS_OVERFLOW::mask);
    } else {
        const auto from =
            source_.samples.begin() + static_cast<std::ptrdiff_t>(std::size_t{index} * bytes);
        Frame frame{index, now(), {from, from + bytes}};
        if (delivered_ >= config_.degradation.from_frame) {
            degradation_.apply(source_, frame.bytes);
        }
        fifo_.push_back(std::move(frame));
        update_request();
        raise(IRQ_STATUS_FRAME::mask);
    }
    ++delivered_;
    if (++position_ == window_count_) {
        if (CTRL_LOOP::get(regs[CTRL]) == 0) {
            running_ = false;
            ended_ = true;
            regs[CTRL] &= ~CTRL_RUN::mask;
            raise(IRQ_STATUS_END::mask);
            return;
        }
        next_pass();
    }
    next_arrival_ += config_.period;
    due_.notify(sc_core::sc_time::from_value(next_arrival_ - kernel_now()));
}

void Sensor::raise(std::uint32_t event) {
    regs[IRQ_STATUS] |= event;
    update_irq();
}

std::uint32_t Sensor::pop_data() {
    if (fifo_.empty()) {
        regs.refuse("read of DATA while no frame is at the head of the FIFO");
        return 0;
    }
    const std::vector<std::uint8_t>& bytes = fifo_.front().bytes;
    std::uint32_t word = 0;
    if (read_position_ < bytes.size()) {
        std::memcpy(&word, &bytes[read_position_],
                    std::min<std::size_t>(4, bytes.size() - read_position_));
        read_position_ += 4;
        update_request();
    }
    return word;
}

void Sensor::drop_head() {
    if (fifo_.empty()) {
        regs.refuse("NEXT while no frame is at the head of the FIFO");
        return;
    }
    fifo_.pop_front();
    read_position_ = 0;
    update_request();
}

void Sensor::update_irq() {
    irq.drive((regs[IRQ_STATUS] & regs[IRQ_ENABLE]) != 0, now());
}

void Sensor::update_request() {
    request.drive(!fifo_.empty() && read_position_ < fifo_.front().bytes.size(), now());
}

}  // namespace cimera
