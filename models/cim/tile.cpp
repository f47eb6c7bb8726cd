// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "models/cim/tile.hpp"

#include <algorithm>
#include <cstring>

#include <fmt/format.h>

#include "regs/cim.hpp"

namespace cimera::cim {

using namespace regs::cim;

namespace {

// The tile's own kinds of event; the array's follow them.
enum TileEvent : std::size_t {
    l1_read,
    l1_write,
    post_process,
    control,
    tile_clock,
    mac,
    tile_event_count
};

constexpr unsigned l1_width = 4;       // bytes of an L1 access
constexpr unsigned decode_cycles = 2;  // of a descriptor

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
    leakage.push_back({"cim.macro", static_cast<double>(array.geometry().macros)});
    return leakage;
}

std::uint64_t accesses(std::uint64_t bytes) {
    return (bytes + l1_width - 1) / l1_width;
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
    if (env.power != nullptr) {
        env.power->on_change([this](PowerState state, Picoseconds at) {
            if (state == PowerState::off) {
                lose_power(at);
            }
        });
    }
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
    constant(CAPABILITY2,
             CAPABILITY2_WEIGHT_BITS::of(g.weight_bits) | CAPABILITY2_INPUT_BITS::of(8));
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

/// Jobs end here; the tile wakes up with their error and with noise in what was volatile.
void Tile::lose_power(Picoseconds at) {
    std::deque<Entry> lost = queue_;
    if (step_ != Step::idle) {
        lost.push_front(current_);
    }
    for (const Entry& job : lost) {
        env.diagnostics.firmware_error({at, job.pc, name(),
                                        fmt::format("job descriptor 0x{:x}", job.descriptor),
                                        describe(JobError::power)});
    }
    reset(ResetKind::cold);
    env.power->poison(l1_in_, std::string(name()) + ".l1_in");
    env.power->poison(l1_out_, std::string(name()) + ".l1_out");
    if (!array_->non_volatile()) {
        std::vector<std::uint8_t> noise(array_->geometry().bytes());
        env.power->poison(noise, std::string(name()) + ".array");
        for (std::size_t i = 0; i < noise.size(); ++i) {
            array_->poke(i, noise[i]);
        }
    }
    if (!lost.empty()) {
        last_error_ = static_cast<std::uint32_t>(JobError::power);
        error_job_ = lost.front().descriptor;
        regs[IRQ_STATUS] |= IRQ_STATUS_ERROR::mask;
    }
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

bool Tile::move(tlm::tlm_command command, std::uint32_t address, std::uint8_t* bytes,
                unsigned length, sc_core::sc_time& delay) {
    transaction_.tag.owner = current_.owner;
    transaction_.tag.pc = current_.pc;
    transaction_.tag.job = job_number_;
    tlm::tlm_generic_payload& payload = transaction_.prepare(command, address, bytes, length);
    master.transport(payload, delay);
    return payload.is_response_ok();
}

void Tile::wrote(std::uint64_t offset, std::uint64_t bytes) {
    if (report_write_ && bytes != 0) {
        report_write_(offset, offset + bytes - 1);
    }
}

void Tile::begin_job(sc_core::sc_time& delay) {
    const Picoseconds began = kernel_now();
    const std::uint64_t generation = generation_;
    ++job_number_;
    cost_ = {};
    job_ = {};
    own_counts_.fill(0);
    operands_.clear();
    delta_.clear();
    bias_.clear();
    std::array<std::uint32_t, Job::words> words{};
    if (current_.descriptor % 4 != 0) {
        error_ = JobError::descriptor;
    } else if (!move(tlm::TLM_READ_COMMAND, current_.descriptor,
                     reinterpret_cast<std::uint8_t*>(words.data()), sizeof words, delay)) {
        error_ = JobError::bus_read;
    } else {
        error_ = decode_job(words, array_->geometry(), config_.l1_in, config_.l1_out, job_);
    }
    if (error_ == JobError::none) {
        error_ = read_operands(delay);
    }
    if (generation != generation_) {
        return;
    }
    cost_.cycles += decode_cycles;
    if (error_ == JobError::none) {
        switch (job_.operation) {
            case Operation::program:
                run_program();
                break;
            case Operation::mvm:
            case Operation::mvm_transposed:
                run_product();
                break;
            case Operation::update:
                run_update();
                break;
            case Operation::read_back:
                run_read_back();
                break;
        }
    }
    own_counts_[control] += cost_.cycles;
    own_counts_[tile_clock] +=
        cost_.cycles + env.clock.cycles_for(kernel_now() + delay.value() - began);
    book();
    wake(Step::work, delay + sc_core::sc_time::from_value(cost_.cycles * env.clock.period()));
}

JobError Tile::read_operands(sc_core::sc_time& delay) {
    const auto read = [this, &delay](std::uint32_t address, std::vector<std::uint8_t>& to,
                                     std::size_t at, unsigned length) {
        if (to.size() < at + length) {
            to.resize(at + length);
        }
        return move(tlm::TLM_READ_COMMAND, address, &to[at], length, delay);
    };
    bool ok = true;
    if (job_.operation == Operation::program) {
        const unsigned row_bytes = job_.row_bytes(array_->geometry());
        for (unsigned r = 0; ok && r < job_.window.row_count; ++r) {
            ok = read(job_.source + r * job_.stride, operands_, std::size_t{r} * row_bytes,
                      row_bytes);
        }
    } else if (job_.operation == Operation::update) {
        ok = read(job_.source, operands_, 0, job_.window.row_count) &&
             read(job_.delta, delta_, 0, job_.window.column_count);
    } else if (job_.is_product()) {
        if (job_.fetch) {
            ok = read(job_.source, l1_in_, job_.l1_input, job_.inputs());
            own_counts_[l1_write] += accesses(job_.inputs());
            wrote(block.size + job_.l1_input, job_.inputs());
        }
        if (ok && job_.finish && job_.bias != 0) {
            bias_.resize(job_.outputs());
            ok = move(tlm::TLM_READ_COMMAND, job_.bias,
                      reinterpret_cast<std::uint8_t*>(bias_.data()), 4 * job_.outputs(), delay);
        }
    }
    return ok ? JobError::none : JobError::bus_read;
}

std::vector<std::int32_t> Tile::elements(std::span<const std::uint8_t> bytes) const {
    std::vector<std::int32_t> values;
    values.reserve(bytes.size());
    const std::uint32_t mask = (1U << job_.formats.input_bits) - 1U;
    for (const std::uint8_t byte : bytes) {
        values.push_back(
            weight_value(byte & mask, job_.formats.input_bits, job_.formats.input_signed));
    }
    return values;
}

void Tile::run_product() {
    const unsigned outputs = job_.outputs();
    const std::vector<std::int32_t> inputs =
        elements(std::span(l1_in_).subspan(job_.l1_input, job_.inputs()));
    std::vector<std::int64_t> sums(outputs, 0);
    std::uint8_t* out = &l1_out_[job_.l1_output];
    if (job_.accumulate) {
        for (unsigned i = 0; i < outputs; ++i) {
            std::int32_t before = 0;
            std::memcpy(&before, out + std::size_t{4} * i, 4);
            sums[i] = before;
        }
        own_counts_[l1_read] += outputs;
    }
    if (job_.operation == Operation::mvm) {
        array_->multiply(job_.window, job_.formats, inputs, sums, cost_);
    } else {
        array_->multiply_transposed(job_.window, job_.formats, inputs, sums, cost_);
    }
    own_counts_[l1_read] += accesses(job_.inputs());
    own_counts_[mac] += std::uint64_t{job_.window.row_count} * job_.window.column_count;
    cost_.cycles += outputs;  // accumulators leave one a cycle

    const unsigned bytes = job_.finish ? job_.post.output_bytes() : 4;
    for (unsigned i = 0; i < outputs; ++i) {
        bool saturated = false;
        PostProcessing accumulator;
        std::int32_t result = accumulator.apply(sums[i], saturated);
        saturations_ += saturated ? 1 : 0;
        if (job_.finish) {
            const std::int64_t bias = bias_.empty() ? 0 : bias_[i];
            result = job_.post.apply(result + bias, saturated);
            saturations_ += saturated ? 1 : 0;
            own_counts_[post_process] += 1;
        }
        std::memcpy(out + std::size_t{bytes} * i, &result, bytes);
    }
    own_counts_[l1_write] += accesses(std::uint64_t{bytes} * outputs);
    wrote(l1_out_offset_ + job_.l1_output, std::uint64_t{bytes} * outputs);
    if (job_.store) {
        operands_.assign(out, out + std::size_t{bytes} * outputs);
        own_counts_[l1_read] += accesses(operands_.size());
    }
}

void Tile::run_program() {
    const Geometry& g = array_->geometry();
    const unsigned row_bytes = job_.row_bytes(g);
    std::vector<std::uint32_t> codes;
    codes.reserve(std::size_t{job_.window.row_count} * job_.window.column_count);
    for (unsigned r = 0; r < job_.window.row_count; ++r) {
        const std::uint8_t* row = &operands_[std::size_t{r} * row_bytes];
        for (unsigned c = 0; c < job_.window.column_count; ++c) {
            std::uint32_t code = 0;
            for (unsigned b = 0; b < g.weight_bits; ++b) {
                const unsigned bit = c * g.weight_bits + b;
                code |= std::uint32_t{row[bit / 8] >> (bit % 8) & 1U} << b;
            }
            codes.push_back(code);
        }
    }
    if (!array_->program(job_.window, codes, job_.verify, cost_)) {
        error_ = JobError::verify;
    }
    wrote(array_offset_, g.bytes());
    operands_.clear();
}

void Tile::run_read_back() {
    const Geometry& g = array_->geometry();
    const unsigned row_bytes = job_.row_bytes(g);
    std::vector<std::uint32_t> codes(std::size_t{job_.window.row_count} * job_.window.column_count);
    array_->read_back(job_.window, codes, cost_);
    operands_.assign(std::size_t{row_bytes} * job_.window.row_count, 0);
    for (std::size_t i = 0; i < codes.size(); ++i) {
        std::uint8_t* row = &operands_[i / job_.window.column_count * row_bytes];
        for (unsigned b = 0; b < g.weight_bits; ++b) {
            const std::size_t bit = i % job_.window.column_count * g.weight_bits + b;
            row[bit / 8] =
                static_cast<std::uint8_t>(row[bit / 8] | (codes[i] >> b & 1U) << (bit % 8));
        }
    }
}

void Tile::run_update() {
    const std::vector<std::int32_t> x = elements(operands_);
    std::vector<std::int32_t> delta;
    for (const std::uint8_t byte : delta_) {
        delta.push_back(static_cast<std::int8_t>(byte));
    }
    array_->update(job_.window, job_.formats, x, delta, job_.post.shift, cost_);
    wrote(array_offset_, array_->geometry().bytes());
    operands_.clear();
}

void Tile::run_job(sc_core::sc_time& delay) {
    const Picoseconds began = kernel_now();
    const std::uint64_t generation = generation_;
    if (error_ == JobError::none && !operands_.empty()) {
        const bool rows = job_.operation == Operation::read_back;
        const auto total = static_cast<unsigned>(operands_.size());
        const unsigned chunk = rows ? job_.row_bytes(array_->geometry()) : total;
        for (unsigned at = 0; at < total && error_ == JobError::none; at += chunk) {
            const std::uint32_t to = job_.destination + (rows ? at / chunk * job_.stride : 0);
            if (!move(tlm::TLM_WRITE_COMMAND, to, &operands_[at], chunk, delay)) {
                error_ = JobError::bus_write;
            }
            if (generation != generation_) {
                return;  // the write has aborted this very job
            }
        }
        own_counts_[tile_clock] += env.clock.cycles_for(kernel_now() + delay.value() - began);
        book();
    }
    const Picoseconds end = env.clock.edge_at_or_after(kernel_now() + delay.value());
    wake(Step::end, sc_core::sc_time::from_value(end - kernel_now()));
}

void Tile::book() {
    std::uint64_t* row = meter.row(current_.owner);
    for (std::size_t e = 0; e < tile_event_count; ++e) {
        row[own_event(e)] += own_counts_[e];
    }
    for (std::size_t e = 0; e < cost_.counts.size(); ++e) {
        row[own_event(tile_event_count + e)] += cost_.counts[e];
    }
    own_counts_.fill(0);
    cost_.counts.clear();
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
