// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include <algorithm>
#include <charconv>
#include <optional>

#include <fmt/format.h>

#include "platform/soc/formats/formats.hpp"

namespace cimera::formats {

namespace {

constexpr std::string_view magic = "\x93NUMPY";

/// What the header's dictionary says.
struct Header {
    std::optional<std::string> type;
    std::optional<bool> fortran;
    std::optional<std::vector<std::uint64_t>> shape;
};

/// Reads the header, a literal of Python: {'descr': '<i2', 'fortran_order': False, 'shape': (3,)}.
class HeaderReader {
public:
    HeaderReader(const Path& file, std::string_view text, std::size_t offset)
        : file_(file), text_(text), offset_(offset) {}

    Header read() {
        Header header;
        expect('{');
        while (!take('}')) {
            const std::string key = string();
            expect(':');
            if (key == "descr") {
                header.type = type();
            } else if (key == "fortran_order") {
                header.fortran = boolean();
            } else if (key == "shape") {
                header.shape = tuple();
            } else {
                refuse(file_, fmt::format("NPY header with the key '{}'", key.substr(0, 40)),
                       "keys are descr, fortran_order and shape");
            }
            if (!take(',')) {
                expect('}');
                break;
            }
        }
        return header;
    }

private:
    void skip_spaces() { at_ = std::min(text_.find_first_not_of(" \t\n", at_), text_.size()); }
    bool take(char c) {
        skip_spaces();
        const bool there = at_ < text_.size() && text_[at_] == c;
        at_ += there ? 1 : 0;
        return there;
    }
    void expect(char c) {
        if (!take(c)) {
            fail(fmt::format("'{}'", c));
        }
    }
    [[noreturn]] void fail(const std::string& expected) {
        refuse(file_, fmt::format("damaged NPY header at offset {}: expected {}", offset_ + at_,
                                  expected));
    }
    std::string string() {
        skip_spaces();
        const char quote = at_ < text_.size() ? text_[at_] : '\0';
        if (quote != '\'' && quote != '"') {
            fail("a string");
        }
        const std::size_t end = text_.find(quote, at_ + 1);
        if (end == std::string_view::npos) {
            fail("the end of a string");
        }
        std::string found(text_.substr(at_ + 1, end - at_ - 1));
        at_ = end + 1;
        return found;
    }
    std::string type() {
        skip_spaces();
        if (at_ < text_.size() && text_[at_] == '[') {
            refuse(file_, "NPY file of records", "save one plain array of integers");
        }
        return string();
    }
    bool boolean() {
        skip_spaces();
        for (const std::string_view word : {"True", "False"}) {
            if (text_.substr(at_, word.size()) == word) {
                at_ += word.size();
                return word == "True";
            }
        }
        fail("True or False");
    }
    std::vector<std::uint64_t> tuple() {
        std::vector<std::uint64_t> sizes;
        expect('(');
        while (!take(')')) {
            skip_spaces();
            std::uint64_t size = 0;
            const char* begin = text_.data() + at_;
            const auto [end, error] = std::from_chars(begin, text_.data() + text_.size(), size);
            if (error != std::errc()) {
                fail("a size");
            }
            at_ += static_cast<std::size_t>(end - begin);
            sizes.push_back(size);
            if (!take(',')) {
                expect(')');
                break;
            }
        }
        return sizes;
    }

    const Path& file_;
    std::string_view text_;
    std::size_t offset_;
    std::size_t at_ = 0;
};

Element element_of(const Path& file, const std::string& type) {
    const std::size_t order = type.find_first_of("<>|=") == 0 ? 1 : 0;
    const std::string name = type.substr(order);
    if (name.starts_with('f') || name.starts_with('c')) {
        refuse(file, fmt::format("NPY file of '{}', which are no integers", type.substr(0, 40)),
               "scale, round and store integers: (a * scale).round().astype(np.int16)");
    }
    for (const unsigned bytes : {1U, 2U, 4U, 8U}) {
        const bool is_signed = name == fmt::format("i{}", bytes);
        if (is_signed || name == fmt::format("u{}", bytes) || (bytes == 1 && name == "b1")) {
            return {bytes, is_signed, type.starts_with('>')};
        }
    }
    refuse(file, fmt::format("NPY file of '{}'", type.substr(0, 40)),
           "types that a sensor plays: b1, u1, i1, u2, i2, u4, i4, u8, i8");
}

}  // namespace

bool looks_like_npy(Bytes bytes) {
    return bytes.size() >= magic.size() &&
           std::equal(magic.begin(), magic.end(), bytes.begin(), [](char c, std::uint8_t byte) {
               return static_cast<std::uint8_t>(c) == byte;
           });
}

Array parse_npy(const Path& file, Bytes bytes) {
    // Versions 2 and 3 have four bytes of length, little endian.
    const unsigned version = bytes.size() > magic.size() ? bytes[magic.size()] : 1;
    if (version < 1 || version > 3) {
        refuse(file, fmt::format("NPY file of version {}", version), "versions are 1, 2 and 3");
    }
    const std::size_t length_bytes = version == 1 ? 2 : 4;
    const std::size_t begin = magic.size() + 2 + length_bytes;
    std::uint64_t length = 0;
    for (std::size_t b = 0; b < length_bytes && magic.size() + 2 + b < bytes.size(); ++b) {
        length |= std::uint64_t{bytes[magic.size() + 2 + b]} << 8 * b;
    }
    if (bytes.size() < begin + length) {
        refuse(file,
               fmt::format("truncated NPY file: the header ends at offset {}, the file has {} "
                           "bytes",
                           begin + length, bytes.size()));
    }
    const std::string_view text(reinterpret_cast<const char*>(bytes.data()) + begin, length);
    const Header header = HeaderReader(file, text, begin).read();
    if (!header.type || !header.fortran || !header.shape) {
        refuse(file, "NPY header without descr, fortran_order or shape");
    }
    if (*header.fortran && header.shape->size() > 1) {
        refuse(file, "NPY file in Fortran order: its first dimension, frames, runs fastest",
               "save np.ascontiguousarray(a)");
    }
    Array array{"NPY", element_of(file, *header.type), *header.shape,
                bytes.subspan(begin + length)};
    check_size(file, array, begin + length);
    return array;
}

}  // namespace cimera::formats
