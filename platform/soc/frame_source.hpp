// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <filesystem>
#include <vector>

#include "models/peripherals/sensor_source.hpp"
#include "platform/config/sensor_input.hpp"

namespace cimera {

/// Reads what a sensor plays: frames of IDX, NPY, CSV (integers, the label in the last column) or
/// WAV, labels of another IDX or NPY, or address events. The kind is detected; gzip is unpacked.
/// Everything wrong is an InputError.
[[nodiscard]] FrameSource load_frames(const SensorInput& input);

/// The whole file, gzip unpacked; InputError where it cannot be read or is larger than 1 GiB.
[[nodiscard]] std::vector<std::uint8_t> read_data_file(const std::filesystem::path& file);

}  // namespace cimera
