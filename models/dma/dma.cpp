// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "models/dma/dma.hpp"

#include <algorithm>
#include <bit>

#include <fmt/format.h>

#include "regs/dma.hpp"

namespace cimera::dma {

using namespace regs::dma;

namespace {

enum DmaEvent : std::size_t { descriptor_event, beat_event, clock_event };

constexpr unsigned beat = 8;             // bytes of the data path
constexpr unsigned arbitration = 1;      // cycles before each step
constexpr unsigned decode_cycles = 2;    // of a descriptor
constexpr Picoseconds lead = 1'000'000;  // at most, plus a step: ahead of the kernel

std::vector<EventKind> own_events() {
    return {{"dma.descriptor", {{"dma.descriptor"}}},
            {"dma.beat", {{"dma.beat"}}},
            {"clock", {{"dma.clock"}}, CountKind::clock}};
}

}  // namespace

Dma::Dma(const sc_core::sc_module_name& name, const Environment& environment,
         const DmaConfig& config)
    : Peripheral(name, block, environment, own_events(),
                 {{"dma.channel", static_cast<double>(config.channels)},
                  {"dma.buffer", static_cast<double>(config.burst)}}),
      master("master", environment.timing),
      config_(config),
      lanes_(config.channels, Lane(config.burst)) {
    for (Line& line : lines_) {
        line.dma = this;
    }
    define_registers();
    // IEEE 1666-2011, 11.1.1.4: b_transport is for threads alone.
    sc_core::sc_spawn([this] { run(); }, "engine");
}

void Dma::define_registers() {
    regs.on_read(CAPABILITY, [this] {
        return CAPABILITY_CHANNELS::of(config_.channels) |
               CAPABILITY_BURST::of(static_cast<std::uint32_t>(std::countr_zero(config_.burst))) |
               CAPABILITY_REQUESTS::of(request_lines);
    });
    regs.on_read(PENDING, [this] { return pending(); });
    regs.on_write(START, [this](std::uint32_t value, std::uint32_t c) { start(c, value); });
    regs.on_write(CTRL, [this](std::uint32_t value, std::uint32_t c) { control(c, value); });
    for (const std::uint32_t offset : {IRQ_ENABLE, IRQ_STATUS}) {
        regs.on_write(offset, [this](std::uint32_t, std::uint32_t c) {
            if (exists(c)) {
                update_irq();
            }
        });
    }
    const auto show = [this](std::uint32_t offset, auto value) {
        regs.on_read(offset, [this, value](std::uint32_t c) {
            return c < lanes_.size() ? value(lanes_[c].channel) : 0U;
        });
    };
    regs.on_read(STATUS, [this](std::uint32_t c) { return status(c); });
    show(DESCRIPTOR, [](const Channel& channel) { return channel.descriptor(); });
    show(BYTES, [](const Channel& channel) { return channel.bytes(); });
    show(COMPLETED, [](const Channel& channel) { return channel.completed(); });
    show(ERROR, [](const Channel& channel) {
        return ERROR_CODE::of(static_cast<std::uint32_t>(channel.failure().error)) |
               ERROR_WRITE::of(channel.failure().write ? 1 : 0);
    });
    show(ERROR_ADDRESS, [](const Channel& channel) { return channel.failure().address; });
}

void Dma::reset_device(ResetKind /*kind*/) {
    ++generation_;
    for (Lane& lane : lanes_) {
        lane.channel.reset();
        lane.busy = false;
        lane.work.end(Work::End::aborted, now());
        lane.untold = {};
    }
    arbiter_.reset();
    wake_.cancel();
    working_ = false;
    due_ = 0;
    update_irq();
}

void Dma::on_list(const WorkListener& listener) {
    for (Lane& lane : lanes_) {
        lane.work.listen(listener);
    }
}

void Dma::tell_unfinished() {
    for (Lane& lane : lanes_) {
        lane.work.end(Work::End::unfinished, kernel_now());
    }
}

// --- registers -----------------------------------------------------------------------------

bool Dma::exists(std::uint32_t channel) {
    if (channel < lanes_.size()) {
        return true;
    }
    regs.refuse(fmt::format("there are {} channels", lanes_.size()));
    return false;
}

std::uint32_t Dma::status(std::uint32_t channel) const {
    if (channel >= lanes_.size()) {
        return 0;
    }
    const Lane& lane = lanes_[channel];
    return STATUS_BUSY::of(lane.busy ? 1 : 0) | STATUS_WAITING::of(waits_for_line(lane) ? 1 : 0);
}

std::uint32_t Dma::pending() const {
    std::uint32_t channels = 0;
    for (std::size_t c = 0; c < lanes_.size(); ++c) {
        channels |= ((reg(IRQ_STATUS, c) & reg(IRQ_ENABLE, c)) != 0 ? 1U : 0U) << c;
    }
    return channels;
}

void Dma::update_irq() {
    irq.drive(pending() != 0, now());
}

void Dma::start(std::uint32_t channel, std::uint32_t descriptor) {
    if (!exists(channel)) {
        return;
    }
    Lane& lane = lanes_[channel];
    if (lane.busy) {
        regs.refuse("the channel is busy");
        return;
    }
    lane.busy = true;
    lane.ready_at = env.clock.edge_at_or_after(now());
    lane.owner = env.ledger.with_initiator(caller(), name());
    lane.pc = caller_pc();
    lane.list = ++lists_;
    lane.aborted = false;
    lane.work.begin({name(), "list", channel, config_.channels, lane.list, descriptor, lane.owner,
                     lane.pc, lane.ready_at});
    lane.channel.start(descriptor);
    kick(lane.ready_at);
}

void Dma::control(std::uint32_t channel, std::uint32_t value) {
    if (!exists(channel)) {
        return;
    }
    if (CTRL_ABORT::get(value) != 0) {
        Lane& lane = lanes_[channel];
        lane.channel.abort();
        lane.busy = lane.channel.busy();
        lane.untold = {};
        lane.aborted = true;
        if (!lane.busy) {
            lane.work.end(Work::End::aborted, now());
        }
    }
    kick(env.clock.edge_at_or_after(now()));
}

void Dma::Line::set(bool now_high, Picoseconds at) {
    level = now_high;
    if (level) {
        dma->kick(dma->env.clock.edge_at_or_after(at));
    }
}

bool Dma::busy() const {
    return std::any_of(lanes_.begin(), lanes_.end(), [](const Lane& lane) { return lane.busy; });
}

// --- engine --------------------------------------------------------------------------------

void Dma::sleep(const sc_core::sc_time& delay) {
    working_ = true;
    due_ = kernel_now() + delay.value();
    wake_.cancel();
    wake_.notify(delay);
}

/// Something has changed at `at`: an engine that found nothing to do looks again.
void Dma::kick(Picoseconds at) {
    if (!working_) {
        sleep(sc_core::sc_time::from_value(std::max({at, due_, kernel_now()}) - kernel_now()));
    }
}

/// Transfers take time: a reset and another wake-up may come while one lasts.
void Dma::run() {
    for (;;) {
        while (!working_ || kernel_now() < due_) {
            sc_core::wait(wake_);
        }
        advance();
    }
}

/// Steps from now on, until something is to be told at an instant that the kernel has not reached.
void Dma::advance() {
    sc_core::sc_time delay = sc_core::SC_ZERO_TIME;
    for (std::uint32_t c = 0; c < lanes_.size(); ++c) {
        tell(c);
    }
    for (;;) {
        const Picoseconds at = kernel_now() + delay.value();
        if (delay != sc_core::SC_ZERO_TIME && anyone_paced()) {
            sleep(delay);  // a line's level is that of the kernel's time
            return;
        }
        const std::optional<unsigned> next = pick(at);
        if (!next) {
            break;
        }
        const std::uint64_t generation = generation_;
        serve(lanes_[*next], delay);
        if (generation != generation_) {
            return;
        }
        const Step& step = lanes_[*next].untold;
        if (step.half || step.done || step.failed || !lanes_[*next].channel.busy() ||
            delay.value() >= lead) {
            sleep(delay);
            return;
        }
    }
    due_ = kernel_now() + delay.value();
    working_ = false;
    constexpr Picoseconds never = ~Picoseconds{0};
    Picoseconds next = never;
    for (const Lane& lane : lanes_) {
        if (lane.busy && lane.ready_at > due_) {
            next = std::min(next, lane.ready_at);
        }
    }
    if (next != never) {
        kick(next);
    }
}

bool Dma::waits_for_line(const Lane& lane) const {
    const std::optional<unsigned> line = lane.channel.request();
    return line && !lines_[*line].level;
}

bool Dma::anyone_paced() const {
    return std::any_of(lanes_.begin(), lanes_.end(),
                       [](const Lane& lane) { return lane.channel.request().has_value(); });
}

std::optional<unsigned> Dma::pick(Picoseconds at) {
    std::array<std::optional<std::uint32_t>, most_channels> wishes;
    for (std::size_t c = 0; c < lanes_.size(); ++c) {
        const std::uint32_t control = reg(CTRL, c);
        if (lanes_[c].channel.busy() && lanes_[c].ready_at <= at && CTRL_PAUSE::get(control) == 0 &&
            !waits_for_line(lanes_[c])) {
            wishes[c] = CTRL_PRIORITY::get(control);
        }
    }
    return arbiter_.pick(std::span(wishes).first(lanes_.size()));
}

void Dma::serve(Lane& lane, sc_core::sc_time& delay) {
    const std::uint64_t generation = generation_;
    const Picoseconds began = kernel_now() + delay.value();
    const Picoseconds period = env.clock.period();
    transaction_.tag.owner = lane.owner;
    transaction_.tag.pc = lane.pc;
    transaction_.tag.job = lane.list;
    delay += sc_core::sc_time::from_value(arbitration * period);
    delay_ = &delay;
    const Step step = lane.channel.step(*this);
    if (generation != generation_) {
        return;
    }
    if (step.decoded) {
        delay += sc_core::sc_time::from_value(decode_cycles * period);
        meter.add(lane.owner, own_event(descriptor_event), 1);
        lane.work.count(meter, own_event(descriptor_event), 1);
    }
    const std::uint64_t beats = (step.moved + beat - 1) / beat;
    meter.add(lane.owner, own_event(beat_event), beats);
    lane.work.count(meter, own_event(beat_event), beats);
    const Picoseconds end = env.clock.edge_at_or_after(kernel_now() + delay.value());
    meter.add(lane.owner, own_event(clock_event), env.clock.cycles_for(end - began));
    delay = sc_core::sc_time::from_value(end - kernel_now());
    lane.untold = step;
}

/// At its instant: what the last step of a channel has brought about.
void Dma::tell(std::uint32_t channel) {
    Lane& lane = lanes_[channel];
    const Step step = lane.untold;
    lane.untold = {};
    lane.busy = lane.channel.busy();
    if (!lane.busy) {
        lane.work.end(lane.aborted  ? Work::End::aborted
                      : step.failed ? Work::End::failed
                                    : Work::End::done,
                      kernel_now());
    }
    if (!step.half && !step.done && !step.failed) {
        return;
    }
    if (step.failed) {
        const Failure& failure = lane.channel.failure();
        report_error(
            fmt::format("channel {}, descriptor 0x{:x}", channel, lane.channel.descriptor()),
            fmt::format("{} at 0x{:x}, {} bytes written", describe(failure.error), failure.address,
                        lane.channel.bytes()),
            lane.pc);
    }
    reg(IRQ_STATUS, channel) |= IRQ_STATUS_DONE::of(step.done ? 1 : 0) |
                                IRQ_STATUS_HALF::of(step.half ? 1 : 0) |
                                IRQ_STATUS_ERROR::of(step.failed ? 1 : 0);
    update_irq();
}

// --- bus -----------------------------------------------------------------------------------

bool Dma::transport(tlm::tlm_command command, std::uint32_t address, std::uint8_t* bytes,
                    unsigned length) {
    tlm::tlm_generic_payload& payload = transaction_.prepare(command, address, bytes, length);
    master.transport(payload, *delay_);
    return payload.is_response_ok();
}

bool Dma::read(std::uint32_t address, std::uint8_t* bytes, unsigned length) {
    return transport(tlm::TLM_READ_COMMAND, address, bytes, length);
}

bool Dma::write(std::uint32_t address, const std::uint8_t* bytes, unsigned length) {
    // A payload has one pointer for both directions.
    return transport(tlm::TLM_WRITE_COMMAND, address, const_cast<std::uint8_t*>(bytes), length);
}

}  // namespace cimera::dma
