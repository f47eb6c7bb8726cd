// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include <vector>

#include "platform/config/loader.hpp"
#include "tests/fuzz/fuzz.hpp"

using namespace cimera;

/// Any lines as the texts of --set: a configuration, or a refusal.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const PresetDirs presets{{CIMERA_SOURCE_DIR "/platform/presets"}};
    std::vector<std::string> overrides;
    std::string_view rest = fuzz::text_of(data, size);
    while (!rest.empty()) {
        const std::string_view line = rest.substr(0, rest.find('\n'));
        overrides.emplace_back(line);
        rest.remove_prefix(line.size() < rest.size() ? line.size() + 1 : line.size());
    }
    static_cast<void>(
        fuzz::accepted([&] { static_cast<void>(load_soc("sep", overrides, presets)); }));
    return 0;
}
