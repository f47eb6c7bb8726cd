// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "models/common/random.hpp"

#include <Random123/philox.h>

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

std::uint32_t Random::bits(std::uint32_t stream, std::uint32_t index, std::uint64_t event) const {
    const r123::Philox4x32::ctr_type counter = {{index, stream, static_cast<std::uint32_t>(event),
                                                 static_cast<std::uint32_t>(event >> 32)}};
    const r123::Philox4x32::key_type key = {{key_[0], key_[1]}};
    return r123::Philox4x32{}(counter, key)[0];
}

}  // namespace cimera
