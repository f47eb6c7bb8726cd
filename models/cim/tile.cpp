// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "models/cim/tile.hpp"

#include <algorithm>
#include <cstring>

#include <fmt/format.h>

#include "models/cim/tile_events.hpp"
#include "regs/cim.hpp"

namespace cimera::cim {

using namespace regs::cim;

namespace {

std::vector<EventKind> all_events(const Array& array) {
    std::vector<EventKind> events = {
        {"l1.read", {{"sram_small.read.32"}}},        {"l1.write", {{"sram_small.write.32"}}},
        {"cim.post_process", {{"cim.post_process"}}}, {"cim.control", {{"cim.control"}}},
        {"clock", {{"cim.clock"}}, CountKind::clock}, {"mac", {}, CountKind::operation}};
    events.insert(events.end(), array.events().begin(), array.events().end());
    return events;
}

std::vector<LeakageTerm> all_leakage(const Array& array, const TileConfig& config) {
    std::vector<LeakageTerm> leakage = array.leakage();
    leakage.push_back({"sram_small", static_cast<double>(config.l1_in + config.l1_out)});
    return leakage;
}

}  // namespace

Tile::Tile(const sc_core::sc_module_name& name, const Environment& environment,
           const TileConfig& config, std::unique_ptr<Array> array)
    : Peripheral(name, block, environment, all_events(*array), all_leakage(*array, config)),
      master("master", environment.timing),
      config_(config),
      array_(std::move(array)),
      l1_in_(config.l1_in, 0),
      l1_out_(config.l1_out, 0),
      l1_out_offset_(block.size + config.l1_in),
      array_offset_(l1_out_offset_ + config.l1_out) {
    define_registers();
    // A thread in both coding styles: b_transport is not for methods (IEEE 1666-2011, 11.1.1.4).
    sc_core::sc_spawn([this] { run(); }, "sequencer");
}

void Tile::define_registers() {
    const Geometry& g = array_->geometry();
    const auto constant = [this](std::uint32_t offset, std::uint32_t value) {
        regs.on_read(offset, [value] { return value; });
    };
    constant(CAPABILITY0, CAPABILITY0_MACROS::of(g.macros) | CAPABILITY0_QUEUE::of(config_.queue));
    constant(CAPABILITY1, CAPABILITY1_ROWS::of(g.rows) | CAPABILITY1_COLS::of(g.cols));
    constant(CAPABILITY2, CAPABILITY2_WEIGHT_BITS::of(g.weight_bits) |
                              CAPABILITY2_INPUT_BITS::of(8) |
                              CAPABILITY2_ARRAY::of(static_cast<std::uint32_t>(array_->type())) |
                              CAPABILITY2_ENCODING::of(array_->encoding()) |
                              CAPABILITY2_SIGN_BITS::of(g.sign_bits));
    constant(L1_IN_OFFSET, block.size);
    constant(L1_IN_SIZE, config_.l1_in);
    constant(L1_OUT_OFFSET, l1_out_offset_);
    constant(L1_OUT_SIZE, config_.l1_out);
    constant(ARRAY_OFFSET, array_offset_);
    constant(ARRAY_SIZE, static_cast<std::uint32_t>(g.bytes()));
    regs.on_write(CTRL, [this](std::uint32_t value) {
        if (CTRL_ABORT::get(value) != 0) {
            abort();
        }
    });
    regs.on_read(STATUS, [this] {
        return STATUS_BUSY::of(step_ != Step::idle ? 1 : 0) |
               STATUS_FULL::of(queue_.size() >= config_.queue ? 1 : 0) |
               STATUS_QUEUED::of(static_cast<std::uint32_t>(queue_.size()));
    });
    regs.on_write(IRQ_ENABLE, [this](std::uint32_t) { update_irq(); });
    regs.on_write(IRQ_STATUS, [this](std::uint32_t) { update_irq(); });
    regs.on_write(JOB, [this](std::uint32_t value) { queue_job(value); });
    regs.on_read(JOBS_DONE, [this] { return jobs_done_; });
    regs.on_read(ERROR_CODE, [this] { return last_error_; });
    regs.on_read(ERROR_JOB, [this] { return error_job_; });
    regs.on_read(TAG, [this] { return tag_; });
    regs.on_read(SATURATIONS, [this] { return saturations_; });
}

void Tile::reset_device(ResetKind kind) {
    abort();
    jobs_done_ = 0;
    tag_ = 0;
    last_error_ = 0;
    error_job_ = 0;
    saturations_ = 0;
    if (kind == ResetKind::cold) {
        std::fill(l1_in_.begin(), l1_in_.end(), std::uint8_t{0});
        std::fill(l1_out_.begin(), l1_out_.end(), std::uint8_t{0});
        array_->power_off();
    }
    update_irq();
}

void Tile::abort() {
    queue_.clear();
    wake_.cancel();
    step_ = Step::idle;
    ++generation_;
}

void Tile::update_irq() {
    irq.drive((regs[IRQ_STATUS] & regs[IRQ_ENABLE]) != 0, now());
}

// --- windows -------------------------------------------------------------------------------

bool Tile::locate(std::uint64_t address, std::uint64_t length, Target& target) {
    const std::uint64_t array_end = array_offset_ + array_->geometry().bytes();
    if (address >= block.size && address + length <= l1_out_offset_) {
        target = {&l1_in_, address - block.size};
    } else if (address >= l1_out_offset_ && address + length <= array_offset_) {
        target = {&l1_out_, address - l1_out_offset_};
    } else if (address >= array_offset_ && address + length <= array_end) {
        target = {nullptr, address - array_offset_};
    } else {
        return false;
    }
    return true;
}

void Tile::window_transport(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay) {
    const unsigned length = payload.get_data_length();
    Target target{};
    if (!locate(payload.get_address(), length, target)) {
        report_error(fmt::format("offset 0x{:x}", payload.get_address()),
                     "no window at this offset");
        payload.set_response_status(tlm::TLM_ADDRESS_ERROR_RESPONSE);
        return;
    }
    if (payload.get_byte_enable_ptr() != nullptr) {
        payload.set_response_status(tlm::TLM_BYTE_ENABLE_ERROR_RESPONSE);
        return;
    }
    if (target.buffer == nullptr && step_ != Step::idle) {
        report_error(fmt::format("array+0x{:x}", target.offset),
                     "access to the cells while a job runs");
        payload.set_response_status(tlm::TLM_COMMAND_ERROR_RESPONSE);
        return;
    }
    delay += sc_core::sc_time::from_value(accesses(length) * env.clock.period());
    payload.set_response_status(tlm::TLM_OK_RESPONSE);
    if (target.buffer == nullptr) {
        access_array(payload, target.offset);
        return;
    }
    std::uint8_t* bytes = target.buffer->data() + target.offset;
    if (payload.is_read()) {
        std::memmove(payload.get_data_ptr(), bytes, length);
    } else {
        // A job may move its vector within its own L1.
        std::memmove(bytes, payload.get_data_ptr(), length);
    }
    TransactionTag::charge(payload, meter, own_event(payload.is_read() ? l1_read : l1_write),
                           accesses(length));
}

void Tile::access_array(tlm::tlm_generic_payload& payload, std::uint64_t offset) {
    const unsigned length = payload.get_data_length();
    for (unsigned i = 0; i < length; ++i) {
        if (payload.is_read()) {
            payload.get_data_ptr()[i] = array_->peek(offset + i);
        } else {
            array_->poke(offset + i, payload.get_data_ptr()[i]);
        }
    }
    Cost cost;
    array_->charge_access(payload.is_write(), length, cost);
    for (std::size_t e = 0; e < cost.counts.size(); ++e) {
        TransactionTag::charge(payload, meter, own_event(tile_event_count + e), cost.counts[e]);
    }
}

unsigned Tile::window_debug(tlm::tlm_generic_payload& payload) {
    Target target{};
    for (unsigned i = 0; i < payload.get_data_length(); ++i) {
        if (!locate(payload.get_address() + i, 1, target)) {
            return i;
        }
        std::uint8_t& byte = payload.get_data_ptr()[i];
        if (payload.is_read()) {
            byte = target.buffer != nullptr ? (*target.buffer)[target.offset]
                                            : array_->peek(target.offset);
        } else if (target.buffer != nullptr) {
            (*target.buffer)[target.offset] = byte;
        } else {
            array_->poke(target.offset, byte);
        }
    }
    return payload.get_data_length();
}

// --- sequencer -----------------------------------------------------------------------------

void Tile::wake(Step next, const sc_core::sc_time& delay) {
    step_ = next;
    due_ = kernel_now() + delay.value();
    wake_.cancel();  // of the step that goes on without waiting; an earlier one would win
    wake_.notify(delay);
}

void Tile::queue_job(std::uint32_t descriptor) {
    if (queue_.size() >= config_.queue) {
        regs.refuse("the queue is full");
        return;
    }
    queue_.push_back({descriptor, env.ledger.with_initiator(caller(), name()), caller_pc()});
    if (step_ == Step::idle) {
        current_ = queue_.front();
        queue_.pop_front();
        wake(Step::begin,
             sc_core::sc_time::from_value(env.clock.edge_at_or_after(now()) - kernel_now()));
    }
}

/// Transfers take time: an abort and another job's wake-up may come while one lasts.
void Tile::run() {
    for (;;) {
        while (step_ == Step::idle || kernel_now() < due_) {
            sc_core::wait(wake_);
        }
        advance();
    }
}

void Tile::advance() {
    sc_core::sc_time delay = sc_core::SC_ZERO_TIME;
    switch (step_) {
        case Step::idle:
            break;
        case Step::begin:
            begin_job(delay);
            break;
        case Step::work:
            run_job(delay);
            break;
        case Step::end:
            end_job();
            break;
    }
}

void Tile::end_job() {
    tag_ = job_.tag;
    if (error_ != JobError::none) {
        fail(error_);
    } else {
        ++jobs_done_;
        if (job_.interrupt) {
            regs[IRQ_STATUS] |= IRQ_STATUS_DONE::mask;
        }
    }
    step_ = Step::idle;
    if (error_ == JobError::none && job_.link != 0) {
        current_.descriptor = job_.link;
        wake(Step::begin, sc_core::SC_ZERO_TIME);
    } else if (!queue_.empty()) {
        current_ = queue_.front();
        queue_.pop_front();
        wake(Step::begin, sc_core::SC_ZERO_TIME);
    }
    update_irq();
}

void Tile::fail(JobError error) {
    last_error_ = static_cast<std::uint32_t>(error);
    error_job_ = current_.descriptor;
    regs[IRQ_STATUS] |= IRQ_STATUS_ERROR::mask;
    report_error(fmt::format("job descriptor 0x{:x}", current_.descriptor), describe(error),
                 current_.pc);
}

}  // namespace cimera::cim
