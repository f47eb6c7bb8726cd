// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "platform/trace/wave_writer.hpp"

#include <filesystem>
#include <utility>

#include "platform/trace/fst_writer.hpp"
#include "platform/trace/vcd_writer.hpp"

namespace cimera {

namespace {

std::string ending(const std::string& path) {
    return std::filesystem::path(path).extension().string();
}

}  // namespace

bool is_wave_file(const std::string& path) {
    return ending(path) == ".fst" || ending(path) == ".vcd";
}

std::unique_ptr<WaveWriter> open_wave(const std::string& option, const std::string& path,
                                      TraceFile::ErrorHandler on_error) {
    if (ending(path) == ".fst") {
        return std::make_unique<FstWriter>(option, path, std::move(on_error));
    }
    return std::make_unique<VcdWriter>(option, path, std::move(on_error));
}

}  // namespace cimera
