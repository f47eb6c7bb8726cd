// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "models/memory/memory.hpp"

#include <algorithm>
#include <cstring>
#include <new>

#include <fmt/format.h>

#include "models/common/error.hpp"
#include "models/common/streaming.hpp"

namespace cimera {

namespace {

constexpr std::uint64_t page_bytes = 4096;

std::vector<EventKind> events_of(const MemoryConfig& config) {
    std::vector<EventKind> events{{config.family + ".read", {config.read_price}},
                                  {config.family + ".write", {config.write_price}}};
    events.insert(events.end(), config.more_events.begin(), config.more_events.end());
    return events;
}

}  // namespace

bool copy_enabled(std::uint8_t* to, const std::uint8_t* from,
                  const tlm::tlm_generic_payload& payload) {
    const unsigned length = payload.get_data_length();
    const std::uint8_t* enable = payload.get_byte_enable_ptr();
    if (enable == nullptr) {
        std::memcpy(to, from, length);
        return true;
    }
    const unsigned period = payload.get_byte_enable_length();
    if (period == 0) {
        return false;
    }
    for (unsigned i = 0; i < length; ++i) {
        if (enable[i % period] == TLM_BYTE_ENABLED) {
            to[i] = from[i];
        }
    }
    return true;
}

Memory::Memory(const sc_core::sc_module_name& name, const MemoryConfig& config,
               const Environment& env)
    : sc_module(name),
      bus("bus"),
      env_(env),
      meter_(env.ledger, this->name(), env.domain, events_of(config), config.leakage),
      config_(config),
      bytes_(static_cast<std::uint8_t*>(std::calloc(config.size, 1))),
      phased_(bus, [this](auto& payload, auto& delay) { b_transport(payload, delay); }),
      banks_(config.banks, Calendar(1, config.queues || env.timing == TimingStyle::approximate)) {
    if (bytes_ == nullptr && config.size != 0) {
        throw std::bad_alloc();
    }
    if (env.power != nullptr) {
        env.power->on_change([this](PowerState state, Picoseconds) { power_changed(state); });
    }
    // Grants tell latencies.
    env.clock.on_change([this] { bus->invalidate_direct_mem_ptr(0, config_.size - 1); });
    bus.register_b_transport(this, &Memory::b_transport);
    bus.register_nb_transport_fw(this, &Memory::nb_transport_fw);
    bus.register_get_direct_mem_ptr(this, &Memory::get_direct_mem_ptr);
    bus.register_transport_dbg(this, &Memory::transport_dbg);
}

void Memory::preload(std::uint64_t offset, std::span<const std::uint8_t> bytes) {
    CIMERA_ASSERT(offset <= config_.size && bytes.size() <= config_.size - offset,
                  "a preloaded image lies inside its memory");
    std::copy(bytes.begin(), bytes.end(), bytes_.get() + static_cast<std::ptrdiff_t>(offset));
    images_.push_back({offset, {bytes.begin(), bytes.end()}});
    known_.mark(offset, bytes.size());
}

void Memory::reset(ResetKind kind) {
    for (Calendar& bank : banks_) {
        bank.reset(kernel_now());
    }
    if (kind != ResetKind::cold || !config_.volatile_contents || !written_) {
        return;
    }
    std::fill_n(bytes_.get(), config_.size, std::uint8_t{0});
    for (const Image& image : images_) {
        std::copy(image.bytes.begin(), image.bytes.end(),
                  bytes_.get() + static_cast<std::ptrdiff_t>(image.offset));
    }
    mark_images();
}

/// Masters ask anew for direct access, which a memory that does not answer denies.
void Memory::power_changed(PowerState state) {
    bus->invalidate_direct_mem_ptr(0, config_.size - 1);
    if (state == PowerState::off && config_.volatile_contents) {
        env_.power->poison({bytes_.get(), config_.size}, name());
        written_ = true;
        if (known_.active()) {
            known_.start(config_.size);
        }
    }
}

// --- unwritten bytes -----------------------------------------------------------------------

void Memory::watch_unwritten(UnwrittenListener listener) {
    on_unwritten_ = std::move(listener);
    mark_images();
}

/// Of an answered write.
void Memory::mark_written(const tlm::tlm_generic_payload& payload) {
    const std::uint8_t* enable = payload.get_byte_enable_ptr();
    if (enable == nullptr) {
        known_.mark(payload.get_address(), payload.get_data_length());
        return;
    }
    for (unsigned i = 0; known_.active() && i < payload.get_data_length(); ++i) {
        if (enable[i % payload.get_byte_enable_length()] == TLM_BYTE_ENABLED) {
            known_.mark(payload.get_address() + i, 1);
        }
    }
}

/// After power-on only what was loaded is known.
void Memory::mark_images() {
    if (!on_unwritten_) {
        return;
    }
    known_.start(config_.size);
    for (const Image& image : images_) {
        known_.mark(image.offset, image.bytes.size());
    }
}

/// Of an answered read.
void Memory::check_written(const tlm::tlm_generic_payload& payload, Picoseconds at) const {
    const std::uint8_t* enable = payload.get_byte_enable_ptr();
    UnwrittenRead read{at, 0, 0, 0, 0};
    for (unsigned i = payload.get_data_length(); i-- != 0;) {
        if (enable == nullptr || enable[i % payload.get_byte_enable_length()] == TLM_BYTE_ENABLED) {
            known_.look(payload.get_address() + i, 1, read);
        }
    }
    if (read.bytes != 0) {
        if (const auto* tag = payload.get_extension<TransactionTag>()) {
            read.owner = tag->owner;
            read.pc = tag->pc;
        }
        on_unwritten_(read);
    }
}

// --- transactions --------------------------------------------------------------------------

Picoseconds Memory::latency(bool read, std::uint64_t accesses) const {
    const std::uint64_t first = read ? config_.read_cycles : config_.write_cycles;
    const std::uint64_t step = read ? config_.read_step : config_.write_step;
    return (first + (accesses - 1) * step) * env_.clock.period();
}

/// Takes the banks of a transfer's words one after the other; returns the waits.
Picoseconds Memory::book(const tlm::tlm_generic_payload& payload, Picoseconds at,
                         std::uint64_t accesses) {
    const auto* tag = payload.get_extension<TransactionTag>();
    const std::uint32_t master = tag != nullptr ? tag->master : 0;
    const Picoseconds step =
        (payload.is_read() ? config_.read_step : config_.write_step) * env_.clock.period();
    const std::uint64_t word = payload.get_address() / config_.width;
    Picoseconds waited = 0;
    for (std::uint64_t i = 0; i < accesses && !banks_.empty(); ++i) {
        Calendar& bank = banks_[(word + i) % banks_.size()];
        waited += bank.book(master, at + i * step + waited, step);
    }
    waited_ += waited;
    return waited;
}

Picoseconds Memory::serve(tlm::tlm_generic_payload& payload, Picoseconds at) {
    const bool read = payload.is_read();
    const std::uint64_t accesses = (payload.get_data_length() + config_.width - 1) / config_.width;
    TransactionTag::charge(payload, meter_, read ? read_event : write_event, accesses);
    return book(payload, at, accesses) + latency(read, accesses);
}

bool Memory::store(tlm::tlm_generic_payload& payload) {
    return copy_enabled(&bytes_[payload.get_address()], payload.get_data_ptr(), payload);
}

void Memory::b_transport(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay) {
    const std::uint64_t offset = payload.get_address();
    const unsigned window = window_of(payload);
    if (window == 0 || offset >= config_.size || window > config_.size - offset) {
        payload.set_response_status(tlm::TLM_ADDRESS_ERROR_RESPONSE);
        return;
    }
    const Picoseconds at = kernel_now() + delay.value();
    const bool sleeps = env_.power != nullptr && !env_.power->answers(at);
    if (sleeps || (payload.is_write() && !config_.writable)) {
        const TransactionTag* tag = payload.get_extension<TransactionTag>();
        env_.diagnostics.firmware_error(
            {at, tag != nullptr ? tag->pc : 0, name(), fmt::format("offset 0x{:x}", offset),
             sleeps ? env_.power->complaint() : "write to a read-only memory"});
        payload.set_response_status(tlm::TLM_COMMAND_ERROR_RESPONSE);
        return;
    }
    if (payload.get_command() == tlm::TLM_IGNORE_COMMAND) {
        payload.set_response_status(tlm::TLM_OK_RESPONSE);
    } else if (window < payload.get_data_length()) {
        stream(payload, window, delay);
    } else {
        transfer(payload, delay);
    }
    payload.set_dmi_allowed(payload.is_response_ok() && grants_direct() && !on_unwritten_ &&
                            !watched_pages_.contains(offset / page_bytes));
}

/// One beat, inside the memory.
void Memory::transfer(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay) {
    const Picoseconds at = kernel_now() + delay.value();
    bool well_formed = true;
    if (payload.is_read()) {
        well_formed = copy_enabled(payload.get_data_ptr(), &bytes_[payload.get_address()], payload);
    } else {
        written_ = true;
        well_formed = store(payload);
    }
    if (!well_formed) {
        payload.set_response_status(tlm::TLM_BYTE_ENABLE_ERROR_RESPONSE);
        return;
    }
    if (payload.is_write()) {
        mark_written(payload);
    } else if (on_unwritten_) {
        check_written(payload, at);
    }
    delay += sc_core::sc_time::from_value(serve(payload, at));
    payload.set_response_status(tlm::TLM_OK_RESPONSE);
}

/// IEEE 1666-2011, 14.12: each `width` bytes of the data are a beat to the same address. Beats are
/// transfers that follow each other.
void Memory::stream(tlm::tlm_generic_payload& payload, unsigned width, sc_core::sc_time& delay) {
    const std::uint8_t* enable = payload.get_byte_enable_ptr();
    const unsigned period = payload.get_byte_enable_length();
    if (enable != nullptr && period == 0) {
        payload.set_response_status(tlm::TLM_BYTE_ENABLE_ERROR_RESPONSE);
        return;
    }
    std::vector<std::uint8_t> enables(enable != nullptr ? width : 0);
    tlm::tlm_generic_payload beat;
    beat.set_command(payload.get_command());
    beat.set_address(payload.get_address());
    auto* const tag = payload.get_extension<TransactionTag>();
    beat.set_extension(tag);
    for (unsigned done = 0; done < payload.get_data_length(); done += width) {
        const unsigned bytes = std::min(width, payload.get_data_length() - done);
        beat.set_data_ptr(payload.get_data_ptr() + done);
        beat.set_data_length(bytes);
        beat.set_streaming_width(bytes);
        for (std::size_t i = 0; i < enables.size(); ++i) {
            enables[i] = enable[(done + i) % period];
        }
        beat.set_byte_enable_ptr(enables.empty() ? nullptr : enables.data());
        beat.set_byte_enable_length(width);
        transfer(beat, delay);
    }
    payload.set_response_status(beat.get_response_status());
    beat.clear_extension(tag);
}

void Memory::deny_direct(std::uint64_t offset, std::uint64_t size) {
    for (std::uint64_t page = offset / page_bytes; page <= (offset + size - 1) / page_bytes;
         ++page) {
        watched_pages_.insert(page);
    }
}

bool Memory::get_direct_mem_ptr(tlm::tlm_generic_payload& payload, tlm::tlm_dmi& dmi) {
    auto* tag = payload.get_extension<DmiTag>();
    const std::uint64_t page = payload.get_address() / page_bytes;
    const bool watched = watched_pages_.contains(page);
    const bool sleeps = env_.power != nullptr && !env_.power->answers(kernel_now());
    if (!grants_direct() || on_unwritten_ || watched || sleeps) {
        if (tag != nullptr) {
            tag->memory = true;
        }
        // IEEE 1666-2011, 11.2.5: a denial tells as well what it is for.
        const bool all = !grants_direct() || on_unwritten_ || sleeps;
        dmi.allow_read_write();
        dmi.set_start_address(all ? 0 : page * page_bytes);
        dmi.set_end_address((all ? config_.size : std::min((page + 1) * page_bytes, config_.size)) -
                            1);
        return false;
    }
    const auto next = watched_pages_.upper_bound(page);
    const std::uint64_t first =
        next == watched_pages_.begin() ? 0 : (*std::prev(next) + 1) * page_bytes;
    written_ = true;
    dmi.set_dmi_ptr(bytes_.get() + first);
    dmi.set_start_address(first);
    dmi.set_end_address((next == watched_pages_.end() ? config_.size : *next * page_bytes) - 1);
    dmi.set_read_latency(sc_core::sc_time::from_value(latency(true, 1)));
    dmi.set_write_latency(sc_core::sc_time::from_value(latency(false, 1)));
    if (config_.writable) {
        dmi.allow_read_write();
    } else {
        dmi.allow_read();
    }
    if (tag != nullptr) {
        tag_direct(*tag);
    }
    return config_.writable || payload.is_read();
}

/// What direct accesses count, and how they take the banks: evenly.
void Memory::tag_direct(DmiTag& tag) {
    tag.stages.push_back({&meter_, read_event, write_event});
    if (banks_.empty()) {
        return;
    }
    tag.book = [this, master = tag.master](Picoseconds from, Picoseconds to,
                                           std::uint64_t accesses) {
        const Picoseconds step = config_.read_step * env_.clock.period();
        Picoseconds waited = 0;
        for (std::size_t i = 0; i < banks_.size() && i < accesses; ++i) {
            const std::uint64_t share = (accesses - i - 1) / banks_.size() + 1;
            banks_[i].advance(kernel_now());
            waited = std::max(waited, banks_[i].spread(master, from, to, share * step));
        }
        waited_ += waited;
        return waited;
    };
}

unsigned Memory::transport_dbg(tlm::tlm_generic_payload& payload) {
    const std::uint64_t offset = payload.get_address();
    if (offset >= config_.size) {
        return 0;
    }
    const auto length = static_cast<unsigned>(
        std::min<std::uint64_t>(payload.get_data_length(), config_.size - offset));
    if (payload.is_read()) {
        std::memcpy(payload.get_data_ptr(), &bytes_[offset], length);
    } else if (payload.is_write()) {
        written_ = true;
        known_.mark(offset, length);
        std::memcpy(&bytes_[offset], payload.get_data_ptr(), length);
    }
    return length;
}

}  // namespace cimera
