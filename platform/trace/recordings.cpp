// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "platform/trace/recordings.hpp"

#include <filesystem>
#include <utility>

namespace cimera {

namespace {

std::unique_ptr<TraceFile> open(const char* option, const std::string& path,
                                const TraceFile::ErrorHandler& on_error) {
    return path.empty()
               ? nullptr
               : std::make_unique<TraceFile>(option, path, TraceFile::Place::aside, on_error);
}

}  // namespace

std::string save_file_of(const std::string& power_trace) {
    return power_trace.empty()
               ? ""
               : std::filesystem::path(power_trace).replace_extension(".gtkw").string();
}

Recordings::Recordings(RecordingOptions options, TraceFile::ErrorHandler on_error)
    : options_(std::move(options)),
      on_error_(std::move(on_error)),
      transactions_file_(open("--transactions", options_.transactions, on_error_)),
      timeline_file_(open("--timeline", options_.timeline, on_error_)),
      save_file_(open("--power-trace", save_file_of(options_.power_trace), on_error_)),
      wave_(options_.power_trace.empty()
                ? nullptr
                : open_wave("--power-trace", options_.power_trace, on_error_)) {}

void Recordings::attach(Simulation& simulation) {
    simulation_ = &simulation;
    soc_ = &simulation.soc();
    const Ledger& ledger = soc_->ledger();
    if (transactions_file_ != nullptr) {
        transactions_ = std::make_unique<TransactionLog>(
            *transactions_file_, ledger, soc_->interconnect().meter(), simulation.symbols());
        soc_->set_monitor(*transactions_);
    }
    if (timeline_file_ != nullptr) {
        timeline_ = std::make_unique<Timeline>(*timeline_file_, ledger, simulation.symbols(),
                                               simulation.firmware_name(), simulation.soc_name());
        simulation.observe(*timeline_);
        simulation.on_function([this](const cpu::CallTree& tree, cpu::NodeId node,
                                      Picoseconds until) { timeline_->ran(tree, node, until); });
    }
    if (transactions_ != nullptr || timeline_ != nullptr) {
        soc_->on_work([this](const Work& work) {
            if (transactions_ != nullptr) {
                transactions_->worked(work);
            }
            if (timeline_ != nullptr) {
                timeline_->worked(work);
            }
        });
    }
    if (timeline_ != nullptr || wave_ != nullptr) {
        soc_->ledger().on_change([this](DomainId domain, Picoseconds at) {
            if (timeline_ != nullptr) {
                timeline_->domain_changed(domain, at);
            }
            if (power_trace_ != nullptr) {
                power_trace_->domain_changed(domain, at);
            }
        });
    }
    attach_power(simulation);
}

void Recordings::attach_power(Simulation& simulation) {
    if (wave_ == nullptr && timeline_ == nullptr) {
        return;
    }
    const Ledger& ledger = soc_->ledger();
    sampler_ = std::make_unique<PowerSampler>(ledger, options_.interval);
    simulation.add_bystander(sampler_->bystander());
    if (timeline_ != nullptr) {
        sampler_->add(*timeline_);
    }
    if (wave_ != nullptr) {
        power_trace_ = std::make_unique<PowerTrace>(std::move(wave_), ledger);
        simulation.observe(*power_trace_);
        sampler_->add(*power_trace_);
    }
}

void Recordings::finish(Picoseconds end) {
    if (sampler_ != nullptr) {
        sampler_->finish(end);
    }
    if (transactions_ != nullptr || timeline_ != nullptr) {
        soc_->tell_unfinished();
    }
    if (power_trace_ != nullptr) {
        power_trace_->finish();
        const std::string dump = std::filesystem::path(options_.power_trace).filename().string();
        save_file_->write(gtkwave_save(dump, soc_->ledger(), end));
    }
    if (timeline_ != nullptr) {
        simulation_->tell_function();
        timeline_->finish(end);
    }
    for (const auto& file : {transactions_file_.get(), timeline_file_.get(), save_file_.get()}) {
        if (file != nullptr) {
            file->finish();
        }
    }
}

}  // namespace cimera
