// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors

#pragma once

#include <cstdint>

namespace cimera::cpu {

enum class BusStatus : std::uint8_t { ok, fault };

/// Why the core accesses an address. `fetch_ahead` is a fetch in sequence: the prefetch buffer has
/// asked for it in time, and nobody waits. The `_part` kinds are the two halves of an access that
/// crosses a word boundary: only plain memory may accept them.
enum class Access : std::uint8_t { fetch, fetch_ahead, load, store, amo, load_part, store_part };

/// Host memory the core may touch directly. `first` and `last + 1` are multiples of 4.
/// `fetches`, `reads` and `writes` only grow; they are complete after Hart::take_counts(), and
/// `accesses`, their sum, which the owner may clear, also whenever Hart::run() returns.
struct Region {
    std::uint32_t first = 0;  ///< guest addresses, inclusive
    std::uint32_t last = 0;
    std::uint8_t* data = nullptr;  ///< host address of `first`
    bool readable = true;
    bool writable = true;
    std::uint32_t read_wait = 0;  ///< core cycles per access beyond the pipeline's own
    std::uint32_t write_wait = 0;
    std::uint64_t fetches = 0;
    std::uint64_t reads = 0;
    std::uint64_t writes = 0;
    std::uint64_t accesses = 0;
};

/// An exception about to be taken. `size` is 0 unless a memory access caused it.
struct Trap {
    std::uint32_t cause = 0;
    std::uint32_t tval = 0;
    std::uint32_t pc = 0;
    std::uint32_t address = 0;
    unsigned size = 0;
    Access access = Access::fetch;
    bool denied = false;     ///< by memory protection: the access was not made
    std::uint32_t from = 0;  ///< of a fetch fault: the instruction that jumped there; 0: not known
};

/// What the core sees of the rest of the world. Calls may use Hart's queries (cycles(), instret(),
/// pc(), take_counts()), its invalidate functions, set_interrupt() and request_leave().
class Bus {
public:
    Bus() = default;
    Bus(const Bus&) = delete;
    Bus& operator=(const Bus&) = delete;
    Bus(Bus&&) = delete;
    Bus& operator=(Bus&&) = delete;
    virtual ~Bus() = default;

    /// The directly accessible region around `address`, valid until Hart::invalidate_regions();
    /// nullptr where transactions must be used.
    virtual Region* region(std::uint32_t address, Access kind) = 0;
    /// 1 to 4 bytes that do not cross a word boundary, little endian in `value`; an instruction
    /// fetch may be 4 bytes at any even address. `wait_cycles` is 0 on entry.
    virtual BusStatus read(std::uint32_t address, unsigned size, Access kind, std::uint32_t& value,
                           std::uint32_t& wait_cycles) = 0;
    virtual BusStatus write(std::uint32_t address, unsigned size, Access kind, std::uint32_t value,
                            std::uint32_t& wait_cycles) = 0;
    /// Code bytes for the decoder: no side effects, time or energy. False where nothing answers.
    virtual bool peek(std::uint32_t address, void* bytes, unsigned size) = 0;
    /// The `time` CSR.
    virtual std::uint64_t mtime() = 0;
    /// Called before each exception is taken; true stops the core at the instruction instead.
    virtual bool on_trap(const Trap& trap) = 0;
};

}  // namespace cimera::cpu
