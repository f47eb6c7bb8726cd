// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <unistd.h>

#include "models/common/error.hpp"

namespace cimera::fuzz {

inline std::string_view text_of(const std::uint8_t* data, std::size_t size) {
    return {reinterpret_cast<const char*>(data), size};
}

/// What must hold for any input.
inline void require(bool condition) {
    if (!condition) {
        std::abort();
    }
}

/// Runs a reader: it succeeds, or it refuses with a place and a reason. Whether it succeeded.
template <typename Reader>
bool accepted(Reader&& reader) {
    try {
        reader();
        return true;
    } catch (const InputError& error) {
        require(!error.where.empty() && *error.what() != '\0');
        return false;
    }
}

/// A file of this process for readers that want one.
class ScratchFile {
public:
    explicit ScratchFile(const char* name)
        : folder_(std::filesystem::temp_directory_path() /
                  ("cimera-fuzz-" + std::to_string(getpid()))),
          path_(folder_ / name) {
        std::filesystem::create_directory(folder_);
    }
    ScratchFile(const ScratchFile&) = delete;
    ScratchFile& operator=(const ScratchFile&) = delete;
    ScratchFile(ScratchFile&&) = delete;
    ScratchFile& operator=(ScratchFile&&) = delete;
    ~ScratchFile() {
        std::error_code ignored;
        std::filesystem::remove_all(folder_, ignored);
    }

    void write(std::string_view bytes) const {
        std::ofstream(path_, std::ios::binary | std::ios::trunc)
            .write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    }
    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

private:
    std::filesystem::path folder_;
    std::filesystem::path path_;
};

}  // namespace cimera::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
