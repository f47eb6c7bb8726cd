// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "models/power/ledger.hpp"
#include "platform/config/files.hpp"

namespace cimera {

/// The energy of one event, and where the number comes from.
struct EnergyEntry {
    double attojoules = 0;
    std::string source;
    /// Not a published or computed figure of this circuit, but a guess or a scaled one.
    bool estimate = false;
};

/// What a part costs by being there, per unit: per byte of a memory, per block of anything else.
struct StaticEntry {
    double value = 0;  ///< attowatts of leakage, or square micrometres of area
    std::string per;
    std::string source;
    bool estimate = false;
};

/// A voltage at which parts of the chip can run.
struct PointEntry {
    double voltage = 0;
    std::string source;
    bool estimate = false;
};

/// What is left of leakage in a state of a power domain.
struct ShareEntry {
    double share = 0;
    std::string source;
    bool estimate = false;
};

/// Prices of one technology at its nominal voltage, and its other voltages.
struct Technology {
    std::string name;
    std::string doc;
    /// The file read, as it appears in messages.
    std::string file;
    double nominal_voltage = 0;
    std::map<std::string, EnergyEntry> energy;
    std::map<std::string, StaticEntry> leakage;
    std::map<std::string, StaticEntry> area;
    std::map<std::string, PointEntry> points;
    std::map<std::string, ShareEntry> states;  ///< "retention.byte", "off.block" and so on

    /// An entry by name; an unknown one is an InputError with a suggestion.
    [[nodiscard]] const EnergyEntry& energy_of(const std::string& entry) const;
    [[nodiscard]] const StaticEntry& leakage_of(const std::string& entry) const;
    [[nodiscard]] const StaticEntry& area_of(const std::string& entry) const;
    /// Volts of an operating point; "nominal" is always there.
    [[nodiscard]] double voltage_of(const std::string& point) const;
    /// Of the leakage of a memory's byte or of a block. Without an entry: all in retention, none
    /// where the supply is off.
    [[nodiscard]] double share_of(const std::string& per, PowerState state) const;
};

/// Prices for the ledger. Keeps a reference to the technology.
class TechnologyPrices final : public PriceList {
public:
    explicit TechnologyPrices(const Technology& technology) : technology_(technology) {}

    [[nodiscard]] double energy(const std::string& entry) const override {
        return technology_.energy_of(entry).attojoules;
    }
    [[nodiscard]] double leakage(const std::string& entry) const override {
        return technology_.leakage_of(entry).value;
    }
    [[nodiscard]] double relative_voltage(const std::string& point) const override {
        return technology_.voltage_of(point) / technology_.nominal_voltage;
    }
    [[nodiscard]] double leakage_share(const std::string& entry, PowerState state) const override {
        return technology_.share_of(technology_.leakage_of(entry).per, state);
    }

private:
    const Technology& technology_;
};

/// Reads a technology by name or file. Everything wrong is an InputError.
[[nodiscard]] Technology load_technology(const std::string& name_or_file, const PresetDirs& dirs);

/// The same for a text; `name` appears in messages.
[[nodiscard]] Technology load_technology_text(const std::string& name, std::string_view text);

}  // namespace cimera
