// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors

#include "models/cpu/execute_inline.hpp"
#include "models/cpu/float32.hpp"

namespace cimera::cpu {

namespace {

using float32::Bits;
using float32::Flags;
using float32::Rounding;

constexpr std::uint32_t dynamic_rounding = 7;

}  // namespace

/// `operation(rs1, rs2, flags)` is the result. Priv. spec, 3.1.6.6: what changes floating-point
/// state makes mstatus.FS dirty.
template <typename Operation>
inline Cursor Execute::float_result(Hart& h, Cursor i, Operation operation) {
    if (h.fs_ == 0) {
        return h.raise_illegal(i);
    }
    Flags flags = 0;
    const std::uint32_t value = operation(h.x_[i->rs1], h.x_[i->rs2], flags);
    if (i->rd >= Instruction::float_base || flags != 0) {
        h.fcsr_ |= flags;
        h.fs_ = mstatus::fs;
    }
    return result(h, i, value);
}

/// The same of operations that round: `operation(rs1, rs2, rounding, flags)`.
template <typename Operation>
inline Cursor Execute::rounded_result(Hart& h, Cursor i, Operation operation) {
    const std::uint32_t field = rm_of(i->raw);
    const std::uint32_t mode = field == dynamic_rounding ? h.dynamic_rounding() : field;
    if (mode >= float32::rounding_modes) {
        return h.raise_illegal(i);
    }
    const auto rounding = static_cast<Rounding>(mode);
    return float_result(
        h, i, [=](Bits a, Bits b, Flags& flags) { return operation(a, b, rounding, flags); });
}

/// rs1 * rs2 + rs3, with the signs of product and addend changed.
Cursor Execute::float_fused(Hart& h, Cursor i, Bits flip_product, Bits flip_addend) {
    const Bits addend = h.x_[Instruction::float_base + rs3_of(i->raw)] ^ flip_addend;
    return rounded_result(h, i, [=](Bits a, Bits b, Rounding rounding, Flags& flags) {
        return float32::fused(a ^ flip_product, b, addend, rounding, flags);
    });
}

Cursor Execute::fmadd_s(Hart& h, Cursor i) {
    return float_fused(h, i, 0, 0);
}
Cursor Execute::fmsub_s(Hart& h, Cursor i) {
    return float_fused(h, i, 0, float32::sign_bit);
}
Cursor Execute::fnmsub_s(Hart& h, Cursor i) {
    return float_fused(h, i, float32::sign_bit, 0);
}
Cursor Execute::fnmadd_s(Hart& h, Cursor i) {
    return float_fused(h, i, float32::sign_bit, float32::sign_bit);
}

Cursor Execute::fadd_s(Hart& h, Cursor i) {
    return rounded_result(h, i, float32::add);
}
Cursor Execute::fsub_s(Hart& h, Cursor i) {
    return rounded_result(h, i, [](Bits a, Bits b, Rounding rounding, Flags& flags) {
        return float32::add(a, b ^ float32::sign_bit, rounding, flags);
    });
}
Cursor Execute::fmul_s(Hart& h, Cursor i) {
    return rounded_result(h, i, float32::multiply);
}
Cursor Execute::fdiv_s(Hart& h, Cursor i) {
    return rounded_result(h, i, float32::divide);
}
Cursor Execute::fsqrt_s(Hart& h, Cursor i) {
    return rounded_result(h, i, [](Bits a, Bits, Rounding rounding, Flags& flags) {
        return float32::square_root(a, rounding, flags);
    });
}

Cursor Execute::fsgnj_s(Hart& h, Cursor i) {
    return float_result(h, i, [](Bits a, Bits b, Flags&) {
        return (a & ~float32::sign_bit) | (b & float32::sign_bit);
    });
}
Cursor Execute::fsgnjn_s(Hart& h, Cursor i) {
    return float_result(h, i, [](Bits a, Bits b, Flags&) {
        return (a & ~float32::sign_bit) | (~b & float32::sign_bit);
    });
}
Cursor Execute::fsgnjx_s(Hart& h, Cursor i) {
    return float_result(h, i, [](Bits a, Bits b, Flags&) { return a ^ (b & float32::sign_bit); });
}
Cursor Execute::fmin_s(Hart& h, Cursor i) {
    return float_result(h, i, float32::minimum);
}
Cursor Execute::fmax_s(Hart& h, Cursor i) {
    return float_result(h, i, float32::maximum);
}

Cursor Execute::feq_s(Hart& h, Cursor i) {
    return float_result(h, i, float32::equal);
}
Cursor Execute::flt_s(Hart& h, Cursor i) {
    return float_result(h, i, float32::less);
}
Cursor Execute::fle_s(Hart& h, Cursor i) {
    return float_result(h, i, float32::less_or_equal);
}
Cursor Execute::fclass_s(Hart& h, Cursor i) {
    return float_result(h, i, [](Bits a, Bits, Flags&) { return float32::classify(a); });
}

Cursor Execute::fcvt_w_s(Hart& h, Cursor i) {
    return rounded_result(h, i, [](Bits a, Bits, Rounding rounding, Flags& flags) {
        return float32::to_signed(a, rounding, flags);
    });
}
Cursor Execute::fcvt_wu_s(Hart& h, Cursor i) {
    return rounded_result(h, i, [](Bits a, Bits, Rounding rounding, Flags& flags) {
        return float32::to_unsigned(a, rounding, flags);
    });
}
Cursor Execute::fcvt_s_w(Hart& h, Cursor i) {
    return rounded_result(h, i, [](std::uint32_t a, Bits, Rounding rounding, Flags& flags) {
        return float32::from_signed(a, rounding, flags);
    });
}
Cursor Execute::fcvt_s_wu(Hart& h, Cursor i) {
    return rounded_result(h, i, [](std::uint32_t a, Bits, Rounding rounding, Flags& flags) {
        return float32::from_unsigned(a, rounding, flags);
    });
}
Cursor Execute::fmv_x_w(Hart& h, Cursor i) {
    return float_result(h, i, [](Bits a, Bits, Flags&) { return a; });
}
Cursor Execute::fmv_w_x(Hart& h, Cursor i) {
    return float_result(h, i, [](Bits a, Bits, Flags&) { return a; });
}

}  // namespace cimera::cpu
