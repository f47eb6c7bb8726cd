// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <filesystem>
#include <string>

namespace cimera::debug {

/// Files below one folder, for a program that must not see any other: names are relative, without
/// "..", and no part of them is a symbolic link. Results are those of the system's calls: -1 and
/// errno where something is wrong.
class ConfinedFolder {
public:
    /// A folder that cannot be opened is an InputError.
    explicit ConfinedFolder(const std::filesystem::path& folder);
    ~ConfinedFolder();
    ConfinedFolder(const ConfinedFolder&) = delete;
    ConfinedFolder& operator=(const ConfinedFolder&) = delete;

    /// A descriptor of a regular file; `flags` as of open(2).
    [[nodiscard]] int open(const std::string& name, int flags) const;
    [[nodiscard]] int remove(const std::string& name) const;
    [[nodiscard]] int rename(const std::string& from, const std::string& to) const;

private:
    struct Place;
    [[nodiscard]] Place find(const std::string& name) const;

    int root_;
};

}  // namespace cimera::debug
