// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "models/common/clock.hpp"
#include "platform/trace/trace_file.hpp"

namespace cimera {

/// A file of signals over time. First scopes and signals, then instants in their order with what
/// changes there. Time unit: picoseconds.
class WaveWriter {
public:
    using Signal = std::uint32_t;

    WaveWriter() = default;
    WaveWriter(const WaveWriter&) = delete;
    WaveWriter& operator=(const WaveWriter&) = delete;
    virtual ~WaveWriter() = default;

    virtual void open_scope(const std::string& name) = 0;
    virtual void close_scope() = 0;
    virtual Signal add_real(const std::string& name) = 0;
    /// 64 bits.
    virtual Signal add_number(const std::string& name) = 0;
    virtual Signal add_text(const std::string& name) = 0;

    /// Not before the last one.
    virtual void at(Picoseconds time) = 0;
    virtual void set(Signal signal, double value) = 0;
    virtual void set(Signal signal, std::uint64_t value) = 0;
    virtual void set(Signal signal, std::string_view text) = 0;
    /// The file is complete and takes its place.
    virtual void finish() = 0;
};

/// What a name of a wave file must end with.
[[nodiscard]] bool is_wave_file(const std::string& path);

/// FST or VCD, by the ending. Both are written aside until they are complete. An InputError about
/// `option` where `path` cannot be written.
[[nodiscard]] std::unique_ptr<WaveWriter> open_wave(const std::string& option,
                                                    const std::string& path,
                                                    TraceFile::ErrorHandler on_error);

}  // namespace cimera
