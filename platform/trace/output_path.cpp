// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "platform/trace/output_path.hpp"

namespace cimera {

bool is_special(const std::filesystem::path& path) {
    std::error_code error;
    return std::filesystem::exists(path, error) && !std::filesystem::is_regular_file(path, error) &&
           !std::filesystem::is_directory(path, error);
}

std::filesystem::path replaced_by(const std::filesystem::path& path) {
    std::error_code error;
    const std::filesystem::path target = std::filesystem::weakly_canonical(path, error);
    return error ? path : target;
}

std::filesystem::path written_first(const std::filesystem::path& path) {
    return is_special(path) ? path : std::filesystem::path(replaced_by(path).string() + ".tmp");
}

}  // namespace cimera
