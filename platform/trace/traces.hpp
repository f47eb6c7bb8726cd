// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <functional>
#include <memory>
#include <regex>
#include <string>
#include <vector>

#include "platform/soc/soc.hpp"
#include "platform/trace/commit_log.hpp"
#include "platform/trace/trace_file.hpp"

namespace cimera {

/// REGEX[:FILE] of the command line.
struct TraceRequest {
    std::string pattern;
    std::string file;  ///< empty: `default_file`
};

/// Splits at the first colon that does not belong to a "(?:" or "[:" of the expression.
[[nodiscard]] TraceRequest parse_trace(const std::string& text);

/// What can be traced in a SoC: name and what its log shows.
struct Traceable {
    std::string name;
    std::string doc;
};
[[nodiscard]] std::vector<Traceable> traceables(const std::vector<MapEntry>& map);

/// The logs of a run.
class Traces {
public:
    using ErrorHandler = TraceFile::ErrorHandler;

    /// Opens the files. An InputError where an expression is broken or matches nothing.
    /// `default_file` is for requests without one; if it is empty, standard error.
    Traces(const std::vector<std::string>& requests, TraceFormat format,
           const std::string& default_file, const std::vector<MapEntry>& map,
           ErrorHandler on_error);

    /// From now on the parts of `soc` write.
    void attach(Soc& soc);
    void flush();

private:
    struct Log {
        std::regex pattern;
        TraceFile* file;
    };
    TraceFile& open(const std::string& path);
    /// Null: nobody asked for this part.
    [[nodiscard]] TraceFile* file_of(const std::string& name) const;

    TraceFormat format_;
    ErrorHandler on_error_;
    std::vector<std::unique_ptr<TraceFile>> files_;
    std::vector<Log> logs_;
    std::unique_ptr<CommitLog> commit_log_;
};

}  // namespace cimera
