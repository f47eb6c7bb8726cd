// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include "platform/trace/wave_writer.hpp"

namespace cimera {

/// GTKWave's compressed format, by its own library.
class FstWriter final : public WaveWriter {
public:
    FstWriter(std::string option, std::string path, TraceFile::ErrorHandler on_error);
    ~FstWriter() override;

    void open_scope(const std::string& name) override;
    void close_scope() override;
    Signal add_real(const std::string& name) override;
    Signal add_number(const std::string& name) override;
    Signal add_text(const std::string& name) override;
    void at(Picoseconds time) override;
    void set(Signal signal, double value) override;
    void set(Signal signal, std::uint64_t value) override;
    void set(Signal signal, std::string_view text) override;
    void finish() override;

private:
    void fail(const std::string& why);
    [[nodiscard]] bool complete() const;

    std::string option_;
    std::string path_;
    TraceFile::ErrorHandler on_error_;
    std::string written_;  // where it lies meanwhile
    void* writer_;
    Picoseconds time_ = 0;
};

}  // namespace cimera
