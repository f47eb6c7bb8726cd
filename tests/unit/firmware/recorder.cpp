// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "recorder.hpp"

#include <cstdio>
#include <stdexcept>

#include "hal/cpu.h"
#include "hal/mmio.h"

namespace {

template <typename... Values>
std::string text(const char* format, Values... values) {
    char buffer[64];
    std::snprintf(buffer, sizeof buffer, format, values...);
    return buffer;
}

template <typename Word>
std::uintptr_t address_of(const volatile Word* reg) {
    return reinterpret_cast<std::uintptr_t>(reg);
}

std::uint32_t answer(std::uintptr_t address) {
    Recorder& recorder = Recorder::current();
    if (recorder.on_read) {
        return recorder.on_read(address);
    }
    auto& answers = recorder.answers[address];
    if (answers.empty()) {
        return 0;
    }
    const std::uint32_t value = answers.front();
    if (answers.size() > 1) {
        answers.pop_front();
    }
    return value;
}

void take_pending(Recorder& recorder) {
    while (!recorder.masked && !recorder.pending.empty()) {
        const auto handler = recorder.pending.front();
        recorder.pending.pop_front();
        handler();
    }
}

}  // namespace

void Recorder::note(const std::string& entry) {
    if (keep_log) {
        log.push_back(entry);
    }
}

Recorder& Recorder::current() {
    static Recorder recorder;
    return recorder;
}

Recorder& Recorder::fresh() {
    return current() = Recorder{};
}

extern "C" {

uint32_t mmio_read32(const volatile uint32_t* reg) {
    Recorder::current().note(text("r32 %zx", address_of(reg)));
    return answer(address_of(reg));
}

void mmio_write32(volatile uint32_t* reg, uint32_t value) {
    Recorder& recorder = Recorder::current();
    recorder.note(text("w32 %zx %x", address_of(reg), value));
    if (recorder.on_write) {
        recorder.on_write(address_of(reg), value);
    }
}

uint8_t mmio_read8(const volatile uint8_t* reg) {
    Recorder::current().note(text("r8 %zx", address_of(reg)));
    return static_cast<uint8_t>(answer(address_of(reg)));
}

void mmio_write8(volatile uint8_t* reg, uint8_t value) {
    Recorder::current().note(text("w8 %zx %x", address_of(reg), value));
}

void mmio_barrier(void) {
    Recorder::current().note("fence");
}

uint32_t cpu_irq_save(void) {
    Recorder& recorder = Recorder::current();
    recorder.note("mask");
    const bool before = recorder.masked;
    recorder.masked = true;
    return before ? 0 : 8;
}

void cpu_irq_restore(uint32_t saved) {
    Recorder& recorder = Recorder::current();
    recorder.note("unmask");
    recorder.masked = saved == 0;
    take_pending(recorder);
}

void cpu_wait_for_interrupt(void) {
    Recorder& recorder = Recorder::current();
    recorder.note("sleep");
    if (!recorder.masked) {
        throw std::logic_error("asleep with interrupts on: one that has just come is lost");
    }
    if (!recorder.pending.empty()) {
        return;  // ends at once
    }
    if (recorder.interrupts.empty()) {
        throw std::logic_error("asleep for ever");
    }
    recorder.pending.push_back(recorder.interrupts.front());
    recorder.interrupts.pop_front();
}

}  // extern "C"
