// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <cstdint>
#include <vector>

namespace cimera::cim {

/// How the bits of a weight count, as CAPABILITY2.ENCODING numbers it. Binary weights are
/// two's complement or unsigned, as the job says; the others are magnitudes with a sign.
enum class Encoding : std::uint8_t {
    binary = 0,
    fibbinary = 1,  ///< no two adjacent ones anywhere
    relaxed = 2,    ///< no two adjacent ones in a multiplier's group of two bits
};

/// Where the sign of a weight is that is not binary.
enum class SignPlace : std::uint8_t {
    none,    ///< there are magnitudes only
    inside,  ///< the highest bit of the weight: one bit less of magnitude
    beside,  ///< a cell of its own above the weight's bits
};

/// Codes and values of the weights of one array.
class WeightCodec {
public:
    /// `weight_bits` is 1 to 16, without a sign cell beside them.
    WeightCodec(Encoding encoding, SignPlace sign, unsigned weight_bits);

    [[nodiscard]] Encoding encoding() const { return encoding_; }
    [[nodiscard]] SignPlace sign() const { return sign_; }
    /// Bits of a code that count towards the magnitude; all bits of a binary weight.
    [[nodiscard]] unsigned magnitude_bits() const { return magnitude_bits_; }
    /// Whether an array with this encoding multiplies weights of this kind.
    [[nodiscard]] bool supports(bool is_signed) const {
        return encoding_ == Encoding::binary || is_signed == (sign_ != SignPlace::none);
    }
    /// Whether the encoding has this code.
    [[nodiscard]] bool has(std::uint32_t code) const;
    /// What a code counts. One that the encoding does not have counts as a binary magnitude.
    [[nodiscard]] std::int32_t value(std::uint32_t code, bool is_signed) const;
    /// The code of the nearest value; of two equally near ones the smaller magnitude. Sets `cut`
    /// where `value` lies beyond the largest.
    [[nodiscard]] std::uint32_t nearest(std::int64_t value, bool is_signed, bool& cut) const;
    /// Number of magnitudes.
    [[nodiscard]] std::uint64_t magnitudes() const;

private:
    [[nodiscard]] std::uint32_t nearest_binary(std::int64_t value, bool is_signed, bool& cut) const;

    Encoding encoding_;
    SignPlace sign_;
    unsigned weight_bits_;
    unsigned magnitude_bits_;
    std::vector<std::uint32_t> allowed_;  // magnitudes in rising order; empty for binary
};

}  // namespace cimera::cim
