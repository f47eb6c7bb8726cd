// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace cimera {

/// Counter-based random numbers (Philox4x32-10, Salmon et al., SC'11): a pure function of
/// (seed, instance name, stream, index, event), so independent of the order of calls.
class Random {
public:
    /// The key is the FNV-1a hash of the seed's eight little-endian bytes followed by the name.
    Random(std::uint64_t seed, std::string_view instance);

    /// 32 random bits for cell or neuron `index`, purpose `stream`, occurrence `event`.
    [[nodiscard]] std::uint32_t bits(std::uint32_t stream, std::uint32_t index,
                                     std::uint64_t event) const;
    /// Uniform in (0, 1), a multiple of 2^-33.
    [[nodiscard]] double uniform(std::uint32_t stream, std::uint32_t index,
                                 std::uint64_t event) const {
        return (bits(stream, index, event) + 0.5) * 0x1p-32;
    }
    /// Standard normal, by Box and Muller from two words: |value| < 6.8.
    [[nodiscard]] double normal(std::uint32_t stream, std::uint32_t index,
                                std::uint64_t event) const;
    /// An integer in [0, bound), by multiply and shift.
    [[nodiscard]] std::uint32_t below(std::uint32_t bound, std::uint32_t stream,
                                      std::uint32_t index, std::uint64_t event) const {
        return static_cast<std::uint32_t>((std::uint64_t{bits(stream, index, event)} * bound) >>
                                          32);
    }

private:
    [[nodiscard]] std::array<std::uint32_t, 4> words(std::uint32_t stream, std::uint32_t index,
                                                     std::uint64_t event) const;

    std::array<std::uint32_t, 2> key_;
};

}  // namespace cimera
