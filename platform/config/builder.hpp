// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "platform/config/document.hpp"
#include "platform/config/schema.hpp"

namespace cimera {

/// A configuration in the making, which remembers where each key was set.
class SocBuilder {
public:
    /// Where a value comes from; no source: the default.
    struct Origin {
        SourcePtr source;
        Span key;
        Span value;
        /// Counts the keys as they were set.
        std::size_t order = 0;
    };

    /// A key of one element.
    using Place = std::pair<std::string, std::size_t>;

    /// Takes over all keys of a text.
    void apply(const Document& document);
    /// Takes over one `path.to.key=value`.
    void apply_override(const std::string& text, const std::string& where = "--set");
    /// Checks across keys; throws an InputError that points at the key to change.
    void validate() const;

    [[nodiscard]] const SocConfig& config() const { return config_; }

private:
    void apply_table(const Document& document, const Node& table, const std::string& section,
                     std::size_t element);
    void apply_list(const Document& document, const Member& member, const schema::Section& list);
    void set(const schema::Key& key, std::size_t element, const Node& value, Origin origin);
    /// Refuses a combination of keys at the one that was set last.
    [[noreturn]] void refuse(const std::vector<Place>& places, const std::string& what,
                             const std::string& hint) const;
    void validate_host() const;
    void validate_tiles() const;
    void validate_weights(std::size_t tile) const;
    void validate_l2() const;
    void validate_sensors() const;
    void validate_map() const;

    SocConfig config_;
    std::map<Place, Origin> origins_;
    SourcePtr last_source_;
    std::size_t set_count_ = 0;
};

/// The value of a key as the user wrote it, in base units; InputError if it does not fit.
[[nodiscard]] schema::Value convert_value(const schema::Key& key, const Node& node,
                                          const SocBuilder::Origin& origin);

}  // namespace cimera
