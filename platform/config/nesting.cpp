// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "platform/config/nesting.hpp"

#include <algorithm>
#include <string>

namespace cimera {

namespace {

/// Walks over brackets and keys; strings and comments do not count.
class NestingCheck {
public:
    /// The place where nesting becomes too deep, if any.
    static std::optional<Span> find(std::string_view text) {
        NestingCheck check(text);
        while (check.at_ < text.size()) {
            if (check.step()) {
                return Span{check.line_, check.at_ - check.line_begin_ + 1, 1};
            }
            ++check.at_;
        }
        return std::nullopt;
    }

private:
    explicit NestingCheck(std::string_view text) : text_(text) {}

    bool step() {
        switch (text_[at_]) {
            case '\n':
                ++line_;
                line_begin_ = at_ + 1;
                dots_ = 0;
                break;
            case '#':
                skip_comment();
                break;
            case '"':
            case '\'':
                skip_string(text_[at_]);
                break;
            case '[':
            case '{':
                dots_ = 0;
                return ++depth_ > deepest_nesting;
            case ']':
            case '}':
                depth_ = std::max(depth_ - 1, 0);
                dots_ = 0;
                break;
            case '=':
            case ',':
                dots_ = 0;
                break;
            case '.':
                return ++dots_ > longest_dotted_key;
            default:
                break;
        }
        return false;
    }

    void skip_comment() { at_ = std::min(text_.find('\n', at_), text_.size()) - 1; }

    /// Leaves `at_` on the last character of the string; an unclosed one ends with its line.
    void skip_string(char mark) {
        const std::string triple(3, mark);
        const bool multiline = text_.substr(at_, 3) == triple;
        at_ += multiline ? 3 : 1;
        for (; at_ < text_.size(); ++at_) {
            if (text_[at_] == '\n') {
                if (!multiline) {
                    --at_;
                    return;
                }
                ++line_;
                line_begin_ = at_ + 1;
            } else if (text_[at_] == '\\' && mark == '"') {
                at_ += at_ + 1 < text_.size() && text_[at_ + 1] != '\n' ? 1 : 0;
            } else if (multiline ? text_.substr(at_, 3) == triple : text_[at_] == mark) {
                at_ += multiline ? 2 : 0;
                return;
            }
        }
    }

    std::string_view text_;
    std::size_t at_ = 0;
    std::size_t line_ = 1;
    std::size_t line_begin_ = 0;
    int depth_ = 0;
    int dots_ = 0;
};

}  // namespace

std::optional<Span> find_deep_nesting(std::string_view text) {
    return NestingCheck::find(text);
}

}  // namespace cimera
