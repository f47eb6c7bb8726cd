// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "models/power/ledger.hpp"
#include "platform/profile/profile.hpp"

namespace cimera {

/// Everything a finished run has to tell; JSON and text are two renderings of it.
struct RunResult {
    std::string firmware;
    std::string soc;
    std::string technology;
    std::uint64_t seed = 0;
    int exit_code = 0;                ///< the program's exit status
    std::uint32_t firmware_code = 0;  ///< what firmware wrote, not cut to 99
    std::string end_reason;           ///< one sentence
    Picoseconds simulated_time = 0;
    double wall_time_s = 0;
    std::uint64_t instructions = 0;
    std::uint64_t cycles = 0;
    Picoseconds asleep = 0;
    std::string timing;  ///< "lt" or "at"
    Picoseconds quantum = 0;
    bool energy_read_by_firmware = false;
    bool reproducible = true;  ///< false: input came from the host while it ran
    LedgerCounts counts;       ///< what the energy follows from
    EnergyReport energy;
    std::optional<Profile> profile;  ///< if calls were followed
    struct Provenance {
        std::uint64_t cited = 0;
        std::uint64_t estimated = 0;
    } provenance;
    /// Energy and time of a kind of phase that stands for one unit of work.
    struct Work {
        std::uint64_t count = 0;
        Attojoules energy = 0;    ///< dynamic, over all of them
        Picoseconds latency = 0;  ///< over all of them
    };
    Work inferences;
    Work learned;
    struct Number {
        std::string name;
        std::int64_t mantissa;
        int exponent;
    };
    std::vector<Number> results;
    struct MemoryUse {
        std::string name;
        std::uint64_t bytes;
        std::uint64_t reads;
        std::uint64_t writes;
        Picoseconds waited;
        std::optional<std::uint64_t> unwritten_reads;  ///< while somebody looks for them
        struct Wear {
            std::uint32_t page_bytes;
            std::uint32_t endurance;
            std::uint32_t most_cycles;
            std::uint64_t worn_pages;
            std::uint64_t failed_writes;
        };
        std::optional<Wear> wear;  ///< of a memory that wears out
    };
    std::vector<MemoryUse> memories;
    struct PortUse {
        std::string target;
        Picoseconds busy;
        std::uint64_t transfers;
        Picoseconds waited;
        /// Element n counts latencies from 2^n ns on; element 0 all below 2 ns.
        std::array<std::uint64_t, 32> latency;
    };
    std::vector<PortUse> interconnect;
    /// A channel between two nodes of a mesh.
    struct ChannelUse {
        std::string name;
        Picoseconds busy;
        Picoseconds waited;
    };
    std::vector<ChannelUse> channels;
    /// Changes of the GPIO's outputs.
    struct Pins {
        std::uint64_t changes = 0;         ///< all
        std::vector<std::string> outputs;  ///< the first ones: "time,pin,level"
    };
    std::optional<Pins> pins;  ///< none: there is no GPIO
    struct Warning {
        std::string text;
        std::uint64_t count;
    };
    std::vector<Warning> warnings;
};

/// The JSON report; docs/outputs.md describes its keys.
[[nodiscard]] std::string to_json(const RunResult& result);

/// The table that ends a run on the terminal.
[[nodiscard]] std::string to_text(const RunResult& result);

}  // namespace cimera
