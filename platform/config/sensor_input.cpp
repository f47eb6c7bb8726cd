// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "platform/config/sensor_input.hpp"

#include <charconv>

#include "models/common/error.hpp"
#include "platform/config/schema.hpp"
#include "platform/config/suggest.hpp"
#include "platform/config/units.hpp"

namespace cimera {

namespace {

/// As the configuration limits `sensor.rate`.
Period in_limits(std::string_view text, const Period& period) {
    const std::string fault = schema::violation(*schema::find_key("sensor.rate"), period);
    if (!fault.empty()) {
        throw QuantityError(in_quotes(text) + " is out of range", fault);
    }
    return period;
}

std::uint32_t parse_samples(std::string_view text) {
    std::uint32_t samples = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), samples);
    if (error != std::errc() || end != text.data() + text.size() || samples == 0 ||
        samples > 65535) {
        throw QuantityError(in_quotes(text) + " is not a number of samples", "1 to 65535");
    }
    return samples;
}

SensorData parse_kind(std::string_view text) {
    if (text != "frames" && text != "events") {
        throw QuantityError(in_quotes(text) + " is no kind of data", "kinds: frames, events");
    }
    return text == "frames" ? SensorData::frames : SensorData::events;
}

}  // namespace

void set_part(SensorInput& input, std::string_view part, std::string_view text) {
    if (part == "rate") {
        input.frame_period = in_limits(text, parse_rate(text));
    } else if (part == "speed") {
        input.microsecond = parse_speed(text);
    } else if (part == "samples") {
        input.frame_samples = parse_samples(text);
    } else {
        CIMERA_ASSERT(part == "as", "parts are those of sensor_parts");
        input.as = parse_kind(text);
    }
}

}  // namespace cimera
