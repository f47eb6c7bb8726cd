// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "platform/trace/trace_file.hpp"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <system_error>
#include <unistd.h>
#include <utility>

#include "models/common/error.hpp"

namespace cimera {

namespace {

constexpr std::size_t buffer_bytes = 1U << 18;
constexpr int permissions = 0666;  // less the user's umask

std::string reason_of(int error) {
    return std::generic_category().message(error);
}

}  // namespace

TraceFile::TraceFile(std::string path, std::function<void(const std::string&)> on_error)
    : path_(std::move(path)),
      on_error_(std::move(on_error)),
      buffer_(buffer_bytes),
      descriptor_(path_.empty() ? STDERR_FILENO
                                : ::open(path_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC,
                                         permissions)) {
    if (descriptor_ < 0) {
        throw InputError("--trace", path_ + ": cannot be written: " + reason_of(errno),
                         "REGEX:FILE; does the folder exist, may you write there?");
    }
}

TraceFile::~TraceFile() {
    flush();
    if (!path_.empty()) {
        ::close(descriptor_);
    }
}

void TraceFile::line(std::string text) {
    if (text.size() > longest_line) {
        text.replace(longest_line - 1, std::string::npos, "\n");
    }
    char* const at = begin_line();
    end_line(std::copy(text.begin(), text.end(), at));
}

void TraceFile::flush() {
    std::size_t done = 0;
    while (!failed_ && done < used_) {
        const ssize_t written = ::write(descriptor_, buffer_.data() + done, used_ - done);
        if (written >= 0) {
            done += static_cast<std::size_t>(written);
        } else if (errno != EINTR) {
            failed_ = true;
            on_error_("the trace cannot be written to " +
                      (path_.empty() ? "standard error" : path_) + ": " + reason_of(errno));
        }
    }
    used_ = 0;
}

}  // namespace cimera
