// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "models/common/period.hpp"

namespace cimera {

/// What the user says that a file without a signature holds.
enum class SensorData { any, frames, events };

/// A data file for a sensor.
struct SensorInput {
    std::string name = {};
    std::filesystem::path file = {};
    std::optional<std::filesystem::path> labels = {};
    std::optional<Period> frame_period = {};  ///< instead of the file's or the configuration's
    std::optional<Period> microsecond = {};   ///< how long one of the recording of events lasts
    std::optional<std::uint32_t> frame_samples = {};  ///< of each channel of a sound file
    SensorData as = SensorData::any;

    bool operator==(const SensorInput&) const = default;
};

/// The parts of a `--sensor` option but for its files.
inline constexpr std::string_view sensor_parts[] = {"rate", "speed", "samples", "as"};

/// Sets one of them from its text; wrong ones are a QuantityError.
void set_part(SensorInput& input, std::string_view part, std::string_view text);

}  // namespace cimera
