// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "models/common/random.hpp"

#include <cmath>

#include <Random123/philox.h>

#include "models/common/mathematics.hpp"

namespace cimera {

Random::Random(std::uint64_t seed, std::string_view instance) {
    std::uint64_t hash = 0xcbf29ce484222325U;
    const auto add = [&hash](std::uint8_t byte) { hash = (hash ^ byte) * 0x100000001b3U; };
    for (unsigned i = 0; i < 8; ++i) {
        add(static_cast<std::uint8_t>(seed >> (8 * i)));
    }
    for (const char c : instance) {
        add(static_cast<std::uint8_t>(c));
    }
    key_ = {static_cast<std::uint32_t>(hash), static_cast<std::uint32_t>(hash >> 32)};
}

std::array<std::uint32_t, 4> Random::words(std::uint32_t stream, std::uint32_t index,
                                           std::uint64_t event) const {
    const r123::Philox4x32::ctr_type counter = {{index, stream, static_cast<std::uint32_t>(event),
                                                 static_cast<std::uint32_t>(event >> 32)}};
    const r123::Philox4x32::key_type key = {{key_[0], key_[1]}};
    const r123::Philox4x32::ctr_type block = r123::Philox4x32{}(counter, key);
    return {block[0], block[1], block[2], block[3]};
}

std::uint32_t Random::bits(std::uint32_t stream, std::uint32_t index, std::uint64_t event) const {
    return words(stream, index, event)[0];
}

double Random::normal(std::uint32_t stream, std::uint32_t index, std::uint64_t event) const {
    const std::array<std::uint32_t, 4> block = words(stream, index, event);
    const double radius = std::sqrt(-2 * math::log((block[0] + 0.5) * 0x1p-32));
    return radius * math::sine_cosine(block[1] * 0x1p-32).cosine;
}

}  // namespace cimera
