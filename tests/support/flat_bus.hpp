// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors

#pragma once

#include <cstdint>
#include <cstring>
#include <functional>
#include <memory>
#include <vector>

#include "models/cpu/bus.hpp"

namespace cimera::test {

/// Wait states of a memory.
struct Waits {
    std::uint32_t read = 0;
    std::uint32_t write = 0;
};

/// Memories and one device hook behind a Hart. With `direct` the core gets regions, otherwise every
/// access is a transaction; both count into the same Region fields.
class FlatBus final : public cpu::Bus {
public:
    bool direct = true;
    std::uint64_t time = 0;
    std::vector<cpu::Trap> traps;
    std::function<bool(const cpu::Trap&)> stop_at;
    std::function<bool(std::uint32_t address, unsigned size, std::uint32_t& value)> device_read;
    std::function<bool(std::uint32_t address, unsigned size, std::uint32_t value)> device_write;
    std::function<std::uint64_t()> clock;

    cpu::Region& add_memory(std::uint32_t first, std::uint32_t bytes, Waits waits = {},
                            bool writable = true) {
        auto memory = std::make_unique<Memory>();
        memory->bytes.resize(bytes);
        memory->region.first = first;
        memory->region.last = first + (bytes - 1);
        memory->region.data = memory->bytes.data();
        memory->region.writable = writable;
        memory->region.read_wait = waits.read;
        memory->region.write_wait = waits.write;
        memories_.push_back(std::move(memory));
        return memories_.back()->region;
    }

    void poke(std::uint32_t address, const void* bytes, unsigned size) {
        std::memcpy(find(address, size)->data + (address - find(address, size)->first), bytes,
                    size);
    }
    void poke32(std::uint32_t address, std::uint32_t value) { poke(address, &value, 4); }
    void poke16(std::uint32_t address, std::uint16_t value) { poke(address, &value, 2); }
    std::uint32_t peek32(std::uint32_t address) {
        std::uint32_t value = 0;
        peek(address, &value, 4);
        return value;
    }

    cpu::Region* region(std::uint32_t address, cpu::Access) override {
        return direct ? find(address, 1) : nullptr;
    }

    cpu::BusStatus read(std::uint32_t address, unsigned size, cpu::Access kind,
                        std::uint32_t& value, std::uint32_t& wait_cycles) override {
        if (cpu::Region* const memory = find(address, size)) {
            std::memcpy(&value, memory->data + (address - memory->first), size);
            ++(kind == cpu::Access::fetch || kind == cpu::Access::fetch_ahead ? memory->fetches
                                                                              : memory->reads);
            wait_cycles = memory->read_wait;
            return cpu::BusStatus::ok;
        }
        const bool plain = kind == cpu::Access::load || kind == cpu::Access::amo;
        return plain && address % size == 0 && device_read && device_read(address, size, value)
                   ? cpu::BusStatus::ok
                   : cpu::BusStatus::fault;
    }

    cpu::BusStatus write(std::uint32_t address, unsigned size, cpu::Access kind,
                         std::uint32_t value, std::uint32_t& wait_cycles) override {
        cpu::Region* const memory = find(address, size);
        if (memory != nullptr && memory->writable) {
            std::memcpy(memory->data + (address - memory->first), &value, size);
            ++memory->writes;
            wait_cycles = memory->write_wait;
            return cpu::BusStatus::ok;
        }
        const bool plain = kind == cpu::Access::store || kind == cpu::Access::amo;
        return plain && address % size == 0 && device_write && device_write(address, size, value)
                   ? cpu::BusStatus::ok
                   : cpu::BusStatus::fault;
    }

    bool peek(std::uint32_t address, void* bytes, unsigned size) override {
        const cpu::Region* const memory = find(address, size);
        if (memory == nullptr) {
            return false;
        }
        std::memcpy(bytes, memory->data + (address - memory->first), size);
        return true;
    }

    std::uint64_t mtime() override { return clock ? clock() : time; }

    bool on_trap(const cpu::Trap& trap) override {
        traps.push_back(trap);
        return stop_at && stop_at(trap);
    }

private:
    struct Memory {
        cpu::Region region;
        std::vector<std::uint8_t> bytes;
    };

    cpu::Region* find(std::uint32_t address, unsigned size) {
        const std::uint32_t last = address + (size - 1);
        for (const auto& memory : memories_) {
            if (address >= memory->region.first && last <= memory->region.last && address <= last) {
                return &memory->region;
            }
        }
        return nullptr;
    }

    std::vector<std::unique_ptr<Memory>> memories_;
};

}  // namespace cimera::test
