// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include <cstring>
#include <span>

#include "models/cim/tile.hpp"
#include "models/cim/tile_events.hpp"

namespace cimera::cim {

namespace {

constexpr unsigned decode_cycles = 2;  // of a descriptor

}  // namespace

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
    work_.begin({name(), "job", 0, 1, job_number_, current_.descriptor, current_.owner, current_.pc,
                 began});
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
    if (error_ == JobError::none && job_.uses_inputs() && !array_->supports(job_.formats)) {
        error_ = JobError::precision;
    }
    if (error_ == JobError::none) {
        work_.name(name_of(job_.operation));
        error_ = read_operands(delay);
    }
    if (generation != generation_) {
        return;
    }
    cost_.cycles += decode_cycles;
    if (error_ == JobError::none) {
        array_->set_time(kernel_now() + delay.value());
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
    cost_.cycles += env.clock.cycles_for(cost_.time);
    saturations_ += static_cast<std::uint32_t>(cost_.saturations);
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
            ok = read(job_.source, l1_in_.bytes, job_.l1_input, job_.inputs());
            l1_in_.written.mark(job_.l1_input, job_.inputs());
            own_counts_[l1_write] += accesses(job_.inputs());
            wrote(l1_in_.offset + job_.l1_input, job_.inputs());
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
    const UnwrittenRead reader{kernel_now(), current_.owner, current_.pc, 0, 0};
    check_written(l1_in_, job_.l1_input, job_.inputs(), reader);
    const std::vector<std::int32_t> inputs =
        elements(std::span(l1_in_.bytes).subspan(job_.l1_input, job_.inputs()));
    std::vector<std::int64_t> sums(outputs, 0);
    std::uint8_t* out = &l1_out_.bytes[job_.l1_output];
    if (job_.accumulate) {
        check_written(l1_out_, job_.l1_output, std::uint64_t{4} * outputs, reader);
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
    l1_out_.written.mark(job_.l1_output, std::uint64_t{bytes} * outputs);
    wrote(l1_out_.offset + job_.l1_output, std::uint64_t{bytes} * outputs);
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
            for (unsigned b = 0; b < g.code_bits(); ++b) {
                const unsigned bit = c * g.code_bits() + b;
                code |= std::uint32_t{row[bit / 8] >> (bit % 8) & 1U} << b;
            }
            codes.push_back(code);
        }
    }
    error_ = error_of(array_->program(job_.window, codes, job_.verify, cost_));
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
        for (unsigned b = 0; b < g.code_bits(); ++b) {
            const std::size_t bit = i % job_.window.column_count * g.code_bits() + b;
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
    error_ = error_of(array_->update(job_.window, job_.formats, x, delta, job_.post.shift, cost_));
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
        work_.count(meter, own_event(e), own_counts_[e]);
    }
    for (std::size_t e = 0; e < cost_.counts.size(); ++e) {
        row[own_event(tile_event_count + e)] += cost_.counts[e];
        work_.count(meter, own_event(tile_event_count + e), cost_.counts[e]);
    }
    own_counts_.fill(0);
    cost_.counts.clear();
}

}  // namespace cimera::cim
