// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

namespace cimera::cim {

/// Device state as bytes, little endian: "CIMERADS", version, kind of device, four words of shape,
/// contents, FNV-1a hash of all before it.
class StateWriter {
public:
    static constexpr std::uint32_t version = 1;

    StateWriter(std::uint32_t kind, std::span<const std::uint32_t, 4> shape);

    template <typename T>
    void add(const T& value) {
        static_assert(std::is_arithmetic_v<T>);
        const auto* bytes = reinterpret_cast<const std::uint8_t*>(&value);
        bytes_.insert(bytes_.end(), bytes, bytes + sizeof value);
    }
    template <typename T>
    void add(const std::vector<T>& values) {
        for (const T& value : values) {
            add(value);
        }
    }
    [[nodiscard]] std::vector<std::uint8_t> finish();

private:
    std::vector<std::uint8_t> bytes_;
};

/// Reads what a `StateWriter` wrote. Any bytes are safe: `error()` says what is wrong with them.
class StateReader {
public:
    /// Checks everything but the contents.
    StateReader(std::span<const std::uint8_t> bytes, std::uint32_t kind,
                std::span<const std::uint32_t, 4> shape);

    template <typename T>
    [[nodiscard]] T take() {
        static_assert(std::is_arithmetic_v<T>);
        T value{};
        if (error_.empty() && rest_.size() < sizeof value) {
            error_ = "ends too early";
        }
        if (error_.empty()) {
            std::memcpy(&value, rest_.data(), sizeof value);
            rest_ = rest_.subspan(sizeof value);
        }
        return value;
    }
    template <typename T>
    void take(std::vector<T>& values) {
        for (T& value : values) {
            value = take<T>();
        }
    }
    void refuse(const std::string& reason) {
        if (error_.empty()) {
            error_ = reason;
        }
    }
    [[nodiscard]] bool good() const { return error_.empty(); }
    /// Empty if all was well and nothing is left.
    [[nodiscard]] std::string error() const {
        return error_.empty() && !rest_.empty() ? "is longer than its contents" : error_;
    }

private:
    std::span<const std::uint8_t> rest_;
    std::string error_;
};

/// Several states one after the other, each behind its length in 64 bits.
[[nodiscard]] std::vector<std::uint8_t> join_states(
    const std::vector<std::vector<std::uint8_t>>& states);
/// The states again; none if the lengths do not fit.
[[nodiscard]] std::vector<std::span<const std::uint8_t>> split_states(
    std::span<const std::uint8_t> bytes);

}  // namespace cimera::cim
