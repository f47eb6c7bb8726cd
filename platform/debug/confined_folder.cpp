// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "platform/debug/confined_folder.hpp"

#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

#include <fmt/format.h>

#include "models/common/error.hpp"

namespace cimera::debug {

/// The folder that holds a file, and the file's last name. `folder` is -1 where it is refused.
struct ConfinedFolder::Place {
    int folder = -1;
    std::string name;

    Place(int folder_, std::string name_) : folder(folder_), name(std::move(name_)) {}
    ~Place() {
        if (folder >= 0) {
            const int kept = errno;
            ::close(folder);
            errno = kept;
        }
    }
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;
};

ConfinedFolder::ConfinedFolder(const std::filesystem::path& folder)
    : root_(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {
    if (root_ < 0) {
        throw InputError("--semihosting-dir", fmt::format("{}: cannot be opened", folder.string()),
                         "a folder that exists");
    }
}

ConfinedFolder::~ConfinedFolder() {
    ::close(root_);
}

ConfinedFolder::Place ConfinedFolder::find(const std::string& name) const {
    int folder = ::openat(root_, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    std::size_t begin = 0;
    while (folder >= 0) {
        const std::size_t end = name.find('/', begin);
        const std::string part = name.substr(begin, end - begin);
        // An empty part is also what an absolute name begins with.
        if (part.empty() || part == ".." || name.find('\0') != std::string::npos) {
            ::close(folder);
            errno = EACCES;
            break;
        }
        if (end == std::string::npos) {
            return {folder, part};
        }
        const int inner =
            ::openat(folder, part.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        const int reason = errno;
        ::close(folder);
        errno = reason;
        folder = inner;
        begin = end + 1;
    }
    return {-1, {}};
}

int ConfinedFolder::open(const std::string& name, int flags) const {
    const Place place = find(name);
    if (place.folder < 0) {
        return -1;
    }
    constexpr mode_t mode = 0666;
    // Not blocking: a pipe would wait for its other end. Truncated once it is known to be a file.
    const int file = ::openat(place.folder, place.name.c_str(),
                              (flags & ~O_TRUNC) | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK, mode);
    if (file < 0) {
        return -1;
    }
    struct stat status {};
    const bool regular = ::fstat(file, &status) == 0 && S_ISREG(status.st_mode);
    if (!regular || ((flags & O_TRUNC) != 0 && ::ftruncate(file, 0) != 0)) {
        ::close(file);
        errno = EACCES;
        return -1;
    }
    return file;
}

int ConfinedFolder::remove(const std::string& name) const {
    const Place place = find(name);
    return place.folder < 0 ? -1 : ::unlinkat(place.folder, place.name.c_str(), 0);
}

int ConfinedFolder::rename(const std::string& from, const std::string& to) const {
    const Place old_place = find(from);
    const Place new_place = find(to);
    if (old_place.folder < 0 || new_place.folder < 0) {
        return -1;
    }
    return ::renameat(old_place.folder, old_place.name.c_str(), new_place.folder,
                      new_place.name.c_str());
}

}  // namespace cimera::debug
