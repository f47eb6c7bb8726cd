// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>

#include <systemc>

#include "models/common/peripheral.hpp"
#include "models/common/write_observer.hpp"

namespace cimera {

/// The two mailboxes of the host-target interface, by the addresses of their symbols.
struct HtifAddresses {
    std::uint32_t tohost = 0;
    std::optional<std::uint32_t> fromhost;
};

/// What the host-target interface does with commands.
struct HtifHost {
    std::function<bool(std::uint32_t, std::span<std::uint8_t>)> read;
    std::function<bool(std::uint32_t, std::span<const std::uint8_t>)> write;
    std::function<void(std::uint8_t)> put;
    std::function<void(std::uint32_t)> exit;
    std::function<void(const std::string&)> complain;
};

/// Host-target interface as Spike answers it: device 0 ends the run and proxies system calls,
/// device 1 is a console. A 32-bit core writes `tohost` in two halves: the command is taken when
/// both have been written, or a while after one of them was.
class Htif final : public WriteObserver {
public:
    /// `patience` is how long the second half may take.
    Htif(const HtifAddresses& addresses, Picoseconds patience,
         std::function<Picoseconds()> local_offset, HtifHost host);

    void written(bool own, std::uint64_t first, std::uint64_t last) override;
    void reset();

private:
    void take_command();
    void dispatch(std::uint64_t command);
    void system_call(std::uint64_t command);
    [[nodiscard]] std::int64_t call(std::span<const std::uint64_t, 8> words);
    [[nodiscard]] std::int64_t write_call(std::uint64_t file, std::uint64_t address,
                                          std::uint64_t size) const;
    void answer();
    [[nodiscard]] std::optional<std::uint64_t> doubleword(std::uint32_t address) const;
    void set_doubleword(std::uint32_t address, std::uint64_t value) const;

    HtifAddresses addresses_;
    Picoseconds patience_;
    std::function<Picoseconds()> local_offset_;
    HtifHost host_;
    sc_core::sc_event due_;
    unsigned halves_ = 0;
    std::uint64_t answers_ = 0;  ///< ones that fromhost is still to get
};

}  // namespace cimera
