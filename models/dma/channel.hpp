// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "models/dma/descriptor.hpp"

namespace cimera::dma {

inline constexpr unsigned largest_burst = 256;  // bytes

/// The bus as a channel uses it; false: a bus error. A call may take time, in which the channel can
/// be aborted or reset.
class Bus {
public:
    Bus() = default;
    Bus(const Bus&) = delete;
    Bus& operator=(const Bus&) = delete;
    virtual ~Bus() = default;
    virtual bool read(std::uint32_t address, std::uint8_t* bytes, unsigned length) = 0;
    virtual bool write(std::uint32_t address, const std::uint8_t* bytes, unsigned length) = 0;
};

/// What a step has done, for whoever counts and tells.
struct Step {
    bool decoded = false;     ///< read a descriptor
    std::uint32_t moved = 0;  ///< bytes written
    bool half = false;        ///< events of register IRQ_STATUS
    bool done = false;
    bool failed = false;
};

/// Why a list failed.
struct Failure {
    Error error = Error::none;
    bool write = false;  ///< the destination is at fault
    std::uint32_t address = 0;
};

/// One channel: goes through a list of descriptors step by step. A step reads a descriptor, or
/// reads one burst and writes it. Bursts do not cross multiples of their length on either side, so
/// that a transfer stops at the first byte that cannot be read or written.
///
/// A row of a copy arrives as if read wholly before it is written, whatever the overlap; rows are
/// moved one after the other.
class Channel {
public:
    explicit Channel(unsigned longest_burst) : longest_burst_(longest_burst) {}

    /// Begins a list; the channel must not be busy.
    void start(std::uint32_t descriptor);
    /// Ends the list, after the step that is under way if there is one.
    void abort();
    /// As new; a step that is under way changes nothing more.
    void reset();

    [[nodiscard]] bool busy() const { return state_ != State::idle; }
    /// The request line that the next step needs.
    [[nodiscard]] std::optional<unsigned> request() const;
    Step step(Bus& bus);

    [[nodiscard]] std::uint32_t descriptor() const { return address_; }
    /// Written by this descriptor.
    [[nodiscard]] std::uint32_t bytes() const { return written_; }
    /// Descriptors ended well since the start.
    [[nodiscard]] std::uint32_t completed() const { return completed_; }
    [[nodiscard]] const Failure& failure() const { return failure_; }

private:
    enum class State : std::uint8_t { idle, fetch, move };
    /// A burst: a part of the row.
    struct Piece {
        std::uint32_t source;
        std::uint32_t destination;
        unsigned length;
    };

    Step fetch(Bus& bus);
    Step move(Bus& bus);
    [[nodiscard]] bool begin_row();
    [[nodiscard]] Piece next_piece() const;
    [[nodiscard]] unsigned load(Bus& bus, const Piece& piece);
    [[nodiscard]] unsigned store(Bus& bus, const Piece& piece, unsigned length);
    void end_descriptor(Step& step);
    void fail(Error error, bool write, std::uint32_t address) {
        failure_ = {error, write, address};
    }

    unsigned longest_burst_;
    State state_ = State::idle;
    bool stepping_ = false;
    bool aborting_ = false;
    std::uint64_t generation_ = 0;  // a reset begins another
    std::uint32_t address_ = 0;     // of the descriptor
    Descriptor transfer_;
    std::uint32_t row_ = 0;
    std::uint32_t position_ = 0;  // bytes of the row that are done
    bool descending_ = false;     // the row goes from its end
    std::uint32_t source_row_ = 0;
    std::uint32_t destination_row_ = 0;
    std::uint32_t written_ = 0;
    std::uint32_t completed_ = 0;
    Failure failure_;
    std::array<std::uint8_t, largest_burst> buffer_{};
};

}  // namespace cimera::dma
