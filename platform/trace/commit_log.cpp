// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "platform/trace/commit_log.hpp"

#include <array>
#include <charconv>
#include <cstring>
#include <string_view>

#include "models/cpu/csr.hpp"

namespace cimera {

namespace {

using cpu::Retired;

/// "00" to "ff": two digits at a time are what makes the log fast.
constexpr std::array<char, 512> make_digits() {
    std::array<char, 512> text{};
    for (std::size_t byte = 0; byte < 256; ++byte) {
        text[2 * byte] = "0123456789abcdef"[byte >> 4];
        text[2 * byte + 1] = "0123456789abcdef"[byte & 15];
    }
    return text;
}
constexpr std::array<char, 512> digits = make_digits();

inline char* put(char* to, std::string_view text) {
    std::memcpy(to, text.data(), text.size());
    return to + text.size();
}

/// Two digits for each of the low `Bytes` bytes.
template <unsigned Bytes>
inline char* put_hex(char* to, std::uint32_t value) {
    for (unsigned byte = Bytes; byte-- > 0;) {
        std::memcpy(to, &digits[2 * (value >> 8 * byte & 0xffU)], 2);
        to += 2;
    }
    return to;
}

inline char* put_hex(char* to, std::uint32_t value, unsigned bytes) {
    return bytes == 4 ? put_hex<4>(to, value)
                      : (bytes == 2 ? put_hex<2>(to, value) : put_hex<1>(to, value));
}

inline char* put_number(char* to, unsigned value) {
    return std::to_chars(to, to + 10, value).ptr;
}

char* put_csr_name(char* to, std::uint32_t number) {
    const std::string_view name = cpu::csr::name(number);
    if (!name.empty()) {
        return put(to, name);
    }
    to = put(to, "unknown_");
    *to++ = digits[2 * (number >> 8) + 1];
    return put_hex<1>(to, number);
}

constexpr std::size_t register_text = 8;

/// " x5  0x" and so on, numbers padded to two places; the last byte is not used.
constexpr std::array<std::array<char, register_text>, 64> make_registers() {
    std::array<std::array<char, register_text>, 64> all{};
    for (std::size_t n = 0; n < all.size(); ++n) {
        const std::size_t number = n % 32;
        const char ones = static_cast<char>('0' + number % 10);
        const char tens = static_cast<char>('0' + number / 10);
        all[n] = {
            ' ', n < 32 ? 'x' : 'f', number < 10 ? ones : tens, number < 10 ? ' ' : ones, ' ', '0',
            'x'};
    }
    return all;
}
constexpr auto registers = make_registers();

inline char* put_register(char* to, const Retired& what) {
    const std::size_t n = (what.file == Retired::File::x ? 0U : 32U) + what.rd;
    std::memcpy(to, registers[n].data(), register_text);
    return to + register_text - 1;
}

inline char file_letter(const Retired& what) {
    return what.file == Retired::File::x ? 'x' : 'f';
}

char* put_spike(char* to, const Retired& what, std::uint32_t hart_id) {
    to = put(to, "core");
    const unsigned width = hart_id < 10 ? 3 : (hart_id < 100 ? 2 : (hart_id < 1000 ? 1 : 0));
    to = put(to, std::string_view("   ", width));
    to = put_number(to, hart_id);
    to = put(to, ": ");
    *to++ = static_cast<char>('0' + what.privilege);
    to = put_hex<4>(put(to, " 0x"), what.pc);
    to = put_hex(put(to, " (0x"), what.raw, what.length);
    *to++ = ')';
    if (what.file != Retired::File::none) {
        to = put_hex<4>(put_register(to, what), what.value);
    }
    if (what.csr_written) {
        to = put_number(put(to, " c"), what.csr);
        *to++ = '_';
        to = put_csr_name(to, what.csr);
        to = put_hex<4>(put(to, " 0x"), what.csr_value);
    }
    if (what.loads) {
        to = put_hex<4>(put(to, " mem 0x"), what.address);
    }
    if (what.stores) {
        to = put_hex<4>(put(to, " mem 0x"), what.address);
        to = put_hex(put(to, " 0x"), what.stored, what.size);
    }
    *to++ = '\n';
    return to;
}

char* put_compact(char* to, const Retired& what) {
    to = put_hex<4>(to, what.pc);
    *to++ = ' ';
    to = put_hex(to, what.raw, what.length);
    if (what.file != Retired::File::none) {
        *to++ = ' ';
        *to++ = file_letter(what);
        to = put_number(to, what.rd);
        *to++ = '=';
        to = put_hex<4>(to, what.value);
    }
    if (what.csr_written) {
        to = put_hex<2>(put(to, " c"), what.csr);
        *to++ = '=';
        to = put_hex<4>(to, what.csr_value);
    }
    if (what.loads) {
        to = put_hex<4>(put(to, " r"), what.address);
    }
    if (what.stores) {
        to = put_hex<4>(put(to, " w"), what.address);
        *to++ = '=';
        to = put_hex(to, what.stored, what.size);
    }
    *to++ = '\n';
    return to;
}

}  // namespace

void CommitLog::retired(const Retired& what) {
    char* const line = file_.begin_line();
    file_.end_line(format_ == TraceFormat::spike ? put_spike(line, what, hart_id_)
                                                 : put_compact(line, what));
}

}  // namespace cimera
