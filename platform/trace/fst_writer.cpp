// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "platform/trace/fst_writer.hpp"

#include <cerrno>
#include <cstdio>
#include <fstapi.h>
#include <system_error>
#include <unistd.h>
#include <utility>

#include "models/common/error.hpp"
#include "platform/trace/output_path.hpp"

namespace cimera {

namespace {

constexpr unsigned number_bits = 64;

std::string reason() {
    return std::generic_category().message(errno);
}

}  // namespace

FstWriter::FstWriter(std::string option, std::string path, TraceFile::ErrorHandler on_error)
    : option_(std::move(option)),
      path_(std::move(path)),
      on_error_(std::move(on_error)),
      written_(written_first(path_).string()) {
    if (is_special(path_)) {
        throw InputError(option_, path_ + ": FST needs a regular file", "FILE.vcd may be a pipe");
    }
    writer_ = fstWriterCreate(written_.c_str(), 1);
    if (writer_ == nullptr) {
        throw InputError(option_, path_ + ": cannot be written: " + reason(),
                         "does the folder exist, may you write there?");
    }
    fstWriterSetTimescale(writer_, -12);
    fstWriterSetVersion(writer_, "Cimera");
    fstWriterSetDate(writer_, "");  // the same run, the same bytes
    fstWriterSetPackType(writer_, FST_WR_PT_LZ4);
}

FstWriter::~FstWriter() {
    if (writer_ != nullptr) {
        fstWriterClose(writer_);
        ::unlink(written_.c_str());
    }
}

void FstWriter::open_scope(const std::string& name) {
    fstWriterSetScope(writer_, FST_ST_VCD_MODULE, name.c_str(), nullptr);
}

void FstWriter::close_scope() {
    fstWriterSetUpscope(writer_);
}

WaveWriter::Signal FstWriter::add_real(const std::string& name) {
    return fstWriterCreateVar(writer_, FST_VT_VCD_REAL, FST_VD_IMPLICIT, sizeof(double),
                              name.c_str(), 0);
}

WaveWriter::Signal FstWriter::add_number(const std::string& name) {
    return fstWriterCreateVar(writer_, FST_VT_VCD_WIRE, FST_VD_IMPLICIT, number_bits, name.c_str(),
                              0);
}

WaveWriter::Signal FstWriter::add_text(const std::string& name) {
    return fstWriterCreateVar(writer_, FST_VT_GEN_STRING, FST_VD_IMPLICIT, 0, name.c_str(), 0);
}

void FstWriter::at(Picoseconds time) {
    time_ = time;
    fstWriterEmitTimeChange(writer_, time);
}

void FstWriter::set(Signal signal, double value) {
    fstWriterEmitValueChange(writer_, signal, &value);
}

void FstWriter::set(Signal signal, std::uint64_t value) {
    fstWriterEmitValueChange64(writer_, signal, number_bits, value);
}

void FstWriter::set(Signal signal, std::string_view text) {
    fstWriterEmitVariableLengthValueChange(writer_, signal, text.data(),
                                           static_cast<std::uint32_t>(text.size()));
}

/// The library does not tell whether it could write: what is there is looked at.
bool FstWriter::complete() const {
    void* const reader = fstReaderOpen(written_.c_str());
    if (reader == nullptr) {
        return false;
    }
    const bool all = fstReaderGetEndTime(reader) == time_;
    fstReaderClose(reader);
    return all;
}

void FstWriter::finish() {
    fstWriterClose(std::exchange(writer_, nullptr));
    if (!complete()) {
        fail("is there space?");
    } else if (std::rename(written_.c_str(), replaced_by(path_).c_str()) != 0) {
        fail(reason());
    }
}

void FstWriter::fail(const std::string& why) {
    ::unlink(written_.c_str());
    on_error_(option_ + ": " + path_ + " cannot be written: " + why);
}

}  // namespace cimera
