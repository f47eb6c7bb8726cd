// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "platform/report/json_reader.hpp"

#include <charconv>
#include <utility>

#include <fmt/format.h>

#include "models/common/error.hpp"

namespace cimera {

namespace {

constexpr int deepest = 16;

}  // namespace

Json JsonReader::parse(const std::string& file, std::string_view text) {
    const auto shallow = [&file](int depth, Json::parse_event_t /*event*/, Json& /*parsed*/) {
        if (depth > deepest) {
            throw InputError(file, "is nested too deeply", "is it a file that a run has written?");
        }
        return true;
    };
    try {
        return Json::parse(text, shallow);
    } catch (const Json::exception& error) {
        // Behind the name of the exception.
        const std::string what = error.what();
        const std::size_t name = what.find("] ");
        throw InputError(
            file, "is no JSON: " + (name == std::string::npos ? what : what.substr(name + 2)),
            "is it a file that a run has written?");
    }
}

void JsonReader::refuse(const std::string& what) const {
    throw InputError(*file_, (path_.empty() ? "" : path_ + ": ") + what,
                     "is it a file that a run of this version has written?");
}

JsonReader JsonReader::operator[](const char* key) const {
    if (!json_->is_object()) {
        refuse("must be an object");
    }
    const auto found = json_->find(key);
    if (found == json_->end()) {
        refuse(fmt::format("'{}' is missing", key));
    }
    return {*file_, *found, path_.empty() ? key : path_ + "." + key};
}

void JsonReader::each(const std::function<void(const JsonReader&)>& read) const {
    if (!json_->is_array()) {
        refuse("must be a list");
    }
    std::size_t index = 0;
    for (const Json& element : *json_) {
        read({*file_, element, fmt::format("{}[{}]", path_, index++)});
    }
}

std::string JsonReader::text() const {
    if (!json_->is_string()) {
        refuse("must be a text");
    }
    return json_->get<std::string>();
}

std::uint64_t JsonReader::count(std::uint64_t most) const {
    if (!json_->is_number_unsigned()) {
        refuse("must be a whole number");
    }
    const auto value = json_->get<std::uint64_t>();
    if (value > most) {
        refuse(fmt::format("{} is too large: at most {}", value, most));
    }
    return value;
}

std::int64_t JsonReader::integer() const {
    if (!json_->is_number_integer() ||
        (json_->is_number_unsigned() && json_->get<std::uint64_t>() >> 63U != 0)) {
        refuse("must be a whole number");
    }
    return json_->get<std::int64_t>();
}

double JsonReader::number(double most) const {
    if (!json_->is_number()) {
        refuse("must be a number");
    }
    const auto value = json_->get<double>();
    if (!(value >= 0 && value <= most)) {
        refuse(fmt::format("{} is out of range: 0 to {}", value, most));
    }
    return value;
}

bool JsonReader::boolean() const {
    if (!json_->is_boolean()) {
        refuse("must be true or false");
    }
    return json_->get<bool>();
}

std::uint64_t JsonReader::count_in_text() const {
    const std::string digits = text();
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (error != std::errc() || end != digits.data() + digits.size()) {
        refuse("must be a whole number as text");
    }
    return value;
}

}  // namespace cimera
