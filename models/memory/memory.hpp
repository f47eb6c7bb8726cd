// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <cstdint>
#include <cstdlib>
#include <functional>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <vector>

#include <systemc>
#include <tlm>
#include <tlm_utils/simple_target_socket.h>

#include "models/common/calendar.hpp"
#include "models/common/peripheral.hpp"
#include "models/common/phased_target.hpp"
#include "models/common/written_map.hpp"

namespace cimera {

/// Shape, timing and prices of a memory.
struct MemoryConfig {
    std::uint64_t size = 0;     ///< bytes
    unsigned width = 8;         ///< bytes per access; a shorter transfer costs one access
    unsigned read_cycles = 1;   ///< latency of the first access of a transfer
    unsigned write_cycles = 1;  ///< latency of the first access of a transfer
    unsigned read_step = 1;     ///< cycles for each further access of a burst
    unsigned write_step = 1;    ///< cycles for each further access of a burst
    unsigned banks = 0;         ///< each serves one access per step; 0: masters never meet
    bool queues = false;        ///< masters wait in turn for a bank, not only in a busy microsecond
    bool writable = true;       ///< by bus transactions; debug access always is
    bool volatile_contents = true;  ///< lost when power goes
    std::string family;             ///< prefix of event names: "sram" gives "sram.read"
    EventKind::Term read_price;     ///< of one access
    EventKind::Term write_price;
    std::vector<LeakageTerm> leakage;
    std::vector<EventKind> more_events = {};  ///< counted by a derived memory
};

/// Base of memories: bytes with a bus, DMI and debug access. A transfer of n bytes counts
/// ceil(n / width) accesses whatever its alignment, the same through DMI.
class Memory : public sc_core::sc_module, public Resettable {
public:
    tlm_utils::simple_target_socket<Memory> bus;

    Memory(const sc_core::sc_module_name& name, const MemoryConfig& config, const Environment& env);

    /// What the memory holds after a cold reset, at `offset`; also written now. The rest is zero.
    void preload(std::uint64_t offset, std::span<const std::uint8_t> bytes);
    /// Every access to the 4 KiB pages around [offset, offset + size) becomes a transaction, so
    /// that observers see it.
    void deny_direct(std::uint64_t offset, std::uint64_t size);
    /// From now on `listener` hears of reads of unwritten bytes, and every access is a transaction.
    void watch_unwritten(UnwrittenListener listener);
    void reset(ResetKind kind) override;

    [[nodiscard]] const MemoryConfig& config() const { return config_; }
    [[nodiscard]] std::uint64_t reads() const { return meter_.total(read_event); }
    [[nodiscard]] std::uint64_t writes() const { return meter_.total(write_event); }
    /// Time that masters waited for banks that others held.
    [[nodiscard]] Picoseconds waited() const { return waited_; }

protected:
    static constexpr std::size_t read_event = 0;
    static constexpr std::size_t write_event = 1;
    static constexpr std::size_t first_more_event = 2;

    /// Charges a transfer's accesses and returns how long it takes from `at` on.
    virtual Picoseconds serve(tlm::tlm_generic_payload& payload, Picoseconds at);
    /// Writes what the transaction enables. False where its enables are malformed: nothing
    /// happened.
    virtual bool store(tlm::tlm_generic_payload& payload);
    /// Whether masters may access it without transactions: its timing has no state.
    [[nodiscard]] virtual bool grants_direct() const { return true; }
    /// For what changes bytes without a transaction; from then on no byte counts as unwritten.
    void wrote_inside() {
        written_ = true;
        mark_written(0, config_.size);
    }
    [[nodiscard]] std::uint8_t* bytes() { return bytes_.get(); }
    [[nodiscard]] const std::uint8_t* bytes() const { return bytes_.get(); }

    Environment env_;
    Meter meter_;

private:
    void b_transport(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay);
    tlm::tlm_sync_enum nb_transport_fw(tlm::tlm_generic_payload& payload, tlm::tlm_phase& phase,
                                       sc_core::sc_time& delay) {
        return phased_.forward(payload, phase, delay);
    }
    bool get_direct_mem_ptr(tlm::tlm_generic_payload& payload, tlm::tlm_dmi& dmi);
    unsigned transport_dbg(tlm::tlm_generic_payload& payload);
    void transfer(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay);
    void stream(tlm::tlm_generic_payload& payload, unsigned width, sc_core::sc_time& delay);
    [[nodiscard]] Picoseconds latency(bool read, std::uint64_t accesses) const;
    Picoseconds book(const tlm::tlm_generic_payload& payload, Picoseconds at,
                     std::uint64_t accesses);
    void tag_direct(DmiTag& tag);
    void mark_written(const tlm::tlm_generic_payload& payload);
    void mark_images();
    void power_changed(PowerState state);
    void check_written(const tlm::tlm_generic_payload& payload, Picoseconds at) const;

    MemoryConfig config_;
    struct Free {
        void operator()(std::uint8_t* bytes) const { std::free(bytes); }
    };
    /// From calloc: pages that nobody touches cost neither time nor memory of the machine.
    std::unique_ptr<std::uint8_t[], Free> bytes_;
    PhasedTarget phased_;
    std::vector<Calendar> banks_;  // words go round
    Picoseconds waited_ = 0;
    bool written_ = false;  // ever, or somebody has a pointer to do so
    UnwrittenListener on_unwritten_;
    WrittenMap known_;  // while somebody listens
    std::set<std::uint64_t> watched_pages_;
    struct Image {
        std::uint64_t offset;
        std::vector<std::uint8_t> bytes;
    };
    std::vector<Image> images_;
};

/// Copies the bytes that a write transaction enables; without enables all of them.
/// Returns false where the enables are malformed.
bool copy_enabled(std::uint8_t* to, const std::uint8_t* from,
                  const tlm::tlm_generic_payload& payload);

}  // namespace cimera
