// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <cstdint>

#include "models/cpu/trace.hpp"
#include "platform/trace/trace_file.hpp"

namespace cimera {

enum class TraceFormat : std::uint8_t { spike, compact };

/// Writes one line for each instruction that retires; docs/outputs.md has both formats.
class CommitLog final : public cpu::TraceSink {
public:
    CommitLog(TraceFile& file, TraceFormat format, std::uint32_t hart_id)
        : file_(file), format_(format), hart_id_(hart_id) {}

    void retired(const cpu::Retired& what) override;

private:
    TraceFile& file_;
    TraceFormat format_;
    std::uint32_t hart_id_;
};

}  // namespace cimera
