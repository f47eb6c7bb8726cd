// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <memory>
#include <string>

#include "platform/soc/simulation.hpp"
#include "platform/trace/power_sampler.hpp"
#include "platform/trace/power_trace.hpp"
#include "platform/trace/timeline.hpp"
#include "platform/trace/trace_file.hpp"
#include "platform/trace/transaction_log.hpp"

namespace cimera {

/// Which outputs follow a run in time. An empty name: not wanted.
struct RecordingOptions {
    std::string transactions;
    std::string power_trace;  ///< .fst or .vcd
    std::string timeline;
    Picoseconds interval = 0;  ///< of power
};

/// The file for GTKWave beside a power trace.
[[nodiscard]] std::string save_file_of(const std::string& power_trace);

/// The outputs that are written while a run lasts. They change nothing in it.
class Recordings {
public:
    /// Opens the files. `on_error` hears what goes wrong with them later.
    Recordings(RecordingOptions options, TraceFile::ErrorHandler on_error);

    /// Before the run.
    void attach(Simulation& simulation);
    /// After the run, of the simulation that was attached: the files take their places.
    void finish(Picoseconds end);

private:
    void attach_power(Simulation& simulation);

    RecordingOptions options_;
    TraceFile::ErrorHandler on_error_;
    Simulation* simulation_ = nullptr;
    Soc* soc_ = nullptr;
    std::unique_ptr<TraceFile> transactions_file_;
    std::unique_ptr<TraceFile> timeline_file_;
    std::unique_ptr<TraceFile> save_file_;
    std::unique_ptr<WaveWriter> wave_;
    std::unique_ptr<TransactionLog> transactions_;
    std::unique_ptr<PowerSampler> sampler_;
    std::unique_ptr<PowerTrace> power_trace_;
    std::unique_ptr<Timeline> timeline_;
};

}  // namespace cimera
