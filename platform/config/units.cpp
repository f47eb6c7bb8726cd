// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "platform/config/units.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <limits>
#include <numeric>
#include <optional>
#include <span>
#include <vector>

#include "platform/config/suggest.hpp"

namespace cimera {

namespace {

/// One unit: its size is multiplier · 10^exponent base units.
struct Unit {
    std::string_view name;
    std::uint64_t multiplier;
    int exponent;
};

constexpr std::array byte_units{
    Unit{"B", 1, 0},
    Unit{"KiB", 1ULL << 10, 0},
    Unit{"MiB", 1ULL << 20, 0},
    Unit{"GiB", 1ULL << 30, 0},
    Unit{"kB", 1, 3},
    Unit{"MB", 1, 6},
    Unit{"GB", 1, 9},
};
constexpr std::array frequency_units{Unit{"Hz", 1, 0}, Unit{"kHz", 1, 3}, Unit{"MHz", 1, 6},
                                     Unit{"GHz", 1, 9}};
constexpr std::array time_units{Unit{"ps", 1, 0}, Unit{"ns", 1, 3}, Unit{"us", 1, 6},
                                Unit{"ms", 1, 9}, Unit{"s", 1, 12}};
constexpr std::array energy_units{Unit{"aJ", 1, 0}, Unit{"fJ", 1, 3},  Unit{"pJ", 1, 6},
                                  Unit{"nJ", 1, 9}, Unit{"uJ", 1, 12}, Unit{"mJ", 1, 15},
                                  Unit{"J", 1, 18}};
constexpr std::array power_units{Unit{"aW", 1, 0}, Unit{"fW", 1, 3},  Unit{"pW", 1, 6},
                                 Unit{"nW", 1, 9}, Unit{"uW", 1, 12}, Unit{"mW", 1, 15},
                                 Unit{"W", 1, 18}};
constexpr std::array voltage_units{Unit{"V", 1, 0}, Unit{"mV", 1, -3}};
constexpr std::array area_units{Unit{"um2", 1, 0}, Unit{"mm2", 1, 6}};
constexpr std::array charge_units{Unit{"Ah", 1, 0}, Unit{"mAh", 1, -3}, Unit{"uAh", 1, -6}};
constexpr std::array percent_units{Unit{"%", 1, -2}};

/// A decimal number as written: digits · 10^exponent.
struct Decimal {
    std::uint64_t digits;
    int exponent;
};

struct Quantity {
    Decimal number;
    Unit unit;
};

constexpr bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/// Reads digits with at most one point; trailing zeros do not count, so that they cost no range.
std::optional<Decimal> parse_decimal(std::string_view text) {
    std::string digits;
    int exponent = 0;
    bool point = false;
    bool any = false;
    for (const char c : text) {
        if (c == '.' && !point && any) {
            point = true;
        } else if (is_digit(c)) {
            any = true;
            digits += c;
            exponent -= point ? 1 : 0;
        } else {
            return std::nullopt;
        }
    }
    if (!any || text.back() == '.') {
        return std::nullopt;
    }
    while (digits.size() > 1 && digits.back() == '0') {
        digits.pop_back();
        ++exponent;
    }
    const std::size_t leading = std::min(digits.find_first_not_of('0'), digits.size() - 1);
    digits.erase(0, leading);
    if (digits.size() > 18) {
        throw QuantityError("the number " + in_quotes(text) + " has more than 18 digits");
    }
    return Decimal{std::stoull(digits), digits == "0" ? 0 : exponent};
}

std::string unit_list(std::span<const Unit> units) {
    std::string list;
    for (std::size_t i = 0; i < units.size(); ++i) {
        list += (i == 0 ? "" : ", ") + std::string(units[i].name);
    }
    return list;
}

Quantity parse_quantity(std::string_view text, std::span<const Unit> units) {
    const std::size_t end = text.find_first_not_of("0123456789.");
    const std::string_view number = text.substr(0, end);
    const auto decimal = number.empty() ? std::nullopt : parse_decimal(number);
    if (!decimal) {
        throw QuantityError(in_quotes(text) + " is not a number with a unit",
                            "units: " + unit_list(units));
    }
    std::string_view name = end == std::string_view::npos ? std::string_view{} : text.substr(end);
    name.remove_prefix(std::min(name.find_first_not_of(' '), name.size()));
    if (name.empty()) {
        throw QuantityError(in_quotes(text) + " has no unit", "units: " + unit_list(units));
    }
    for (const Unit& unit : units) {
        if (unit.name == name) {
            return {*decimal, unit};
        }
    }
    std::vector<std::string> names;
    for (const Unit& unit : units) {
        names.emplace_back(unit.name);
    }
    const std::string best = closest(name, names);
    throw QuantityError(
        in_quotes(name) + " is not a unit that fits here",
        (best.empty() ? "" : "did you mean '" + best + "'? ") + "units: " + unit_list(units));
}

/// digits · multiplier · 10^exponent as an integer; nothing if a fraction would be left.
std::optional<std::uint64_t> scale(std::uint64_t digits, std::uint64_t multiplier, int exponent,
                                   std::string_view text) {
    std::uint64_t value = 0;
    bool overflow = __builtin_mul_overflow(digits, multiplier, &value);
    for (; exponent > 0 && !overflow && value != 0; --exponent) {
        overflow = __builtin_mul_overflow(value, std::uint64_t{10}, &value);
    }
    if (overflow) {
        throw QuantityError(in_quotes(text) + " is too large");
    }
    for (; exponent < 0 && value != 0; ++exponent) {
        if (value % 10 != 0) {
            return std::nullopt;
        }
        value /= 10;
    }
    return value;
}

std::uint64_t parse_integer(std::string_view text, std::span<const Unit> units,
                            std::string_view base) {
    const Quantity q = parse_quantity(text, units);
    const auto value =
        scale(q.number.digits, q.unit.multiplier, q.number.exponent + q.unit.exponent, text);
    if (!value) {
        throw QuantityError(in_quotes(text) + " is not a whole number of " + std::string(base));
    }
    return *value;
}

double parse_real(std::string_view text, std::span<const Unit> units) {
    const Quantity q = parse_quantity(text, units);
    const int exponent = q.number.exponent + q.unit.exponent;
    // Powers of ten up to 10^22 are exact, so this rounds once.
    const double power = std::pow(10.0, std::abs(exponent));
    const auto digits = static_cast<double>(q.number.digits);
    return exponent < 0 ? digits / power : digits * power;
}

constexpr std::uint64_t picoseconds_per_second = 1'000'000'000'000;

/// The divisor of 10^12 closest to `hertz`: such frequencies have a period of whole picoseconds.
std::uint64_t nearest_frequency(double hertz) {
    std::uint64_t best = 1;
    std::uint64_t two = 1;
    for (int i = 0; i <= 12; ++i, two *= 2) {
        std::uint64_t divisor = two;
        for (int j = 0; j <= 12; ++j, divisor *= 5) {
            if (std::abs(static_cast<double>(divisor) - hertz) <
                std::abs(static_cast<double>(best) - hertz)) {
                best = divisor;
            }
        }
    }
    return best;
}

[[noreturn]] void refuse_period(std::string_view text, double hertz) {
    const double period = static_cast<double>(picoseconds_per_second) / hertz;
    if (!(period < 1e18)) {
        throw QuantityError(in_quotes(text) + " is too slow");
    }
    std::array<char, 64> exact{};
    std::snprintf(exact.data(), exact.size(), "%.3f ps", period);
    std::string hint = "nearest valid frequency: \"" +
                       format_period(picoseconds_per_second / nearest_frequency(hertz)) + "\"";
    if (period >= 1.0) {
        const auto whole = static_cast<std::uint64_t>(std::llround(period));
        hint += "; nearest period: \"" + std::to_string(whole) + " ps\"";
    }
    throw QuantityError(
        in_quotes(text) + " has a period of " + exact.data() + ", which is not a whole number",
        hint);
}

bool ends_in(std::string_view text, std::string_view ending) {
    return text.size() >= ending.size() && text.substr(text.size() - ending.size()) == ending;
}

std::string decimal_text(std::uint64_t value, std::span<const Unit> units) {
    for (std::size_t i = units.size(); i-- > 1;) {
        std::uint64_t power = 1;
        for (int e = 0; e < units[i].exponent; ++e) {
            power *= 10;
        }
        // Three decimals at most: "312.5 MHz" reads better than "312500 kHz".
        const std::uint64_t thousandth = std::max<std::uint64_t>(power / 1000, 1);
        if (value < power || value % thousandth != 0) {
            continue;
        }
        std::string text = std::to_string(value / power);
        if (std::string rest = std::to_string(value % power / thousandth + 1000); rest != "1000") {
            rest.erase(rest.find_last_not_of('0') + 1);
            text += "." + rest.substr(1);
        }
        return text.append(" ").append(units[i].name);
    }
    return std::to_string(value) + " " + std::string(units[0].name);
}

}  // namespace

std::uint64_t parse_bytes(std::string_view text) {
    return parse_integer(text, byte_units, "bytes");
}

std::uint64_t parse_time(std::string_view text) {
    return parse_integer(text, time_units, "picoseconds");
}

namespace {

bool is_duration(std::string_view text) {
    return !ends_in(text, "Hz") && ends_in(text, "s");
}

std::uint64_t parse_duration(std::string_view text) {
    const std::uint64_t period = parse_time(text);
    if (period == 0) {
        throw QuantityError("a period cannot be zero");
    }
    return period;
}

/// 10^power / divisor picoseconds.
Period power_over(int power, std::uint64_t divisor, std::string_view text) {
    if (power < 0 || power > 19) {
        throw QuantityError(in_quotes(text) + (power < 0 ? " is too fast" : " is too slow"));
    }
    std::uint64_t numerator = 1;
    for (int i = 0; i < power; ++i) {
        numerator *= 10;
    }
    const std::uint64_t common = std::gcd(numerator, divisor);
    return {numerator / common, divisor / common};
}

Quantity parse_frequency(std::string_view text) {
    const Quantity q = parse_quantity(text, frequency_units);
    if (q.number.digits == 0) {
        throw QuantityError("a frequency cannot be zero");
    }
    return q;
}

}  // namespace

std::uint64_t parse_period(std::string_view text) {
    if (is_duration(text)) {
        return parse_duration(text);
    }
    const Quantity q = parse_frequency(text);
    const int exponent = q.number.exponent + q.unit.exponent;
    // period = 10^(12 - exponent) / digits
    const int power = 12 - exponent;
    std::uint64_t numerator = 1;
    for (int i = 0; i < std::min(power, 19); ++i) {
        numerator *= 10;
    }
    if (power < 0 || power > 19 || numerator % q.number.digits != 0) {
        refuse_period(text, static_cast<double>(q.number.digits) * std::pow(10.0, exponent));
    }
    return numerator / q.number.digits;
}

Period parse_rate(std::string_view text) {
    if (is_duration(text)) {
        return {parse_duration(text), 1};
    }
    const Quantity q = parse_frequency(text);
    // period = 10^(12 - exponent) / digits
    return power_over(12 - q.number.exponent - q.unit.exponent, q.number.digits, text);
}

Period parse_speed(std::string_view text) {
    const auto factor = parse_decimal(text);
    if (!factor || factor->digits == 0) {
        throw QuantityError(in_quotes(text) + " is not a factor", "such as 2 or 0.5");
    }
    return power_over(6 - factor->exponent, factor->digits, text);
}

double parse_energy(std::string_view text) {
    return parse_real(text, energy_units);
}

double parse_power(std::string_view text) {
    return parse_real(text, power_units);
}

double parse_voltage(std::string_view text) {
    return parse_real(text, voltage_units);
}

double parse_area(std::string_view text) {
    return parse_real(text, area_units);
}

double parse_charge(std::string_view text) {
    return parse_real(text, charge_units);
}

double parse_percent(std::string_view text) {
    return parse_real(text, percent_units);
}

std::string format_bytes(std::uint64_t bytes) {
    for (const Unit& unit : {byte_units[3], byte_units[2], byte_units[1]}) {
        if (bytes != 0 && bytes % unit.multiplier == 0) {
            return std::to_string(bytes / unit.multiplier) + " " + std::string(unit.name);
        }
    }
    return std::to_string(bytes) + " B";
}

std::string format_period(std::uint64_t picoseconds) {
    if (picoseconds != 0 && picoseconds_per_second % picoseconds == 0) {
        return decimal_text(picoseconds_per_second / picoseconds, frequency_units);
    }
    return std::to_string(picoseconds) + " ps";
}

std::string format_rate(const Period& period) {
    if (period.denominator == 1) {
        return format_period(period.numerator);
    }
    // frequency = 10^12 · denominator / numerator, to as many decimals as it has
    __extension__ using Wide = unsigned __int128;
    Wide hertz = Wide{period.denominator} * picoseconds_per_second;
    std::size_t decimals = 0;
    for (; decimals < 8 && hertz % period.numerator != 0; ++decimals) {
        hertz *= 10;
    }
    const Wide whole = hertz / period.numerator;
    if (hertz % period.numerator != 0 || whole > std::numeric_limits<std::uint64_t>::max()) {
        return std::to_string(period.numerator) + "/" + std::to_string(period.denominator) + " ps";
    }
    const auto digits = static_cast<std::uint64_t>(whole);
    if (decimals == 0) {
        return decimal_text(digits, frequency_units);
    }
    std::string text = std::to_string(digits);
    text.insert(0, text.size() <= decimals ? decimals + 1 - text.size() : 0, '0');
    return text.insert(text.size() - decimals, ".") + " Hz";
}

std::string format_time(std::uint64_t picoseconds) {
    return decimal_text(picoseconds, time_units);
}

}  // namespace cimera
