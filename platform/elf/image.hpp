// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

struct Elf;

namespace cimera {

/// Memory that a program occupies: `bytes` from the file, then zeros up to `memory_bytes`.
struct Segment {
    std::uint32_t address = 0;
    std::vector<std::uint8_t> bytes;
    std::uint32_t memory_bytes = 0;
    bool writable = false;
    bool executable = false;
    /// So many bytes at the begin are the file's own headers, and padding: no program needs them.
    std::uint32_t header_bytes = 0;
};

/// A RISC-V executable whose structure has been checked.
class Image {
public:
    /// Reads a file; whatever is wrong with it is an InputError.
    [[nodiscard]] static Image load(const std::filesystem::path& path);
    /// The same for bytes in memory; `name` appears in messages.
    [[nodiscard]] static Image parse(std::string name, std::string bytes);

    [[nodiscard]] const std::string& name() const { return name_; }
    [[nodiscard]] std::uint32_t entry() const { return entry_; }
    /// Loadable segments in the order of their addresses; they do not overlap.
    [[nodiscard]] const std::vector<Segment>& segments() const { return segments_; }
    /// The bytes of a section by name, loaded or not, such as ".cimera.phases".
    [[nodiscard]] std::optional<std::string> section(std::string_view name) const;
    /// For readers of symbols and line numbers; valid as long as the image.
    [[nodiscard]] ::Elf* elf() const { return elf_.get(); }

private:
    struct CloseElf {
        void operator()(::Elf* elf) const;
    };

    Image(std::string name, std::string bytes);
    void check_header() const;
    void read_segments();
    void check_layout() const;
    [[noreturn]] void refuse(const std::string& what, const std::string& hint = {}) const;

    std::string name_;
    /// On the heap, because libelf keeps pointers into it.
    std::unique_ptr<std::string> bytes_;
    std::unique_ptr<::Elf, CloseElf> elf_;
    std::uint32_t entry_ = 0;
    std::vector<Segment> segments_;
};

}  // namespace cimera
