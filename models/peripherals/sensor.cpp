// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "models/peripherals/sensor.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include "models/peripherals/clint.hpp"
#include "regs/sensor.hpp"

namespace cimera {

using namespace regs::sensor;

namespace {

constexpr std::size_t sample_event = 0;
constexpr std::uint32_t no_label = 0xFFFFFFFF;
constexpr std::size_t word_bytes = 4;
constexpr std::size_t most_level = 65535;  // register STATUS has 16 bits for it

/// What DATA hands out for `bytes`: whole words.
std::size_t padded(std::size_t bytes) {
    return (bytes + word_bytes - 1) / word_bytes * word_bytes;
}

void append_word(std::vector<std::uint8_t>& bytes, std::uint32_t word) {
    for (unsigned shift = 0; shift < 32; shift += 8) {
        bytes.push_back(static_cast<std::uint8_t>(word >> shift));
    }
}

}  // namespace

Sensor::Sensor(const sc_core::sc_module_name& name, const Environment& environment,
               const Config& config, FrameSource source, std::uint64_t seed)
    : Peripheral(name, block, environment, {{"sensor.sample", {{"sensor.sample"}}}},
                 {{"sensor", 1}, {"sram_small", static_cast<double>(config.fifo_bytes)}}),
      config_(config),
      source_(std::move(source)),
      random_(seed, this->name()),
      degradation_(config.degradation, source_.cols, random_) {
    describe_source();
    describe_head();
    regs.on_write(CTRL, [this](std::uint32_t value) { control(value); });
    regs.on_write(IRQ_ENABLE, [this](std::uint32_t) { update_irq(); });
    regs.on_write(IRQ_STATUS, [this](std::uint32_t) { update_irq(); });
    regs.on_write(NEXT, [this](std::uint32_t) {
        if (fifo_.empty()) {
            regs.refuse("NEXT while no frame is at the head of the FIFO");
            return;
        }
        drop_head();
        update_request();
    });
    regs.on_write(REQUEST, [this](std::uint32_t bytes) {
        if (bytes > config_.fifo_bytes) {
            regs.refuse("more bytes than the FIFO holds");
            return;
        }
        update_request();
    });
    regs.on_read(STATUS, [this] {
        return STATUS_READY::of(fifo_.empty() ? 0 : 1) | STATUS_END::of(ended_ ? 1 : 0) |
               STATUS_LEVEL::of(
                   static_cast<std::uint32_t>(std::min<std::size_t>(fifo_.size(), most_level)));
    });
    regs.on_read(OVERFLOWS, [this] { return static_cast<std::uint32_t>(overflows_); });
    regs.on_read(DELIVERED, [this] { return static_cast<std::uint32_t>(delivered_); });
    spawn_method("due", {&due_}, [this] { arrive(); });
}

void Sensor::describe_source() {
    const bool connected = source_.frames() != 0;
    const std::uint32_t capability =
        CAPABILITY_CONNECTED::of(connected ? 1 : 0) |
        CAPABILITY_LABELS::of(source_.labels.empty() ? 0 : 1) |
        CAPABILITY_EVENTS::of(source_.is_events() ? 1 : 0) |
        CAPABILITY_BYTES::of(source_.is_events() ? word_bytes : source_.sample_bytes);
    regs.on_read(CAPABILITY, [capability] { return capability; });
    regs.on_read(SHAPE,
                 [this] { return SHAPE_ROWS::of(source_.rows) | SHAPE_COLS::of(source_.cols); });
    regs.on_read(FRAME_BYTES, [this] { return source_.frame_bytes(); });
    regs.on_read(FRAMES, [this] { return source_.frames(); });
    const std::uint64_t nanoseconds = (config_.period.times(1) + 500) / 1000;
    regs.on_read(PERIOD, [nanoseconds] { return static_cast<std::uint32_t>(nanoseconds); });
    regs.on_read(PERIOD_HI,
                 [nanoseconds] { return static_cast<std::uint32_t>(nanoseconds >> 32U); });
}

void Sensor::describe_head() {
    regs.on_read(DATA, [this] { return pop_data(); });
    regs.on_read(LABEL,
                 [this] { return fifo_.empty() ? no_label : label_of(fifo_.front().index); });
    regs.on_read(INDEX, [this] { return fifo_.empty() ? 0 : fifo_.front().index; });
    const auto arrival = [this] { return fifo_.empty() ? 0 : ticks(fifo_.front().arrival); };
    regs.on_read(TIME_LO, [arrival] { return static_cast<std::uint32_t>(arrival()); });
    regs.on_read(TIME_HI, [arrival] { return static_cast<std::uint32_t>(arrival() >> 32U); });
}

void Sensor::reset_device(ResetKind /*kind*/) {
    due_.cancel();
    fifo_.clear();
    leaving_.clear();
    kept_ = 0;
    unread_ = 0;
    read_position_ = 0;
    running_ = false;
    ended_ = false;
    tagged_ = false;
    passes_ = 0;
    delivered_ = 0;
    overflows_ = 0;
    reset_time_ = now();
    update_request();
    update_irq();
}

void Sensor::control(std::uint32_t value) {
    if (CTRL_FLUSH::get(value) != 0) {
        flush();
    }
    const bool run = CTRL_RUN::get(value) != 0;
    if (run && !running_) {
        start();
    } else if (!run) {
        running_ = false;
        due_.cancel();
    }
    update_request();
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
    const std::uint32_t options = regs[CTRL];
    if (source_.is_events() && CTRL_SHUFFLE::get(options) != 0) {
        regs.refuse("address events keep their order");
        return;
    }
    tagged_ = CTRL_TAG::get(options) != 0;
    if (tag_bytes() + source_.frame_bytes() > config_.fifo_bytes) {
        regs.refuse("a frame with its tag does not fit the FIFO");
        return;
    }
    window_first_ = first;
    window_count_ = count == 0 ? frames - first : count;
    owner_ = caller();
    running_ = true;
    ended_ = false;
    started_ = now();
    pass_begin_ = 0;
    next_pass();
    schedule();
}

void Sensor::next_pass() {
    position_ = 0;
    order_.clear();
    if (CTRL_SHUFFLE::get(regs[CTRL]) != 0) {
        order_ = shuffled_order(window_count_, passes_++, random_);
    }
}

/// The next arrival: one period after another, or as far into the pass as an event is in the
/// window.
void Sensor::schedule() {
    due_at_ = pass_begin_ + 1 +
              (source_.is_events() ? source_.events[upcoming()].microsecond -
                                         source_.events[window_first_].microsecond
                                   : position_);
    next_arrival_ = started_ + config_.period.times(due_at_);
    due_.cancel();
    due_.notify(sc_core::sc_time::from_value(next_arrival_ - kernel_now()));
}

void Sensor::arrive() {
    deliver();
    if (++position_ == window_count_) {
        if (CTRL_LOOP::get(regs[CTRL]) == 0) {
            running_ = false;
            ended_ = true;
            regs[CTRL] &= ~CTRL_RUN::mask;
            raise(IRQ_STATUS_END::mask);
            update_request();
            return;
        }
        pass_begin_ = due_at_;
        next_pass();
    }
    schedule();
    update_request();
}

void Sensor::deliver() {
    meter.add(owner_, own_event(sample_event), source_.frame_samples());
    Frame frame = make_frame(upcoming());
    if (has_room(frame.bytes.size())) {
        kept_ += frame.bytes.size();
        unread_ += padded(frame.bytes.size());
        fifo_.push_back(std::move(frame));
        if (fifo_.size() >= regs[WATERMARK]) {
            raise(IRQ_STATUS_FRAME::mask);
        }
    } else {
        ++overflows_;
        raise(IRQ_STATUS_OVERFLOW::mask);
    }
    ++delivered_;
}

std::uint32_t Sensor::label_of(std::uint32_t index) const {
    return source_.labels.empty() ? no_label : source_.labels[index];
}

std::uint64_t Sensor::ticks(Picoseconds at) const {
    return (at - reset_time_) / Clint::tick;
}

std::uint32_t Sensor::tag_bytes() const {
    return tagged_ ? 4 * static_cast<std::uint32_t>(word_bytes) : 0;
}

Sensor::Frame Sensor::make_frame(std::uint32_t index) const {
    Frame frame{index, kernel_now(), {}};
    const std::uint64_t arrival = ticks(frame.arrival);
    const std::uint32_t bytes = source_.frame_bytes();
    frame.bytes.reserve(tag_bytes() + bytes);
    if (tagged_) {
        append_word(frame.bytes, index);
        append_word(frame.bytes, label_of(index));
        append_word(frame.bytes, static_cast<std::uint32_t>(arrival));
        append_word(frame.bytes, static_cast<std::uint32_t>(arrival >> 32U));
    }
    if (source_.is_events()) {
        append_word(frame.bytes, source_.events[index].address());
        append_word(frame.bytes, static_cast<std::uint32_t>(arrival));
        return frame;
    }
    const auto from =
        source_.samples.begin() + static_cast<std::ptrdiff_t>(std::size_t{index} * bytes);
    std::vector<std::uint8_t> samples(from, from + bytes);
    if (delivered_ >= config_.degradation.from_frame) {
        degradation_.apply(source_, samples);
    }
    frame.bytes.insert(frame.bytes.end(), samples.begin(), samples.end());
    return frame;
}

bool Sensor::has_room(std::size_t bytes) {
    std::erase_if(leaving_, [this](const Leaving& frame) {
        const bool gone = frame.at <= kernel_now();
        kept_ -= gone ? frame.bytes : 0;
        return gone;
    });
    return kept_ + bytes <= config_.fifo_bytes;
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
                    std::min(word_bytes, bytes.size() - read_position_));
        read_position_ += word_bytes;
        unread_ -= word_bytes;
    }
    if (CTRL_STREAM::get(regs[CTRL]) != 0 && read_position_ >= bytes.size()) {
        drop_head();
    }
    update_request();
    return word;
}

void Sensor::drop_head() {
    const std::size_t bytes = fifo_.front().bytes.size();
    leaving_.push_back({now(), bytes});
    unread_ -= padded(bytes) - read_position_;
    fifo_.pop_front();
    read_position_ = 0;
}

void Sensor::flush() {
    while (!fifo_.empty()) {
        drop_head();
    }
}

void Sensor::update_request() {
    bool readable = !fifo_.empty() && read_position_ < fifo_.front().bytes.size();
    if (CTRL_STREAM::get(regs[CTRL]) != 0) {
        readable = unread_ != 0 && (unread_ >= regs[REQUEST] || ended_);
    }
    request.drive(readable, now());
}

void Sensor::update_irq() {
    irq.drive((regs[IRQ_STATUS] & regs[IRQ_ENABLE]) != 0, now());
}

}  // namespace cimera
