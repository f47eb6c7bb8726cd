// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "models/common/clock.hpp"
#include "models/power/meter.hpp"
#include "models/power/transaction.hpp"

namespace cimera {

/// A piece of work that a device did for whoever launched it: a job of a tile, a list of a DMA
/// channel. Its transactions carry the same number.
struct Work {
    enum class End : std::uint8_t { done, failed, aborted, unfinished };

    std::string device;  ///< instance name
    const char* what;    ///< such as "mvm"
    unsigned lane;       ///< of `lanes` that the device works on at the same time
    unsigned lanes;
    std::uint64_t job;      ///< counted from 1 by each device
    std::uint32_t address;  ///< of its descriptor
    OwnerId owner;          ///< who pays
    std::uint32_t pc;       ///< instruction that launched it
    Picoseconds begin;
    Picoseconds end = 0;
    End outcome = End::done;
    /// What the device itself counted for it, beside its transactions.
    std::vector<TransactionTag::Stage> events = {};
};

[[nodiscard]] inline const char* text_of(Work::End end) {
    switch (end) {
        case Work::End::done:
            return "ok";
        case Work::End::failed:
            return "failed";
        case Work::End::aborted:
            return "aborted";
        case Work::End::unfinished:
            return "unfinished";
    }
    return "";
}

using WorkListener = std::function<void(const Work&)>;

/// Keeps the record of a piece of work while somebody listens.
class WorkRecord {
public:
    /// From now on `listener` hears of work that begins later, when it ends.
    void listen(WorkListener listener) { listener_ = std::move(listener); }

    void begin(Work work) {
        if (listener_) {
            work_ = std::move(work);
            open_ = true;
        }
    }
    [[nodiscard]] bool open() const { return open_; }
    /// What it turned out to be.
    void name(const char* what) { work_.what = what; }
    void count(const Meter& meter, std::size_t event, std::uint64_t number) {
        if (open_ && number != 0) {
            work_.events.push_back({&meter, event, number, meter.point()});
        }
    }
    /// Tells the listener; nothing if no work is going on.
    void end(Work::End outcome, Picoseconds at) {
        if (open_) {
            open_ = false;
            work_.outcome = outcome;
            work_.end = std::max(at, work_.begin);  // aborted before its first edge
            listener_(work_);
        }
    }

private:
    WorkListener listener_;
    Work work_{};
    bool open_ = false;
};

}  // namespace cimera
