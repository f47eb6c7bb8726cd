// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "platform/trace/trace_file.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <system_error>
#include <unistd.h>
#include <utility>

#include "models/common/error.hpp"
#include "platform/trace/output_path.hpp"

namespace cimera {

namespace {

constexpr std::size_t buffer_bytes = 1U << 18;
constexpr int permissions = 0666;  // less the user's umask

std::string reason_of(int error) {
    return std::generic_category().message(error);
}

}  // namespace

TraceFile::TraceFile(std::string option, std::string path, Place place, ErrorHandler on_error)
    : option_(std::move(option)),
      path_(std::move(path)),
      on_error_(std::move(on_error)),
      buffer_(buffer_bytes),
      written_(place == Place::aside ? written_first(path_).string() : path_),
      descriptor_(path_.empty() ? STDERR_FILENO
                                : ::open(written_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC,
                                         permissions)) {
    if (descriptor_ < 0) {
        throw InputError(option_, path_ + ": cannot be written: " + reason_of(errno),
                         "does the folder exist, may you write there?");
    }
}

TraceFile::~TraceFile() {
    if (descriptor_ < 0) {
        return;
    }
    flush();
    if (!path_.empty()) {
        ::close(descriptor_);
    }
    if (written_ != path_) {
        ::unlink(written_.c_str());
    }
}

void TraceFile::line(std::string text) {
    if (text.size() > longest_line) {
        text.replace(longest_line - 1, std::string::npos, "\n");
    }
    char* const at = begin_line();
    end_line(std::copy(text.begin(), text.end(), at));
}

void TraceFile::write(std::string_view text) {
    if (text.size() > buffer_.size() - used_) {
        flush();
    }
    if (text.size() > buffer_.size()) {
        put(text);
        return;
    }
    std::memcpy(buffer_.data() + used_, text.data(), text.size());
    used_ += text.size();
}

void TraceFile::flush() {
    put({buffer_.data(), used_});
    used_ = 0;
}

void TraceFile::put(std::string_view text) {
    while (!failed_ && !text.empty()) {
        const ssize_t written = ::write(descriptor_, text.data(), text.size());
        if (written >= 0) {
            text.remove_prefix(static_cast<std::size_t>(written));
        } else if (errno != EINTR) {
            fail(errno);
        }
    }
}

void TraceFile::finish() {
    flush();
    if (path_.empty()) {
        return;
    }
    // Some file systems tell only now that there is no space.
    if (::close(std::exchange(descriptor_, -1)) != 0 && !failed_) {
        fail(errno);
    }
    if (written_ == path_) {
        return;
    }
    if (failed_) {
        ::unlink(written_.c_str());
    } else if (std::rename(written_.c_str(), replaced_by(path_).c_str()) != 0) {
        fail(errno);
        ::unlink(written_.c_str());
    }
}

void TraceFile::fail(int error) {
    failed_ = true;
    on_error_(option_ + ": " + (path_.empty() ? "standard error" : path_) +
              " cannot be written: " + reason_of(error));
}

}  // namespace cimera
