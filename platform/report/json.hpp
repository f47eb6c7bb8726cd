// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <string>

#include <nlohmann/json.hpp>

#include "platform/report/result.hpp"

namespace cimera {

using Json = nlohmann::ordered_json;

/// Name and version of the report's format.
inline constexpr const char* report_schema = "cimera-report-1";

/// The keys of a report that depend on the technology, entered or replaced.
void put_priced(Json& report, const RunResult& result);

/// The text of a report.
[[nodiscard]] std::string dump(const Json& report);

}  // namespace cimera
