// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "models/cim/encoding.hpp"

#include <algorithm>

#include "models/cim/array.hpp"

namespace cimera::cim {

namespace {

bool allowed(Encoding encoding, std::uint32_t magnitude) {
    switch (encoding) {
        case Encoding::binary:
            return true;
        case Encoding::fibbinary:
            return (magnitude & magnitude >> 1) == 0;
        case Encoding::relaxed:
            return (magnitude & magnitude >> 1 & 0x5555'5555U) == 0;
    }
    return false;
}

}  // namespace

WeightCodec::WeightCodec(Encoding encoding, SignPlace sign, unsigned weight_bits)
    : encoding_(encoding),
      sign_(encoding == Encoding::binary ? SignPlace::none : sign),
      weight_bits_(weight_bits),
      magnitude_bits_(sign_ == SignPlace::inside ? weight_bits - 1 : weight_bits) {
    if (encoding_ != Encoding::binary) {
        for (std::uint32_t m = 0; m < 1U << magnitude_bits_; ++m) {
            if (allowed(encoding_, m)) {
                allowed_.push_back(m);
            }
        }
    }
}

bool WeightCodec::has(std::uint32_t code) const {
    return allowed(encoding_, code & ((1U << magnitude_bits_) - 1U));
}

std::uint64_t WeightCodec::magnitudes() const {
    return encoding_ == Encoding::binary ? std::uint64_t{1} << weight_bits_ : allowed_.size();
}

std::int32_t WeightCodec::value(std::uint32_t code, bool is_signed) const {
    if (encoding_ == Encoding::binary) {
        return weight_value(code, weight_bits_, is_signed);
    }
    const auto magnitude = static_cast<std::int32_t>(code & ((1U << magnitude_bits_) - 1U));
    const bool negative = sign_ != SignPlace::none && (code >> magnitude_bits_ & 1U) != 0;
    return negative ? -magnitude : magnitude;
}

std::uint32_t WeightCodec::nearest_binary(std::int64_t value, bool is_signed, bool& cut) const {
    const std::int64_t low = is_signed ? -(std::int64_t{1} << (weight_bits_ - 1)) : 0;
    const std::int64_t high = low + (std::int64_t{1} << weight_bits_) - 1;
    const std::int64_t fitted = std::clamp(value, low, high);
    cut = fitted != value;
    return static_cast<std::uint32_t>(fitted) & ((1U << weight_bits_) - 1U);
}

std::uint32_t WeightCodec::nearest(std::int64_t value, bool is_signed, bool& cut) const {
    if (encoding_ == Encoding::binary) {
        return nearest_binary(value, is_signed, cut);
    }
    const std::int64_t wanted =
        sign_ == SignPlace::none ? std::max<std::int64_t>(value, 0) : std::abs(value);
    cut = wanted > allowed_.back() || (sign_ == SignPlace::none && value < 0);
    auto above = std::lower_bound(allowed_.begin(), allowed_.end(), wanted);
    if (above == allowed_.end() ||
        (above != allowed_.begin() && wanted - *(above - 1) <= *above - wanted)) {
        --above;
    }
    const bool negative = sign_ != SignPlace::none && value < 0 && *above != 0;
    return *above | (negative ? 1U << magnitude_bits_ : 0);
}

}  // namespace cimera::cim
