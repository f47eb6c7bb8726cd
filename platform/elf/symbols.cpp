// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "platform/elf/symbols.hpp"

#include <algorithm>
#include <iterator>
#include <memory>
#include <set>
#include <tuple>

#include <elfutils/libdw.h>
#include <gelf.h>
#include <libelf.h>

namespace cimera {

namespace {

constexpr int most_labels_in_function = 1024;

/// Labels that assemblers and compilers leave behind, such as "$x" and ".L3".
bool is_marker(const std::string& name) {
    return name.empty() || name[0] == '$' || name.rfind(".L", 0) == 0;
}

struct EndDwarf {
    void operator()(Dwarf* dwarf) const { dwarf_end(dwarf); }
};

}  // namespace

Symbols::Symbols(const Image& image) {
    for (const Segment& segment : image.segments()) {
        if (segment.executable) {
            code_.push_back({segment.address, segment.address + (segment.memory_bytes - 1)});
        }
    }
    read_symbols(image);
    read_lines(image);
}

bool Symbols::in_code(std::uint32_t address) const {
    return std::any_of(code_.begin(), code_.end(), [address](const Range& range) {
        return address >= range.first && address <= range.last;
    });
}

void Symbols::read_symbols(const Image& image) {
    for (Elf_Scn* scn = elf_nextscn(image.elf(), nullptr); scn != nullptr;
         scn = elf_nextscn(image.elf(), scn)) {
        GElf_Shdr header;
        if (gelf_getshdr(scn, &header) == nullptr || header.sh_type != SHT_SYMTAB) {
            continue;
        }
        Elf_Data* data = elf_getdata(scn, nullptr);
        GElf_Sym symbol;
        for (int i = 0; data != nullptr && gelf_getsym(data, i, &symbol) != nullptr; ++i) {
            const char* text = elf_strptr(image.elf(), header.sh_link, symbol.st_name);
            const std::string name = text == nullptr ? "" : text;
            const int type = GELF_ST_TYPE(symbol.st_info);
            if (is_marker(name) || symbol.st_shndx == SHN_UNDEF || type == STT_FILE ||
                type == STT_SECTION) {
                continue;
            }
            const auto address = static_cast<std::uint32_t>(symbol.st_value);
            // A global symbol wins over a local one of the same name.
            if (GELF_ST_BIND(symbol.st_info) == STB_GLOBAL) {
                addresses_[name] = address;
            } else {
                addresses_.emplace(name, address);
            }
            Elf_Scn* home = elf_getscn(image.elf(), symbol.st_shndx);
            GElf_Shdr place;
            const bool code = symbol.st_shndx < SHN_LORESERVE && home != nullptr &&
                              gelf_getshdr(home, &place) != nullptr &&
                              (place.sh_flags & SHF_EXECINSTR) != 0;
            if (type == STT_FUNC || (type == STT_NOTYPE && code)) {
                functions_.push_back({address, static_cast<std::uint32_t>(symbol.st_size), name});
            }
        }
    }
    // At one address the one with a size comes last and is found first.
    std::sort(functions_.begin(), functions_.end(), [](const Function& a, const Function& b) {
        return std::tie(a.address, a.size, b.name) < std::tie(b.address, b.size, a.name);
    });
}

void Symbols::read_lines(const Image& image) {
    const std::unique_ptr<Dwarf, EndDwarf> dwarf(
        dwarf_begin_elf(image.elf(), DWARF_C_READ, nullptr));
    if (!dwarf) {
        return;
    }
    Dwarf_CU* unit = nullptr;
    Dwarf_Die die;
    std::map<std::string, std::size_t> numbers;
    while (dwarf_get_units(dwarf.get(), unit, &unit, nullptr, nullptr, &die, nullptr) == 0) {
        Dwarf_Lines* lines = nullptr;
        std::size_t count = 0;
        if (dwarf_getsrclines(&die, &lines, &count) != 0) {
            continue;
        }
        for (std::size_t i = 0; i < count; ++i) {
            Dwarf_Line* row = dwarf_onesrcline(lines, i);
            Dwarf_Addr address = 0;
            int line = 0;
            bool end = false;
            const char* file = dwarf_linesrc(row, nullptr, nullptr);
            if (dwarf_lineaddr(row, &address) != 0 || dwarf_lineno(row, &line) != 0 ||
                dwarf_lineendsequence(row, &end) != 0 || file == nullptr) {
                continue;
            }
            // Functions that the linker has left out keep their lines, at address 0.
            const auto place = static_cast<std::uint32_t>(address);
            if (!in_code(place) && !(end && place != 0 && in_code(place - 1))) {
                continue;
            }
            const auto [at, fresh] = numbers.emplace(file, files_.size());
            if (fresh) {
                files_.emplace_back(file);
            }
            lines_.push_back(
                {place, end ? 0U : static_cast<std::uint32_t>(std::max(line, 0)), at->second});
        }
    }
    // The end of one sequence may be the beginning of the next: ends come first.
    std::stable_sort(lines_.begin(), lines_.end(), [](const Line& a, const Line& b) {
        return std::tuple(a.address, a.line != 0) < std::tuple(b.address, b.line != 0);
    });
}

std::optional<SymbolPlace> Symbols::function_at(std::uint32_t address) const {
    auto at = std::upper_bound(
        functions_.begin(), functions_.end(), address,
        [](std::uint32_t wanted, const Function& function) { return wanted < function.address; });
    // A label inside a function belongs to it; one outside reaches to the next name.
    const Function* label = nullptr;
    for (int looked = 0; at != functions_.begin() && looked < most_labels_in_function; ++looked) {
        --at;
        if (address - at->address < at->size) {
            return SymbolPlace{at->name, address - at->address};
        }
        if (looked == 0 && at->size == 0) {
            label = &*at;
        } else if (label != nullptr && label->address - at->address < at->size) {
            return std::nullopt;
        }
    }
    if (label != nullptr) {
        return SymbolPlace{label->name, address - label->address};
    }
    return std::nullopt;
}

std::optional<std::uint32_t> Symbols::address_of(const std::string& name) const {
    const auto found = addresses_.find(name);
    return found == addresses_.end() ? std::nullopt : std::optional(found->second);
}

std::optional<SourceLocation> Symbols::locate(std::uint32_t address) const {
    if (!in_code(address)) {
        return std::nullopt;
    }
    const auto next = std::upper_bound(
        lines_.begin(), lines_.end(), address,
        [](std::uint32_t wanted, const Line& line) { return wanted < line.address; });
    if (next == lines_.begin() || next == lines_.end() || std::prev(next)->line == 0) {
        return std::nullopt;
    }
    const Line& line = *std::prev(next);
    return SourceLocation{files_[line.file], line.line};
}

std::vector<FunctionPlace> Symbols::functions() const {
    std::set<std::uint32_t> borders;
    for (const Function& function : functions_) {
        borders.insert({function.address, function.address + function.size});
    }
    for (const Range& range : code_) {
        borders.insert(range.last + 1);
    }
    std::vector<FunctionPlace> places;
    for (auto at = borders.begin(); at != borders.end(); ++at) {
        const auto place = in_code(*at) ? function_at(*at) : std::nullopt;
        if (!place || std::next(at) == borders.end()) {
            continue;
        }
        const std::uint32_t first = *at - place->offset;
        if (places.empty() || places.back().first != first || places.back().last + 1 != *at) {
            places.push_back({*at, 0, place->function});
        }
        places.back().last = *std::next(at) - 1;
    }
    return places;
}

std::vector<LinePlace> Symbols::lines() const {
    std::vector<LinePlace> places;
    for (std::size_t n = 0; n + 1 < lines_.size(); ++n) {
        const Line& line = lines_[n];
        const std::uint32_t end = lines_[n + 1].address;
        if (line.line != 0 && end != line.address) {
            places.push_back({line.address, end - 1, {files_[line.file], line.line}});
        }
    }
    return places;
}

}  // namespace cimera
