// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "platform/soc/nvm_image.hpp"

#include <zlib.h>

#include "tests/fuzz/fuzz.hpp"

using namespace cimera;

namespace {

NvmConfig small_nvm() {
    NvmConfig nvm;
    nvm.size_bytes = 40;
    nvm.page_bytes = 16;
    return nvm;
}

void read(const std::string& file) {
    static const NvmConfig nvm = small_nvm();
    static_cast<void>(fuzz::accepted([&file] {
        const NvmState state = parse_nvm_image("nvm", file, nvm);
        fuzz::require(state.bytes.size() == nvm.size_bytes && state.cycles.size() == 3);
        fuzz::require(to_nvm_image(state) == file);
    }));
}

}  // namespace

/// Any bytes as the file of an NVM that was switched off, as they are and with the right checksum:
/// a state that gives the same file, or a refusal.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string file(fuzz::text_of(data, size));
    read(file);
    const auto sum = static_cast<std::uint32_t>(
        crc32_z(0, reinterpret_cast<const Bytef*>(file.data()), file.size()));
    for (unsigned byte = 0; byte < 4; ++byte) {
        file.push_back(static_cast<char>(sum >> (8 * byte)));
    }
    read(file);
    return 0;
}
