// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include "platform/trace/wave_writer.hpp"

namespace cimera {

/// Value change dump (IEEE 1364-2005, 18), with GTKWave's text signals.
class VcdWriter final : public WaveWriter {
public:
    VcdWriter(const std::string& option, const std::string& path, TraceFile::ErrorHandler on_error);

    void open_scope(const std::string& name) override;
    void close_scope() override;
    Signal add_real(const std::string& name) override { return add("real", 64, name); }
    Signal add_number(const std::string& name) override { return add("wire", 64, name); }
    Signal add_text(const std::string& name) override { return add("string", 1, name); }
    void at(Picoseconds time) override;
    void set(Signal signal, double value) override;
    void set(Signal signal, std::uint64_t value) override;
    void set(Signal signal, std::string_view text) override;
    void finish() override;

private:
    Signal add(const char* type, unsigned bits, const std::string& name);
    void change(std::string_view value, Signal signal);

    TraceFile file_;
    bool header_ = true;  // goes on
    Picoseconds time_ = 0;
    bool time_told_ = false;
    Signal signals_ = 0;
};

}  // namespace cimera
