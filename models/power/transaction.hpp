// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include <tlm>

#include "models/common/clock.hpp"
#include "models/power/meter.hpp"

namespace cimera {

class RegisterPort;

/// Rides on every payload: who pays for the transaction, and what it cost stage by stage.
/// A master owns one for life.
class TransactionTag : public tlm::tlm_extension<TransactionTag> {
public:
    /// Events that one stage on the way added.
    struct Stage {
        const Meter* meter;
        std::size_t event;
        std::uint64_t count;
        std::uint32_t point;  ///< operating point of the meter's domain
    };

    OwnerId owner = 0;
    std::uint32_t pc = 0;      ///< instruction that caused it; 0: none
    std::uint64_t job = 0;     ///< job of the master that it belongs to; 0: none
    std::uint32_t master = 0;  ///< number of the bus master; the interconnect enters it
    bool recording = false;    ///< a monitor wants `stages`
    std::vector<Stage> stages;

    /// Counts `count` events of `meter` for the owner of `payload` (nobody without a tag).
    static void charge(tlm::tlm_generic_payload& payload, Meter& meter, std::size_t event,
                       std::uint64_t count) {
        auto* tag = payload.get_extension<TransactionTag>();
        meter.add(tag != nullptr ? tag->owner : 0, event, count);
        if (tag != nullptr && tag->recording) {
            tag->stages.push_back({&meter, event, count, meter.point()});
        }
    }

    /// From now on `stages` lists what the stages of this transaction add.
    void record() {
        recording = true;
        stages.clear();
    }

    [[nodiscard]] tlm::tlm_extension_base* clone() const override {
        return new TransactionTag(*this);
    }
    void copy_from(const tlm::tlm_extension_base& other) override {
        *this = static_cast<const TransactionTag&>(other);
    }
};

/// A master's own payload with its tag: one for life, never freed by the payload. It is its own
/// memory manager, as IEEE 1666-2011, 14.5 asks for nb_transport.
class TaggedPayload : private tlm::tlm_mm_interface {
public:
    TaggedPayload() {
        payload_.set_mm(this);
        payload_.acquire();
        payload_.set_extension(&tag);
    }
    TaggedPayload(const TaggedPayload&) = delete;
    TaggedPayload& operator=(const TaggedPayload&) = delete;
    ~TaggedPayload() override { payload_.clear_extension(&tag); }

    /// A fresh transaction of `length` bytes at `address`.
    tlm::tlm_generic_payload& prepare(tlm::tlm_command command, std::uint64_t address,
                                      std::uint8_t* bytes, unsigned length) {
        payload_.set_command(command);
        payload_.set_address(address);
        payload_.set_data_ptr(bytes);
        payload_.set_data_length(length);
        payload_.set_streaming_width(length);
        payload_.set_byte_enable_ptr(nullptr);
        payload_.set_dmi_allowed(false);
        payload_.set_response_status(tlm::TLM_INCOMPLETE_RESPONSE);
        return payload_;
    }

    TransactionTag tag;

private:
    void free(tlm::tlm_generic_payload* /*payload*/) override {}

    tlm::tlm_generic_payload payload_;
};

/// Rides on a DMI request: each stage on the way enters what one access through the pointer must
/// count, so that direct accesses cost the same as transactions.
class DmiTag : public tlm::tlm_extension<DmiTag> {
public:
    struct Stage {
        Meter* meter;
        std::size_t read_event;
        std::size_t write_event;
        std::uint64_t count = 1;  ///< of events per access
    };
    /// Books direct accesses at shared resources on the way, made evenly from the first instant to
    /// the second: (from, to, accesses) → how long they had to wait for other masters.
    using Book = std::function<Picoseconds(Picoseconds, Picoseconds, std::uint64_t)>;
    /// Hears of direct accesses when they are charged: (reads, writes).
    using Count = std::function<void(std::uint64_t, std::uint64_t)>;

    std::uint32_t master = 0;  ///< number of the bus master; the interconnect enters it
    std::vector<Stage> stages;
    Book book;
    Count count;
    /// Where there is no memory but registers that can be reached by calls: how, for the range in
    /// the answer. Lasts as long as a pointer.
    RegisterPort* registers = nullptr;
    /// Set where a denial comes from memory: accesses of any kind are good, by transactions.
    bool memory = false;

    [[nodiscard]] tlm::tlm_extension_base* clone() const override { return new DmiTag(*this); }
    void copy_from(const tlm::tlm_extension_base& other) override {
        *this = static_cast<const DmiTag&>(other);
    }
};

}  // namespace cimera
