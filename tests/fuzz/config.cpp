// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "platform/config/builder.hpp"
#include "platform/config/loader.hpp"
#include "tests/fuzz/fuzz.hpp"

using namespace cimera;

/// Any text as a SoC file: a configuration, or a refusal.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const PresetDirs presets{{CIMERA_SOURCE_DIR "/platform/presets"}};
    static_cast<void>(fuzz::accepted([&] {
        static_cast<void>(load_soc_text("soc.toml", fuzz::text_of(data, size), {}, presets));
    }));
    return 0;
}
