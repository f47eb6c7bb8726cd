// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include <algorithm>
#include <iterator>

#include "models/cpu/cpu.hpp"

// The core as a bus master: direct access to memory, transactions, debug accesses.

namespace cimera::cpu {

namespace {

constexpr std::uint32_t page = 4096;

constexpr bool is_write(Access kind) {
    return kind == Access::store || kind == Access::store_part || kind == Access::amo;
}

}  // namespace

std::uint32_t Cpu::to_cycles(Picoseconds delay) {
    if (delay != recent_delay_) {
        recent_delay_ = delay;
        recent_cycles_ = static_cast<std::uint32_t>((delay + period_ - 1) / period_);
    }
    return recent_cycles_;
}

Region* Cpu::region(std::uint32_t address, Access kind) {
    return config_.use_dmi ? memory_at(address, kind) : nullptr;
}

Region* Cpu::memory_at(std::uint32_t address, Access kind) {
    const bool write = is_write(kind);
    if ((write ? denied_writes_ : denied_).contains(address / page)) {
        return nullptr;
    }
    for (const auto& direct : regions_) {
        if (address >= direct->region.first && address <= direct->region.last) {
            return write && !direct->region.writable ? nullptr : &direct->region;
        }
    }
    return request_region(address, kind);
}

bool Cpu::refuses(std::uint32_t address, Access kind) {
    // Halves of an access that crosses a word: devices would see accesses the program did not make.
    return (kind == Access::load_part || kind == Access::store_part) &&
           memory_at(address, kind) == nullptr && !is_memory(address, kind);
}

/// Memory without direct access: a watched page.
bool Cpu::is_memory(std::uint32_t address, Access kind) {
    DmiTag tag;
    tlm::tlm_generic_payload payload;
    payload.set_extension(&tag);
    payload.set_command(is_write(kind) ? tlm::TLM_WRITE_COMMAND : tlm::TLM_READ_COMMAND);
    payload.set_address(address);
    tlm::tlm_dmi dmi;
    const bool granted = bus->get_direct_mem_ptr(payload, dmi);
    payload.clear_extension(&tag);
    return granted || tag.memory;
}

Region* Cpu::request_region(std::uint32_t address, Access kind) {
    DmiTag tag;
    tlm::tlm_generic_payload payload;
    payload.set_extension(&tag);
    const bool write = is_write(kind);
    payload.set_command(write ? tlm::TLM_WRITE_COMMAND : tlm::TLM_READ_COMMAND);
    payload.set_address(address);
    tlm::tlm_dmi dmi;
    const bool granted = bus->get_direct_mem_ptr(payload, dmi);
    payload.clear_extension(&tag);
    const auto first = static_cast<std::uint32_t>(dmi.get_start_address());
    const auto last = static_cast<std::uint32_t>(dmi.get_end_address());
    if (!granted && tag.registers != nullptr && config_.use_dmi) {
        registers_[last] = {first, last, tag.registers};
    }
    if (!granted) {
        (write ? denied_writes_ : denied_).insert(address / page);
        return nullptr;
    }
    auto direct = std::make_unique<DirectRegion>();
    direct->region.first = first;
    direct->region.last = last;
    direct->region.data = dmi.get_dmi_ptr();
    direct->region.readable = dmi.is_read_allowed();
    direct->region.writable = dmi.is_write_allowed();
    direct->region.read_wait = to_cycles(dmi.get_read_latency().value());
    direct->region.write_wait = to_cycles(dmi.get_write_latency().value());
    direct->stages = std::move(tag.stages);
    direct->book = std::move(tag.book);
    direct->count = std::move(tag.count);
    regions_.push_back(std::move(direct));
    return &regions_.back()->region;
}

void Cpu::forget_regions() {
    flush();
    hart_.invalidate_regions();
    std::move(regions_.begin(), regions_.end(), std::back_inserter(retired_));
    regions_.clear();
    denied_.clear();
    denied_writes_.clear();
    registers_.clear();
    recent_registers_ = {};
}

BusStatus Cpu::transact(tlm::tlm_command command, std::uint32_t address, std::uint8_t* bytes,
                        unsigned size, std::uint32_t& wait) {
    transaction_.tag.pc = hart_.pc();
    transaction_.tag.owner = owner_here();
    tlm::tlm_generic_payload& payload = transaction_.prepare(command, address, bytes, size);
    const Picoseconds begin = local_now();
    sc_core::sc_time delay = sc_core::sc_time::from_value(begin - kernel_now());
    bus.transport(payload, delay);
    wait = to_cycles(kernel_now() + delay.value() - begin);
    after_transport();
    return payload.is_response_ok() ? BusStatus::ok : BusStatus::fault;
}

void Cpu::after_transport() {
    if (env_.timing == TimingStyle::approximate) {
        settle();  // the kernel's time has moved
    }
    check_horizon();
}

/// The hart has decoded what lies there: the response tells nothing new.
BusStatus Cpu::fetch_ahead(std::uint32_t address, unsigned size) {
    transaction_.tag.pc = hart_.pc();
    transaction_.tag.owner = owner_here();
    sc_core::sc_time delay = sc_core::sc_time::from_value(local_now() - kernel_now());
    const bool ok = bus.read_ahead(transaction_.tag, address, size, delay);
    after_transport();
    return ok ? BusStatus::ok : BusStatus::fault;
}

/// Nothing before the hart has asked for a region there.
RegisterPort* Cpu::registers_at(std::uint32_t address) {
    if (address >= recent_registers_.first && address <= recent_registers_.last) {
        return recent_registers_.port;
    }
    const auto found = registers_.lower_bound(address);
    if (found == registers_.end() || address < found->second.first) {
        return nullptr;
    }
    recent_registers_ = found->second;
    return recent_registers_.port;
}

/// As transact(), without a payload.
BusStatus Cpu::call(RegisterPort& port, RegisterCall& call, std::uint32_t& wait) {
    call.at = local_now();
    const Picoseconds before = call.at;
    port.access(call);
    wait = to_cycles(call.at - before);
    if (!call.quiet) {
        check_horizon();
    }
    return call.answer == cimera::Access::ok ? BusStatus::ok : BusStatus::fault;
}

BusStatus Cpu::read(std::uint32_t address, unsigned size, Access kind, std::uint32_t& value,
                    std::uint32_t& wait_cycles) {
    value = 0;
    if (refuses(address, kind)) {
        return BusStatus::fault;
    }
    if (kind == Access::fetch_ahead) {
        return fetch_ahead(address, size);
    }
    RegisterPort* const port = kind == Access::fetch ? nullptr : registers_at(address);
    if (port != nullptr) {
        RegisterCall read{address, size, false, 0, owner_here(), hart_.pc()};
        const BusStatus status = call(*port, read, wait_cycles);
        value = read.value;
        return status;
    }
    return transact(tlm::TLM_READ_COMMAND, address, reinterpret_cast<std::uint8_t*>(&value), size,
                    wait_cycles);
}

BusStatus Cpu::write(std::uint32_t address, unsigned size, Access kind, std::uint32_t value,
                     std::uint32_t& wait_cycles) {
    if (refuses(address, kind)) {
        return BusStatus::fault;
    }
    if (RegisterPort* const port = registers_at(address)) {
        RegisterCall write{address, size, true, value, owner_here(), hart_.pc()};
        return call(*port, write, wait_cycles);
    }
    return transact(tlm::TLM_WRITE_COMMAND, address, reinterpret_cast<std::uint8_t*>(&value), size,
                    wait_cycles);
}

unsigned Cpu::debug_access(tlm::tlm_command command, std::uint32_t address, std::uint8_t* bytes,
                           std::size_t size) {
    tlm::tlm_generic_payload payload;
    payload.set_command(command);
    payload.set_address(address);
    payload.set_data_ptr(bytes);
    payload.set_data_length(static_cast<unsigned>(size));
    return bus->transport_dbg(payload);
}

bool Cpu::peek(std::uint32_t address, void* bytes, unsigned size) {
    return debug_access(tlm::TLM_READ_COMMAND, address, static_cast<std::uint8_t*>(bytes), size) ==
           size;
}

bool Cpu::debug_read(std::uint32_t address, std::span<std::uint8_t> bytes) {
    return debug_access(tlm::TLM_READ_COMMAND, address, bytes.data(), bytes.size()) == bytes.size();
}

bool Cpu::debug_write(std::uint32_t address, std::span<const std::uint8_t> bytes) {
    std::vector<std::uint8_t> copy(bytes.begin(), bytes.end());  // payloads are not const
    const unsigned done = debug_access(tlm::TLM_WRITE_COMMAND, address, copy.data(), copy.size());
    if (done != 0) {
        written(false, address, address + (done - 1));
    }
    return done == bytes.size();
}

}  // namespace cimera::cpu
