// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "platform/soc/htif.hpp"

#include <algorithm>
#include <array>
#include <cstring>

#include <fmt/format.h>

#include "models/common/process.hpp"

namespace cimera {

namespace {

constexpr unsigned both_halves = 3;
constexpr std::uint64_t device_syscall = 0;
constexpr std::uint64_t device_console = 1;
constexpr std::uint64_t console_put = 1;

// System calls of Linux on RISC-V and its errors, as the proxy kernel uses them.
constexpr std::uint64_t call_read = 63;
constexpr std::uint64_t call_write = 64;
constexpr std::uint64_t call_exit = 93;
constexpr std::int64_t error_bad_file = -9;
constexpr std::int64_t error_bad_address = -14;
constexpr std::int64_t error_no_call = -38;

bool touches(std::uint64_t first, std::uint64_t last, std::uint32_t word) {
    return first <= word + 3ULL && word <= last;
}

}  // namespace

Htif::Htif(const HtifAddresses& addresses, Picoseconds patience,
           std::function<Picoseconds()> local_offset, HtifHost host)
    : addresses_(addresses),
      patience_(patience),
      local_offset_(std::move(local_offset)),
      host_(std::move(host)) {
    spawn_method("htif", {&due_}, [this] { take_command(); });
}

void Htif::reset() {
    due_.cancel();
    halves_ = 0;
    answers_ = 0;
}

void Htif::written(bool /*own*/, std::uint64_t first, std::uint64_t last) {
    const unsigned halves = (touches(first, last, addresses_.tohost) ? 1U : 0U) |
                            (touches(first, last, addresses_.tohost + 4) ? 2U : 0U);
    if (halves != 0) {
        if (halves_ == 0) {
            due_.notify(sc_core::sc_time::from_value(local_offset_() + patience_));
        }
        halves_ |= halves;
        if (halves_ == both_halves) {
            take_command();
        }
    }
    if (addresses_.fromhost && (touches(first, last, *addresses_.fromhost) ||
                                touches(first, last, *addresses_.fromhost + 4))) {
        answer();
    }
}

void Htif::take_command() {
    due_.cancel();
    halves_ = 0;
    const std::uint64_t command = doubleword(addresses_.tohost).value_or(0);
    if (command == 0) {
        return;
    }
    set_doubleword(addresses_.tohost, 0);
    dispatch(command);
}

void Htif::dispatch(std::uint64_t command) {
    // Bits 63…56 device, 55…48 command, 47…0 payload.
    const std::uint64_t device = command >> 56;
    const std::uint64_t kind = command >> 48 & 0xffU;
    if (device == device_syscall && kind == 0) {
        if ((command & 1U) != 0) {
            host_.exit(static_cast<std::uint32_t>(command >> 1));
        } else {
            system_call(command);
        }
    } else if (device == device_console && kind == console_put) {
        host_.put(static_cast<std::uint8_t>(command));
    } else if (device != device_console || kind != 0) {
        // Reading from the console waits for ever: nothing types there.
        host_.complain(fmt::format("tohost: device {} has no command {}", device, kind));
    }
}

/// The payload points at eight doublewords: number and arguments; the result goes into the first.
void Htif::system_call(std::uint64_t command) {
    std::array<std::uint64_t, 8> words{};
    const auto address = static_cast<std::uint32_t>(command);
    std::array<std::uint8_t, sizeof words> bytes{};
    if (!host_.read(address, bytes)) {
        host_.complain(fmt::format("tohost: no memory holds a system call at 0x{:08x}", address));
        return;
    }
    std::memcpy(words.data(), bytes.data(), sizeof words);
    if (words[0] == call_exit) {
        host_.exit(static_cast<std::uint32_t>(words[1]));
        return;
    }
    set_doubleword(address, static_cast<std::uint64_t>(call(words)));
    ++answers_;
    answer();
}

std::int64_t Htif::call(std::span<const std::uint64_t, 8> words) {
    switch (words[0]) {
        case call_read:
            return words[1] == 0 ? 0 : error_bad_file;  // at the end of the input
        case call_write:
            return write_call(words[1], words[2], words[3]);
        default:
            host_.complain(fmt::format("tohost: system call {} is not there", words[0]));
            return error_no_call;
    }
}

std::int64_t Htif::write_call(std::uint64_t file, std::uint64_t address, std::uint64_t size) const {
    if (file != 1 && file != 2) {
        return error_bad_file;
    }
    std::array<std::uint8_t, 256> piece{};
    for (std::uint64_t done = 0; done < size;) {
        const std::size_t length = std::min<std::uint64_t>(piece.size(), size - done);
        const std::span<std::uint8_t> bytes = std::span(piece).first(length);
        if (!host_.read(static_cast<std::uint32_t>(address + done), bytes)) {
            return error_bad_address;
        }
        std::for_each(bytes.begin(), bytes.end(), host_.put);
        done += length;
    }
    return static_cast<std::int64_t>(size);
}

void Htif::answer() {
    if (answers_ == 0 || !addresses_.fromhost || doubleword(*addresses_.fromhost) != 0U) {
        return;
    }
    set_doubleword(*addresses_.fromhost, 1);
    --answers_;
}

std::optional<std::uint64_t> Htif::doubleword(std::uint32_t address) const {
    std::array<std::uint8_t, 8> bytes{};
    if (!host_.read(address, bytes)) {
        return std::nullopt;
    }
    std::uint64_t value = 0;
    std::memcpy(&value, bytes.data(), sizeof value);
    return value;
}

void Htif::set_doubleword(std::uint32_t address, std::uint64_t value) const {
    std::array<std::uint8_t, 8> bytes{};
    std::memcpy(bytes.data(), &value, sizeof value);
    static_cast<void>(host_.write(address, bytes));
}

}  // namespace cimera
