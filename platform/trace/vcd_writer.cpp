// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "platform/trace/vcd_writer.hpp"

#include <utility>

#include <fmt/format.h>

namespace cimera {

namespace {

/// Short names from all printable characters.
std::string code_of(WaveWriter::Signal signal) {
    constexpr std::uint32_t first = '!';
    constexpr std::uint32_t count = '~' - '!' + 1;
    std::string code;
    do {
        code.push_back(static_cast<char>(first + signal % count));
        signal /= count;
    } while (signal != 0);
    return code;
}

/// A text is one word.
std::string escape(std::string_view text) {
    std::string word;
    for (const char c : text) {
        if (c > ' ' && c <= '~' && c != '\\') {
            word.push_back(c);
        } else {
            word += fmt::format("\\{:03o}", static_cast<unsigned char>(c));
        }
    }
    return word;
}

}  // namespace

VcdWriter::VcdWriter(const std::string& option, const std::string& path,
                     TraceFile::ErrorHandler on_error)
    : file_(option, path, TraceFile::Place::aside, std::move(on_error)) {
    file_.write("$version Cimera $end\n$timescale 1 ps $end\n");
}

void VcdWriter::open_scope(const std::string& name) {
    file_.write(fmt::format("$scope module {} $end\n", name));
}

void VcdWriter::close_scope() {
    file_.write("$upscope $end\n");
}

WaveWriter::Signal VcdWriter::add(const char* type, unsigned bits, const std::string& name) {
    file_.write(fmt::format("$var {} {} {} {} $end\n", type, bits, code_of(signals_), name));
    return signals_++;
}

void VcdWriter::at(Picoseconds time) {
    if (header_) {
        header_ = false;
        file_.write("$enddefinitions $end\n");
    }
    time_told_ = time_told_ && time == time_;
    time_ = time;
}

/// An instant at which nothing changes has no line.
void VcdWriter::change(std::string_view value, Signal signal) {
    if (!std::exchange(time_told_, true)) {
        file_.write(fmt::format("#{}\n", time_));
    }
    file_.write(fmt::format("{} {}\n", value, code_of(signal)));
}

void VcdWriter::set(Signal signal, double value) {
    change(fmt::format("r{:.17g}", value), signal);
}

void VcdWriter::set(Signal signal, std::uint64_t value) {
    change(fmt::format("b{:b}", value), signal);
}

void VcdWriter::set(Signal signal, std::string_view text) {
    change("s" + escape(text), signal);
}

void VcdWriter::finish() {
    if (!time_told_) {
        file_.write(fmt::format("#{}\n", time_));
    }
    file_.finish();
}

}  // namespace cimera
