// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "platform/config/loader.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "platform/config/builder.hpp"
#include "platform/config/suggest.hpp"

namespace cimera {

namespace {

/// Applies the presets that a text extends, the most basic first, then the text.
// NOLINTNEXTLINE(misc-no-recursion): no preset twice
void apply_with_bases(const Document& document, const PresetDirs& dirs,
                      std::vector<std::string>& names, SocBuilder& builder) {
    if (const Member* extends = document.root.find("extends")) {
        const std::string& base = extends->value.text;
        if (extends->value.kind != Node::Kind::text || base.empty() || is_file_name(base)) {
            throw document.source->error(extends->value.span,
                                         "'extends' takes the name of a preset",
                                         "for example extends = \"sep\"");
        }
        if (std::find(names.begin(), names.end(), base) != names.end()) {
            throw document.source->error(extends->value.span,
                                         "preset '" + base + "' extends itself");
        }
        const std::vector<std::string> known = list_presets(dirs);
        if (std::find(known.begin(), known.end(), base) == known.end()) {
            throw document.source->error(extends->value.span, "unknown preset '" + base + "'",
                                         suggestion(base, known, "presets"));
        }
        names.push_back(base);
        apply_with_bases(read_document(find_preset(base, dirs, "preset", "presets")), dirs, names,
                         builder);
    }
    builder.apply(document);
}

SocConfig build(const Document& document, std::span<const std::string> overrides,
                const PresetDirs& dirs, std::vector<std::string> names,
                const FirmwareOverrides& firmware) {
    SocBuilder builder;
    apply_with_bases(document, dirs, names, builder);
    for (const std::string& text : firmware.texts) {
        builder.apply_override(text, firmware.where);
    }
    for (const std::string& text : overrides) {
        builder.apply_override(text);
    }
    builder.validate();
    return builder.config();
}

}  // namespace

SocConfig load_soc(const std::string& preset_or_file, std::span<const std::string> overrides,
                   const PresetDirs& dirs, const FirmwareOverrides& firmware) {
    const Document document = read_document(find_preset(preset_or_file, dirs, "preset", "presets"));
    return build(document, overrides, dirs, {preset_or_file}, firmware);
}

SocConfig load_soc_text(const std::string& name, std::string_view text,
                        std::span<const std::string> overrides, const PresetDirs& dirs) {
    return build(parse_document(name, text), overrides, dirs, {}, {});
}

}  // namespace cimera
