// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "models/common/error.hpp"

namespace cimera {

/// `length` bytes from `column` on in `line`, both counted from 1.
struct Span {
    std::size_t line = 1;
    std::size_t column = 1;
    std::size_t length = 1;
};

/// A text that the user gave: a file, or an option of the command line.
class Source {
public:
    /// `name` as the user wrote it. Positions of an option are shown without line numbers.
    enum class Origin { file, option };
    Source(std::string name, std::string_view text, Origin origin = Origin::file);

    [[nodiscard]] const std::string& name() const { return name_; }
    /// The text of a line, counted from 1; empty past the end.
    [[nodiscard]] std::string_view line(std::size_t number) const;

    /// An error with position, source line and underline; `hint` stands beside the underline.
    [[nodiscard]] InputError error(const Span& span, const std::string& what,
                                   const std::string& hint = {}) const;
    /// An error that concerns the whole text.
    [[nodiscard]] InputError error(const std::string& what, const std::string& hint = {}) const;

private:
    std::string name_;
    Origin origin_;
    std::vector<std::string> lines_;
};

using SourcePtr = std::shared_ptr<const Source>;

/// "error: WHERE: WHAT" and the hint's lines below it, without a newline at the end.
[[nodiscard]] std::string format_error(const InputError& error);

/// Where the first byte stands that is not UTF-8.
[[nodiscard]] std::optional<std::size_t> find_invalid_utf8(std::string_view text);

/// The text with control characters and broken UTF-8 replaced, safe to print in a message.
[[nodiscard]] std::string printable(std::string_view text);

}  // namespace cimera
