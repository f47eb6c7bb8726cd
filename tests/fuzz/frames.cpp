// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "platform/soc/frame_source.hpp"
#include "tests/fuzz/fuzz.hpp"

using namespace cimera;

namespace {

void check_frames(const FrameSource& source) {
    const std::uint64_t frame = std::uint64_t{source.rows} * source.cols * source.sample_bytes;
    fuzz::require(frame != 0 && source.frames() != 0);
    fuzz::require(source.samples.size() == frame * source.frames());
    fuzz::require(source.labels.empty() || source.labels.size() == source.frames());
}

void check_events(const FrameSource& source) {
    fuzz::require(source.period.has_value() && source.events.front().microsecond == 0);
    std::uint64_t last = 0;
    for (const AddressEvent& event : source.events) {
        fuzz::require(event.x < source.cols && event.y < source.rows);
        fuzz::require(event.microsecond >= last);
        last = event.microsecond;
    }
}

}  // namespace

/// Any bytes as a sensor's data (IDX, NPY, WAV, CSV, address events; gzip), whatever the user says
/// that they are: whole frames, events in the order of time, or a refusal.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const fuzz::ScratchFile file("frames");
    file.write(fuzz::text_of(data, size));
    for (const SensorData kind : {SensorData::any, SensorData::frames, SensorData::events}) {
        static_cast<void>(fuzz::accepted([kind] {
            const FrameSource source = load_frames({.file = file.path(), .as = kind});
            source.is_events() ? check_events(source) : check_frames(source);
        }));
    }
    return 0;
}
