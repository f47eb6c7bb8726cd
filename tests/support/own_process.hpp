// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <array>
#include <functional>
#include <sys/wait.h>
#include <type_traits>
#include <unistd.h>

#include <catch2/catch.hpp>

namespace cimera::test {

/// Runs `work` in a process of its own, because SystemC elaborates once in each, and returns what
/// it returned.
template <typename Result>
Result in_own_process(const std::function<Result()>& work) {
    static_assert(std::is_trivially_copyable_v<Result>);
    std::array<int, 2> ends{};
    REQUIRE(pipe(ends.data()) == 0);
    const pid_t child = fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        const Result result = work();
        const bool written = write(ends[1], &result, sizeof result) == sizeof result;
        _exit(written ? 0 : 1);
    }
    close(ends[1]);
    Result result{};
    const bool complete = read(ends[0], &result, sizeof result) == sizeof result;
    close(ends[0]);
    int status = 0;
    waitpid(child, &status, 0);
    REQUIRE(status == 0);
    REQUIRE(complete);
    return result;
}

}  // namespace cimera::test
