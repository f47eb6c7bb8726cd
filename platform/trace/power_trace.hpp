// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "platform/soc/run_observer.hpp"
#include "platform/trace/power_bin.hpp"
#include "platform/trace/wave_writer.hpp"

namespace cimera {

/// Power over time by domain and component, states of domains and phases, as signals of a wave
/// file. docs/power-tools.md has their names.
class PowerTrace final : public PowerSink, public RunObserver {
public:
    PowerTrace(std::unique_ptr<WaveWriter> wave, const Ledger& ledger);

    void bin(const PowerBin& bin) override;
    void phase_changed(Picoseconds at, const std::string& path, bool end) override;
    void was_reset(Picoseconds at, const std::string& reason) override;
    void fault(Picoseconds /*at*/, const std::string& /*text*/) override {}
    void slept(Picoseconds /*from*/, Picoseconds /*to*/) override {}
    /// To what the ledger says now.
    void domain_changed(DomainId domain, Picoseconds at);
    /// After the last bin.
    void finish();

private:
    /// Mean power of a bin, and the energy up to its begin.
    struct Meter {
        WaveWriter::Signal power = 0;
        WaveWriter::Signal energy = 0;
        std::optional<double> watts;          // as told
        std::optional<std::uint64_t> joules;  // as told
    };
    struct Domain {
        Meter meter;
        WaveWriter::Signal state = 0;
        WaveWriter::Signal point = 0;
    };
    struct Text {
        Picoseconds at;
        WaveWriter::Signal signal;
        std::string text;
    };
    Meter add_meter();
    void add_domain(DomainId domain);
    void tell(Meter& meter, Attojoules before, Attojoules after, Picoseconds time);
    void tell_energy(Meter& meter, Attojoules energy);
    void tell_texts(Picoseconds end);

    std::unique_ptr<WaveWriter> wave_;
    const Ledger& ledger_;
    Meter total_;
    Meter dynamic_;
    Meter clock_;
    Meter leakage_;
    WaveWriter::Signal phase_ = 0;
    std::vector<Domain> domains_;
    std::vector<Meter> components_;
    std::vector<Text> texts_;  // not told yet
    Picoseconds end_ = 0;
    std::vector<ComponentEnergy> energy_;  // up to end_
};

/// A save file for GTKWave that shows the signals of a PowerTrace in `dump`, in groups, until
/// `end`.
[[nodiscard]] std::string gtkwave_save(const std::string& dump, const Ledger& ledger,
                                       Picoseconds end);

}  // namespace cimera
