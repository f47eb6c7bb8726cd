// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "platform/config/run_defaults.hpp"

#include "tests/fuzz/fuzz.hpp"

using namespace cimera;

/// Any text as a firmware's defaults: defaults, or a refusal.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const fuzz::ScratchFile file("app.run.toml");
    file.write(fuzz::text_of(data, size));
    const std::filesystem::path elf = file.path().parent_path() / "app.elf";
    static_cast<void>(fuzz::accepted([&] { static_cast<void>(load_run_defaults(elf)); }));
    return 0;
}
