// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
// The digits application with everything around it replaced: tiles, sensor, mailbox, model memory.
//
//     digits_on_host STREAM MODEL TILES MACROS ROWS COLS L1
//
// STREAM: little endian; u32 number of windows; for each u32 number of frames, then for each frame
// its pixels and one byte of label, in the order in which the sensor delivers them. Writes the
// application's own text, then its results: "result NAME MANTISSA EXPONENT"; then counts of
// phases: "phase NAME COUNT". Its exit status is the application's.

#include <cstdio>
#include <cstring>
#include <fstream>
#include <iterator>
#include <map>
#include <stdexcept>

#include "low_memory.h"
#include "tile_model.hpp"

extern "C" {
#include "hal/memory_map.h"
#include "regs/mailbox_regs.h"
#include "regs/sensor_regs.h"
#include "regs/socinfo_regs.h"
#include "runtime/clock.h"
#include "runtime/interrupt.h"
#include "runtime/phase.h"

int digits_main(void);
}

namespace {

constexpr std::uint32_t frame_side = 8;
constexpr std::uint32_t frame_bytes = frame_side * frame_side;
constexpr std::uint32_t source_frames = 1797;
constexpr std::uintptr_t sensor_base = 0x10020000;

std::map<std::uint32_t, std::pair<interrupt_handler_t, void*>> handlers;
std::map<std::string, unsigned> phases;
std::vector<std::string> open_phases;

std::vector<std::uint8_t> load(const char* path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) {
        throw std::runtime_error(std::string("cannot read ") + path);
    }
    return {std::istreambuf_iterator<char>(file), {}};
}

/// Delivers the windows of a stream, one after the other, as fast as they are read.
class SensorModel {
public:
    explicit SensorModel(const char* path) : bytes_(load(path)) {}

    std::uint32_t read(std::uintptr_t offset) {
        switch (offset) {
            case SENSOR_ID_OFFSET:
                return 0x534E4553;
            case SENSOR_CAPABILITY_OFFSET:
                return 0x103;
            case SENSOR_SHAPE_OFFSET:
                return frame_side | frame_side << 16;
            case SENSOR_FRAME_BYTES_OFFSET:
                return frame_bytes;
            case SENSOR_FRAMES_OFFSET:
                return source_frames;
            case SENSOR_STATUS_OFFSET:
                return left_ != 0 ? SENSOR_STATUS_READY_MASK | 1U << 16 : SENSOR_STATUS_END_MASK;
            case SENSOR_DATA_OFFSET:
                return next_word();
            case SENSOR_LABEL_OFFSET:
                return bytes_.at(place_ + frame_bytes);
            default:
                return 0;
        }
    }

    void write(std::uintptr_t offset, std::uint32_t value) {
        if (offset == SENSOR_CTRL_OFFSET && (value & SENSOR_CTRL_RUN_MASK) != 0) {
            start();
        } else if (offset == SENSOR_NEXT_OFFSET) {
            place_ += frame_bytes + 1;
            position_ = 0;
            --left_;
        }
    }

private:
    void start() {
        if (window_ == 0) {
            place_ = 4;
        } else {
            place_ += left_ * (frame_bytes + 1);
        }
        ++window_;
        std::memcpy(&left_, &bytes_.at(place_), sizeof left_);
        place_ += sizeof left_;
        position_ = 0;
    }
    std::uint32_t next_word() {
        std::uint32_t word = 0;
        std::memcpy(&word, &bytes_.at(place_ + position_), sizeof word);
        position_ += sizeof word;
        return word;
    }

    std::vector<std::uint8_t> bytes_;
    std::size_t place_ = 0;
    std::size_t position_ = 0;
    std::uint32_t left_ = 0;
    unsigned window_ = 0;
};

class MailboxModel {
public:
    void write(std::uintptr_t offset, std::uint32_t value) {
        if (offset < sizeof name_) {
            std::memcpy(name_ + offset, &value, sizeof value);
        } else if (offset == MAILBOX_VALUE_LO_OFFSET) {
            value_ = (value_ & ~std::uint64_t{0xFFFFFFFF}) | value;
        } else if (offset == MAILBOX_VALUE_HI_OFFSET) {
            value_ = (value_ & 0xFFFFFFFF) | std::uint64_t{value} << 32;
        } else if (offset == MAILBOX_COMMIT_OFFSET) {
            results.emplace_back(std::string(name_), static_cast<std::int64_t>(value_),
                                 static_cast<std::int8_t>(value));
        }
    }
    std::vector<std::tuple<std::string, std::int64_t, int>> results;

private:
    char name_[32] = {};
    std::uint64_t value_ = 0;
};

struct Memory {
    std::uint32_t base;
    std::uint32_t size;
};

Memory load_model(const char* path) {
    const std::vector<std::uint8_t> bytes = load(path);
    void* memory = low_malloc(bytes.size());
    std::memcpy(memory, bytes.data(), bytes.size());
    return {static_cast<std::uint32_t>(reinterpret_cast<std::uintptr_t>(memory)),
            static_cast<std::uint32_t>(bytes.size())};
}

std::uint32_t read_socinfo(std::uintptr_t offset, std::uint32_t tiles, const Memory& model) {
    switch (offset) {
        case SOCINFO_ID_OFFSET:
            return 0x414D4943;
        case SOCINFO_TILE_COUNT_OFFSET:
            return tiles;
        case SOCINFO_TILE_BASE_OFFSET:
            return TileModel::base;
        case SOCINFO_TILE_STRIDE_OFFSET:
            return TileModel::stride;
        case SOCINFO_SENSOR_COUNT_OFFSET:
            return 1;
        case SOCINFO_SENSOR_BASE_OFFSET:
            return sensor_base;
        case SOCINFO_TIMEBASE_HZ_OFFSET:
            return 10000000;
        case SOCINFO_NVM_BASE_OFFSET:
            return model.base;
        case SOCINFO_NVM_SIZE_OFFSET:
            return model.size;
        default:
            return 0;
    }
}

bool within(std::uintptr_t address, std::uintptr_t base) {
    return address >= base && address < base + 0x1000;
}

int run(char** arguments) {
    SensorModel sensor(arguments[1]);
    MailboxModel mailbox;
    const Memory model = load_model(arguments[2]);
    const auto number = [arguments](int i) {
        return static_cast<std::uint32_t>(std::stoul(arguments[i]));
    };
    const std::uint32_t tiles = number(3);
    Recorder& recorder = Recorder::fresh();
    TileModel tile_model(recorder, tiles,
                         {number(4), number(5), number(6), 4, number(7), number(7)});
    tile_model.interrupt = [](std::size_t tile) {
        const auto& [handler, context] =
            handlers.at(static_cast<std::uint32_t>(CIMERA_IRQ_TILE + tile % CIMERA_IRQ_TILES));
        handler(context);
    };
    recorder.on_read = [&, tile = recorder.on_read](std::uintptr_t address) -> std::uint32_t {
        if (within(address, sensor_base)) {
            return sensor.read(address - sensor_base);
        }
        if (within(address, CIMERA_SOCINFO_BASE)) {
            return read_socinfo(address - CIMERA_SOCINFO_BASE, tiles, model);
        }
        return within(address, CIMERA_ENERGY_BASE) ? 0 : tile(address);
    };
    recorder.on_write = [&, tile = recorder.on_write](std::uintptr_t address, std::uint32_t value) {
        if (within(address, sensor_base)) {
            sensor.write(address - sensor_base, value);
        } else if (within(address, CIMERA_MAILBOX_BASE)) {
            mailbox.write(address - CIMERA_MAILBOX_BASE, value);
        } else if (!within(address, CIMERA_ENERGY_BASE)) {
            tile(address, value);
        }
    };
    const int code = digits_main();
    for (const auto& [name, value, exponent] : mailbox.results) {
        std::printf("result %s %lld %d\n", name.c_str(), static_cast<long long>(value), exponent);
    }
    for (const auto& [name, count] : phases) {
        std::printf("phase %s %u\n", name.c_str(), count);
    }
    return code;
}

}  // namespace

extern "C" {

cimera_status_t interrupt_attach(uint32_t source, interrupt_handler_t handler, void* context) {
    handlers[source] = {handler, context};
    return CIMERA_OK;
}

uint64_t clock_time(void) {
    return 0;
}

void phase_begin(const char* name) {
    open_phases.emplace_back(name);
}

void phase_end(const char* name) {
    if (open_phases.empty() || open_phases.back() != name) {
        throw std::logic_error("phases do not nest");
    }
    open_phases.pop_back();
    ++phases[name];
}

}  // extern "C"

int main(int count, char** arguments) {
    if (count != 8) {
        std::fprintf(stderr, "usage: digits_on_host STREAM MODEL TILES MACROS ROWS COLS L1\n");
        return 100;
    }
    try {
        return run(arguments);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "error: %s\n", error.what());
        return 120;
    }
}
