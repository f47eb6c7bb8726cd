// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "models/cim/device_state.hpp"

#include <bit>
#include <string_view>

namespace cimera::cim {

static_assert(std::endian::native == std::endian::little, "state is written as it lies in memory");

namespace {

constexpr std::string_view magic = "CIMERADS";

std::uint64_t hash_of(std::span<const std::uint8_t> bytes) {
    std::uint64_t hash = 0xcbf29ce484222325U;
    for (const std::uint8_t byte : bytes) {
        hash = (hash ^ byte) * 0x100000001b3U;
    }
    return hash;
}

}  // namespace

StateWriter::StateWriter(std::uint32_t kind, std::span<const std::uint32_t, 4> shape)
    : bytes_(magic.begin(), magic.end()) {
    add(version);
    add(kind);
    for (const std::uint32_t word : shape) {
        add(word);
    }
}

std::vector<std::uint8_t> StateWriter::finish() {
    add(hash_of(bytes_));
    return std::move(bytes_);
}

StateReader::StateReader(std::span<const std::uint8_t> bytes, std::uint32_t kind,
                         std::span<const std::uint32_t, 4> shape)
    : rest_(bytes) {
    if (bytes.size() < magic.size() + sizeof(std::uint64_t) ||
        std::memcmp(bytes.data(), magic.data(), magic.size()) != 0) {
        error_ = "is no device state";
        return;
    }
    const std::span<const std::uint8_t> hashed = bytes.first(bytes.size() - sizeof(std::uint64_t));
    std::uint64_t stored = 0;
    std::memcpy(&stored, bytes.data() + hashed.size(), sizeof stored);
    rest_ = hashed.subspan(magic.size());
    if (stored != hash_of(hashed)) {
        error_ = "is damaged: its hash does not match";
        return;
    }
    if (take<std::uint32_t>() != StateWriter::version) {
        refuse("is of another version");
    }
    if (take<std::uint32_t>() != kind) {
        refuse("is of another kind of array");
    }
    for (const std::uint32_t word : shape) {
        if (take<std::uint32_t>() != word) {
            refuse("is of an array of another shape");
        }
    }
}

std::vector<std::uint8_t> join_states(const std::vector<std::vector<std::uint8_t>>& states) {
    std::vector<std::uint8_t> all;
    for (const std::vector<std::uint8_t>& state : states) {
        const std::uint64_t length = state.size();
        const auto* bytes = reinterpret_cast<const std::uint8_t*>(&length);
        all.insert(all.end(), bytes, bytes + sizeof length);
        all.insert(all.end(), state.begin(), state.end());
    }
    return all;
}

std::vector<std::span<const std::uint8_t>> split_states(std::span<const std::uint8_t> bytes) {
    std::vector<std::span<const std::uint8_t>> states;
    while (!bytes.empty()) {
        std::uint64_t length = 0;
        if (bytes.size() < sizeof length) {
            return {};
        }
        std::memcpy(&length, bytes.data(), sizeof length);
        bytes = bytes.subspan(sizeof length);
        if (length > bytes.size()) {
            return {};
        }
        states.push_back(bytes.first(length));
        bytes = bytes.subspan(length);
    }
    return states;
}

}  // namespace cimera::cim
