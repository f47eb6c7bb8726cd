// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "platform/elf/image.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstring>
#include <utility>

#include <gelf.h>
#include <libelf.h>

#include "models/common/error.hpp"
#include "platform/config/document.hpp"

namespace cimera {

namespace {

constexpr std::uint64_t largest_file = 256U << 20U;
constexpr std::uint64_t address_space = 1ULL << 32U;
constexpr const char* expected = "expected a 32-bit little-endian RISC-V executable";
constexpr const char* compiler_hint =
    "expected a 32-bit little-endian RISC-V executable, as riscv64-unknown-elf-gcc "
    "-march=rv32imac -mabi=ilp32 links it";

std::string hex(std::uint64_t value) {
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "0x%08llx", static_cast<unsigned long long>(value));
    return text.data();
}

std::string machine_name(unsigned machine) {
    switch (machine) {
        case EM_X86_64:
        case EM_386:
            return "x86";
        case EM_ARM:
        case EM_AARCH64:
            return "Arm";
        default:
            return "machine number " + std::to_string(machine);
    }
}

/// Headers at the begin of the file, and the zeros up to what follows. Linkers load them in front
/// of the code where no script says otherwise.
std::uint32_t header_bytes(const GElf_Ehdr& header, const std::string& file) {
    const std::uint64_t end = header.e_phoff + std::uint64_t{header.e_phnum} * sizeof(Elf32_Phdr);
    return static_cast<std::uint32_t>(std::min(file.find_first_not_of('\0', end), file.size()));
}

}  // namespace

void Image::CloseElf::operator()(::Elf* elf) const {
    elf_end(elf);
}

Image Image::load(const std::filesystem::path& path) {
    return parse(path.string(), read_file(path, largest_file, "an ELF executable"));
}

Image Image::parse(std::string name, std::string bytes) {
    return {std::move(name), std::move(bytes)};
}

Image::Image(std::string name, std::string bytes)
    : name_(std::move(name)), bytes_(std::make_unique<std::string>(std::move(bytes))) {
    elf_version(EV_CURRENT);
    check_header();
    elf_.reset(elf_memory(bytes_->data(), bytes_->size()));
    if (!elf_ || elf_kind(elf_.get()) != ELF_K_ELF) {
        refuse("the ELF header is broken", expected);
    }
    read_segments();
    check_layout();
}

void Image::refuse(const std::string& what, const std::string& hint) const {
    throw InputError(name_, what, hint);
}

void Image::check_header() const {
    const std::string& file = *bytes_;
    if (file.size() < SELFMAG || std::memcmp(file.data(), ELFMAG, SELFMAG) != 0) {
        refuse(file.empty() ? "is empty" : "is not an ELF file", expected);
    }
    if (file.size() < EI_NIDENT) {
        refuse("ends within the ELF header", "the file is truncated");
    }
    if (file[EI_CLASS] == ELFCLASS64) {
        refuse("is a 64-bit ELF", compiler_hint);
    }
    if (file[EI_CLASS] != ELFCLASS32) {
        refuse("has an unknown ELF class", expected);
    }
    if (file[EI_DATA] != ELFDATA2LSB) {
        refuse("is not little-endian", expected);
    }
    if (file.size() < sizeof(Elf32_Ehdr)) {
        refuse("ends within the ELF header", "the file is truncated");
    }
    Elf32_Ehdr header;
    std::memcpy(&header, file.data(), sizeof header);
    if (header.e_machine != EM_RISCV) {
        refuse("is for " + machine_name(header.e_machine) + ", not for RISC-V", compiler_hint);
    }
    if (header.e_type != ET_EXEC) {
        const char* kind = header.e_type == ET_REL   ? "an object file"
                           : header.e_type == ET_DYN ? "position-independent"
                                                     : "not an executable";
        refuse(std::string("is ") + kind, "link it to fixed addresses with the firmware's script");
    }
    if (header.e_phnum == 0 || header.e_phentsize != sizeof(Elf32_Phdr)) {
        refuse("has no usable program headers", expected);
    }
    const std::uint64_t headers = std::uint64_t{header.e_phnum} * sizeof(Elf32_Phdr);
    if (header.e_phnum == PN_XNUM || header.e_phoff > file.size() ||
        headers > file.size() - header.e_phoff) {
        refuse("its program headers reach past the end of the file", "the file is truncated");
    }
}

void Image::read_segments() {
    GElf_Ehdr header;
    std::size_t count = 0;
    if (gelf_getehdr(elf_.get(), &header) == nullptr || elf_getphdrnum(elf_.get(), &count) != 0) {
        refuse("the ELF header is broken", expected);
    }
    entry_ = static_cast<std::uint32_t>(header.e_entry);
    std::uint64_t total = 0;
    for (std::size_t i = 0; i < count; ++i) {
        GElf_Phdr program;
        const std::string segment = "segment " + std::to_string(i);
        if (gelf_getphdr(elf_.get(), static_cast<int>(i), &program) == nullptr) {
            refuse(segment + " has a broken header", expected);
        }
        if (program.p_type != PT_LOAD || program.p_memsz == 0) {
            continue;
        }
        if (program.p_filesz > program.p_memsz) {
            refuse(segment + " has more bytes in the file than in memory");
        }
        if (program.p_offset > bytes_->size() ||
            program.p_filesz > bytes_->size() - program.p_offset) {
            refuse(segment + " reaches past the end of the file", "the file is truncated");
        }
        total += program.p_filesz;
        if (total > largest_file) {
            refuse("its segments have more than 256 MiB of contents");
        }
        // Loaded where it is stored (the physical address): start code may copy it from there.
        if (program.p_paddr + program.p_memsz > address_space) {
            refuse(segment + " at " + hex(program.p_paddr) +
                   " reaches past the end of the address space");
        }
        const auto* begin =
            reinterpret_cast<const std::uint8_t*>(bytes_->data()) + program.p_offset;
        segments_.push_back({static_cast<std::uint32_t>(program.p_paddr),
                             {begin, begin + program.p_filesz},
                             static_cast<std::uint32_t>(program.p_memsz),
                             (program.p_flags & PF_W) != 0,
                             (program.p_flags & PF_X) != 0,
                             program.p_offset == 0 ? header_bytes(header, *bytes_) : 0});
    }
    std::sort(segments_.begin(), segments_.end(),
              [](const Segment& a, const Segment& b) { return a.address < b.address; });
}

void Image::check_layout() const {
    if (segments_.empty()) {
        refuse("has nothing to load", expected);
    }
    for (std::size_t i = 1; i < segments_.size(); ++i) {
        const Segment& before = segments_[i - 1];
        if (std::uint64_t{before.address} + before.memory_bytes > segments_[i].address) {
            refuse("two segments overlap at " + hex(segments_[i].address),
                   "see the memory regions of the linker script");
        }
    }
    const bool inside = std::any_of(segments_.begin(), segments_.end(), [&](const Segment& s) {
        return entry_ >= s.address && entry_ - s.address < s.memory_bytes;
    });
    if (!inside || entry_ % 2 != 0) {
        refuse("its entry point " + hex(entry_) + (inside ? " is odd" : " is in no segment"),
               "see ENTRY in the linker script");
    }
}

std::optional<std::string> Image::section(std::string_view name) const {
    std::size_t names = 0;
    if (elf_getshdrstrndx(elf_.get(), &names) != 0) {
        return std::nullopt;
    }
    for (Elf_Scn* scn = elf_nextscn(elf_.get(), nullptr); scn != nullptr;
         scn = elf_nextscn(elf_.get(), scn)) {
        GElf_Shdr header;
        if (gelf_getshdr(scn, &header) == nullptr) {
            continue;
        }
        const char* own = elf_strptr(elf_.get(), names, header.sh_name);
        if (own == nullptr || name != own) {
            continue;
        }
        const Elf_Data* data = header.sh_type == SHT_NOBITS ? nullptr : elf_rawdata(scn, nullptr);
        if (header.sh_type != SHT_NOBITS && header.sh_size != 0 &&
            (data == nullptr || data->d_buf == nullptr)) {
            refuse("section '" + std::string(name) + "' reaches past the end of the file",
                   "the file is truncated");
        }
        return data == nullptr || data->d_buf == nullptr
                   ? std::string()
                   : std::string(static_cast<const char*>(data->d_buf), data->d_size);
    }
    return std::nullopt;
}

}  // namespace cimera
