// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "platform/report/json.hpp"

namespace cimera {

/// A place in a JSON text. What is not as expected is an InputError with file and path.
class JsonReader {
public:
    /// Refuses what is no JSON, and what is nested more deeply than any file of ours.
    [[nodiscard]] static Json parse(const std::string& file, std::string_view text);

    JsonReader(const std::string& file, const Json& json, std::string path = "")
        : file_(&file), json_(&json), path_(std::move(path)) {}

    /// A member of an object.
    [[nodiscard]] JsonReader operator[](const char* key) const;
    /// Calls `read` for each element of an array.
    void each(const std::function<void(const JsonReader&)>& read) const;

    [[nodiscard]] std::string text() const;
    /// A whole number up to `most`.
    [[nodiscard]] std::uint64_t count(std::uint64_t most = ~std::uint64_t{0}) const;
    [[nodiscard]] std::int64_t integer() const;
    /// A number up to `most`, not negative.
    [[nodiscard]] double number(double most) const;
    [[nodiscard]] bool boolean() const;
    /// A whole number that report.json writes as text.
    [[nodiscard]] std::uint64_t count_in_text() const;

    /// Refuses this value: `what` says why.
    [[noreturn]] void refuse(const std::string& what) const;

private:
    const std::string* file_;
    const Json* json_;
    std::string path_;
};

}  // namespace cimera
