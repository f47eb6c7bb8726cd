// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "platform/config/override_path.hpp"

#include <algorithm>
#include <charconv>
#include <utility>
#include <vector>

#include "platform/config/suggest.hpp"

namespace cimera {

namespace {

using schema::Key;
using schema::Section;

/// Splits "tile[3]" into name and index; no index if there are no brackets.
struct PathPart {
    std::string name;
    std::optional<std::size_t> index;
    Span span;
};

std::vector<PathPart> split_path(const Source& source, std::string_view path) {
    std::vector<PathPart> parts;
    std::size_t begin = 0;
    while (begin <= path.size()) {
        const std::size_t end = std::min(path.find('.', begin), path.size());
        const std::string_view text = path.substr(begin, end - begin);
        PathPart part{
            std::string(text), std::nullopt, {1, begin + 1, std::max<std::size_t>(text.size(), 1)}};
        if (const std::size_t bracket = text.find('['); bracket != std::string_view::npos) {
            std::size_t index = 0;
            const char* first = text.data() + bracket + 1;
            const char* last = text.data() + text.size();
            const auto read = std::from_chars(first, last, index);
            if (read.ec != std::errc{} || read.ptr + 1 != last || *read.ptr != ']') {
                throw source.error(part.span, "cannot read " + in_quotes(text),
                                   "an element is written as name[0]");
            }
            part.name = std::string(text.substr(0, bracket));
            part.index = index;
            part.span.length = bracket;
        }
        parts.push_back(std::move(part));
        begin = end + 1;
    }
    return parts;
}

class PathResolver {
public:
    PathResolver(const Source& source, const SocConfig& config)
        : source_(source), config_(config) {}

    OverrideTarget resolve(std::string_view path) {
        for (const PathPart& part : split_path(source_, path)) {
            take(part);
        }
        if (target_.key == nullptr) {
            throw source_.error({1, 1, path.size()}, in_quotes(path) + " is a table, not a key",
                                suggestion("", schema::names_in(target_.section), "keys"));
        }
        return target_;
    }

private:
    void take(const PathPart& part) {
        if (target_.key != nullptr) {
            throw source_.error(part.span, in_quotes(target_.key->path) + " has no parts");
        }
        const std::string path = (target_.section.empty() ? "" : target_.section + ".") + part.name;
        if (const Section* section = schema::find_section(path)) {
            enter(part, *section);
            return;
        }
        if (const Key* key = schema::find_key(path)) {
            if (part.index) {
                throw source_.error(part.span, in_quotes(path) + " is not a list");
            }
            target_.key = key;
            target_.key_span = part.span;
            return;
        }
        if (!select_by_name(part)) {
            throw source_.error(part.span, unknown_key(part.name, target_.section),
                                suggestion(part.name, names(), "names"));
        }
    }

    void enter(const PathPart& part, const Section& section) {
        target_.section = section.path;
        if (!section.is_list()) {
            if (part.index) {
                throw source_.error(part.span, in_quotes(section.path) + " is not a list");
            }
            return;
        }
        target_.list = &section;
        target_.element = part.index;
        const std::size_t size = section.size(config_);
        if (part.index ? *part.index >= size : size == 0) {
            throw source_.error(
                part.span,
                "this SoC has " + std::to_string(size) + " " + schema::heading(section.path),
                size == 0 ? "" : "elements count from 0");
        }
    }

    /// "sensor.camera": an element by its name.
    bool select_by_name(const PathPart& part) {
        const Section* list = target_.list;
        if (list == nullptr || list->path != target_.section || list->selector.empty() ||
            target_.element || part.index) {
            return false;
        }
        for (std::size_t i = 0; i < list->size(config_); ++i) {
            if (name_of(*list, i) == part.name) {
                target_.element = i;
                return true;
            }
        }
        return false;
    }

    [[nodiscard]] std::string name_of(const Section& list, std::size_t element) const {
        const Key* key =
            schema::find_key(std::string(list.path) + "." + std::string(list.selector));
        return std::get<std::string>(key->access.get(config_, element));
    }

    /// What may stand at this place of the path.
    [[nodiscard]] std::vector<std::string> names() const {
        std::vector<std::string> known = schema::names_in(target_.section);
        const Section* list = target_.list;
        if (list != nullptr && list->path == target_.section && !list->selector.empty()) {
            for (std::size_t i = 0; i < list->size(config_); ++i) {
                known.push_back(name_of(*list, i));
            }
        }
        return known;
    }

    const Source& source_;
    const SocConfig& config_;
    OverrideTarget target_;
};

}  // namespace

std::string unknown_key(std::string_view name, std::string_view section) {
    return "unknown key " + in_quotes(name) +
           (section.empty() ? " at the top level" : " in " + schema::heading(section));
}

OverrideTarget resolve_override(const Source& source, const SocConfig& config,
                                std::string_view path) {
    return PathResolver(source, config).resolve(path);
}

}  // namespace cimera
