// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include <systemc>
#include <tlm>

#include "models/cim/array.hpp"
#include "models/cim/job.hpp"
#include "models/common/irq.hpp"
#include "models/common/peripheral.hpp"
#include "models/common/work.hpp"
#include "models/common/written_map.hpp"

namespace cimera::cim {

/// Buffers and sequencer of a tile; the array brings its own geometry.
struct TileConfig {
    unsigned l1_in = 4096;   ///< bytes
    unsigned l1_out = 4096;  ///< bytes
    unsigned queue = 8;      ///< descriptor addresses
};

/// CIM tile: target (registers, L1 windows, array window), bus master and interrupt. A job takes
/// three steps of simulated time: read descriptor and operands, work, write results; its energy
/// is booked as it is spent: with the work and with the results.
class Tile final : public Peripheral {
public:
    MasterPort master;
    IrqPort irq{"irq"};

    Tile(const sc_core::sc_module_name& name, const Environment& env, const TileConfig& config,
         std::unique_ptr<Array> array);

    [[nodiscard]] const Array& array() const { return *array_; }
    /// Whether a job runs or waits.
    [[nodiscard]] bool busy() const { return step_ != Step::idle || !queue_.empty(); }

    /// From now on `listener` hears of jobs when they end.
    void on_job(WorkListener listener) { work_.listen(std::move(listener)); }
    /// Tells the listener of the job that is going on when the simulation ends.
    void tell_unfinished() { work_.end(Work::End::unfinished, now()); }
    /// Tells `report` the offsets of bytes that jobs change without a bus in between.
    void report_writes(std::function<void(std::uint64_t first, std::uint64_t last)> report) {
        report_write_ = std::move(report);
    }

    /// From now on `listener` hears of reads of unwritten bytes of the L1 buffers.
    void watch_unwritten(UnwrittenListener listener);

private:
    enum class Step : std::uint8_t { idle, begin, work, end };
    struct Entry {
        std::uint32_t descriptor;
        OwnerId owner;
        std::uint32_t pc;
    };
    struct Buffer {
        std::vector<std::uint8_t> bytes;
        std::uint32_t offset;  ///< in the tile's window
        WrittenMap written = {};
    };
    /// A range of the tile's window that holds bytes.
    struct Target {
        Buffer* buffer;  ///< null: the cell array
        std::uint64_t offset;
    };

    void reset_device(ResetKind kind) override;
    void window_transport(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay) override;
    unsigned window_debug(tlm::tlm_generic_payload& payload) override;
    void define_registers();
    [[nodiscard]] bool locate(std::uint64_t address, std::uint64_t length, Target& target);
    void check_written(const Buffer& buffer, std::uint64_t first, std::uint64_t bytes,
                       UnwrittenRead read) const;
    void access_array(tlm::tlm_generic_payload& payload, std::uint64_t offset);

    void queue_job(std::uint32_t descriptor);
    void run();
    void advance();
    void begin_job(sc_core::sc_time& delay);
    void run_job(sc_core::sc_time& delay);
    void end_job();
    void abort();
    void fail(JobError error);
    void lose_power(Picoseconds at);

    void run_product();
    void run_program();
    void run_read_back();
    void run_update();
    [[nodiscard]] JobError read_operands(sc_core::sc_time& delay);
    [[nodiscard]] bool move(tlm::tlm_command command, std::uint32_t address, std::uint8_t* bytes,
                            unsigned length, sc_core::sc_time& delay);
    [[nodiscard]] std::vector<std::int32_t> elements(std::span<const std::uint8_t> bytes) const;
    void wrote(std::uint64_t offset, std::uint64_t bytes);
    void wake(Step next, const sc_core::sc_time& delay);
    void book();
    void update_irq();

    TileConfig config_;
    std::unique_ptr<Array> array_;
    Buffer l1_in_;
    Buffer l1_out_;
    std::uint32_t array_offset_;

    std::function<void(std::uint64_t, std::uint64_t)> report_write_;
    UnwrittenListener on_unwritten_;

    std::deque<Entry> queue_;
    Step step_ = Step::idle;
    Picoseconds due_ = 0;           // when the next step begins
    std::uint64_t generation_ = 0;  // an abort begins another; a transfer may last longer
    Entry current_{};
    Job job_;
    JobError error_ = JobError::none;
    std::vector<std::uint8_t> operands_;  // weights, x or results on their way
    std::vector<std::uint8_t> delta_;
    std::vector<std::int32_t> bias_;
    Cost cost_;
    WorkRecord work_;
    std::array<std::uint64_t, 6> own_counts_{};  // the tile's own kinds of event
    std::uint64_t job_number_ = 0;               // of the running job, counted from 1
    std::uint32_t jobs_done_ = 0;
    std::uint32_t tag_ = 0;
    std::uint32_t last_error_ = 0;
    std::uint32_t error_job_ = 0;
    std::uint32_t saturations_ = 0;
    OwnerId payer_of_ = 0;  // who queued a job last,
    OwnerId payer_ = 0;     // and the owner of its energy
    sc_core::sc_event wake_;
    TaggedPayload transaction_;
};

}  // namespace cimera::cim
