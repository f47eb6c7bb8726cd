// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "platform/soc/frame_source.hpp"
#include "tests/fuzz/fuzz.hpp"

using namespace cimera;

/// Any bytes as a sensor's data (IDX, CSV, either packed by gzip): whole frames, or a refusal.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const fuzz::ScratchFile file("frames");
    file.write(fuzz::text_of(data, size));
    static_cast<void>(fuzz::accepted([&] {
        const FrameSource source = load_frames(file.path(), {});
        const std::uint64_t frame = std::uint64_t{source.rows} * source.cols * source.sample_bytes;
        fuzz::require(frame != 0 && source.frames() != 0);
        fuzz::require(source.samples.size() == frame * source.frames());
        fuzz::require(source.labels.empty() || source.labels.size() == source.frames());
    }));
    return 0;
}
