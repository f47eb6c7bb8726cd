// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "platform/cli/output_file.hpp"

#include <fstream>

#include "models/common/error.hpp"
#include "platform/trace/output_path.hpp"

namespace cimera::cli {

namespace {

[[noreturn]] void cannot_write(const std::filesystem::path& path) {
    std::error_code error;
    const bool folder = std::filesystem::is_directory(path, error);
    throw InputError(path.string(), folder ? "is a folder" : "cannot be written",
                     folder ? "the name of a file is expected"
                            : "does the folder exist, may you write there, is there space?");
}

}  // namespace

void require_writable(const std::filesystem::path& path) {
    if (is_special(path)) {
        return;
    }
    std::error_code error;
    const std::filesystem::path temporary = written_first(path);
    const bool writable = std::ofstream(temporary, std::ios::binary).is_open();
    std::filesystem::remove(temporary, error);
    if (!writable || std::filesystem::is_directory(path, error)) {
        cannot_write(path);
    }
}

void write_file(const std::filesystem::path& path, const std::string& text) {
    const std::filesystem::path written = written_first(path);
    {
        std::ofstream file(written, std::ios::binary);
        file << text;
        if (!file.flush()) {
            cannot_write(path);
        }
    }
    if (written == path) {
        return;
    }
    std::error_code error;
    std::filesystem::rename(written, replaced_by(path), error);
    if (error) {
        std::filesystem::remove(written, error);
        cannot_write(path);
    }
}

}  // namespace cimera::cli
