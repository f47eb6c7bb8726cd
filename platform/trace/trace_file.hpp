// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace cimera {

/// A text file written in large pieces that end with a line. After the first error nothing is
/// written any more.
class TraceFile {
public:
    using ErrorHandler = std::function<void(const std::string&)>;
    enum class Place {
        straight,  ///< a run that is killed leaves a readable file; its last line may be cut
        aside,     ///< beside its place until finish(): it is either complete or not there
    };
    /// The longest line that begin_line() has room for.
    static constexpr std::size_t longest_line = 512;

    /// Opens `path`, or standard error if it is empty; an InputError about `option` if that fails.
    /// `on_error` is called once, with what went wrong.
    TraceFile(std::string option, std::string path, Place place, ErrorHandler on_error);
    /// What is aside and was not finished goes.
    ~TraceFile();
    TraceFile(const TraceFile&) = delete;
    TraceFile& operator=(const TraceFile&) = delete;

    [[nodiscard]] const std::string& path() const { return path_; }
    /// Room for one line, which end_line() completes: `end` is behind its line feed.
    [[nodiscard]] char* begin_line() {
        if (buffer_.size() - used_ < longest_line) {
            flush();
        }
        return buffer_.data() + used_;
    }
    void end_line(const char* end) { used_ = static_cast<std::size_t>(end - buffer_.data()); }
    /// A whole line, its line feed included; longer ones are cut.
    void line(std::string text);
    /// Whole lines of any length.
    void write(std::string_view text);
    void flush();
    /// Writes what is left, and moves what is aside to its place.
    void finish();

private:
    void put(std::string_view text);
    void fail(int error);

    std::string option_;
    std::string path_;
    ErrorHandler on_error_;
    std::vector<char> buffer_;
    std::size_t used_ = 0;
    std::string written_;  ///< where it lies meanwhile
    int descriptor_;
    bool failed_ = false;
};

}  // namespace cimera
