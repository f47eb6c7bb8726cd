// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "models/dma/channel.hpp"

#include <algorithm>

namespace cimera::dma {

namespace {

/// First byte of row `row`, beyond 32 bits where the row does not fit the address space.
std::int64_t row_start(std::uint32_t base, std::int32_t stride, std::uint32_t row) {
    return std::int64_t{base} + std::int64_t{stride} * row;
}

bool fits(std::int64_t start, std::uint32_t length) {
    return start >= 0 && start + length <= std::int64_t{1} << 32U;
}

/// Bytes from `address` to the next multiple of `burst`, or down to the last one.
std::uint64_t room_above(std::uint64_t address, unsigned burst) {
    return burst - address % burst;
}
std::uint64_t room_below(std::uint64_t address, unsigned burst) {
    return address % burst == 0 ? burst : address % burst;
}

}  // namespace

void Channel::start(std::uint32_t descriptor) {
    address_ = descriptor;
    written_ = 0;
    completed_ = 0;
    failure_ = {};
    state_ = State::fetch;
}

void Channel::abort() {
    if (stepping_) {
        aborting_ = true;
    } else {
        state_ = State::idle;
    }
}

void Channel::reset() {
    ++generation_;
    state_ = State::idle;
    stepping_ = false;
    aborting_ = false;
    address_ = 0;
    written_ = 0;
    completed_ = 0;
    failure_ = {};
}

std::optional<unsigned> Channel::request() const {
    return state_ == State::move && transfer_.paced ? std::optional(transfer_.request)
                                                    : std::nullopt;
}

Step Channel::step(Bus& bus) {
    const std::uint64_t generation = generation_;
    stepping_ = true;
    Step step = state_ == State::fetch ? fetch(bus) : move(bus);
    if (generation != generation_) {
        return {};
    }
    stepping_ = false;
    if (aborting_) {
        aborting_ = false;
        state_ = State::idle;
        return {step.decoded, step.moved};
    }
    if (failure_.error != Error::none) {
        state_ = State::idle;
        step.failed = true;
    }
    return step;
}

Step Channel::fetch(Bus& bus) {
    const std::uint64_t generation = generation_;
    std::array<std::uint32_t, Descriptor::words> raw{};
    if (address_ % 4 != 0) {
        fail(Error::address, false, address_);
        return {};
    }
    const bool ok = bus.read(address_, reinterpret_cast<std::uint8_t*>(raw.data()), sizeof raw);
    if (generation != generation_) {
        return {};
    }
    if (!ok) {
        fail(Error::bus_descriptor, false, address_);
        return {};
    }
    const Verdict verdict = decode(raw, longest_burst_, transfer_);
    if (verdict.error != Error::none) {
        fail(verdict.error, false, address_ + verdict.offset);
    }
    row_ = 0;
    position_ = 0;
    state_ = State::move;
    return {true};
}

bool Channel::begin_row() {
    const std::int64_t source =
        transfer_.reads_memory() ? row_start(transfer_.source, transfer_.source_stride, row_) : 0;
    const std::int64_t destination =
        transfer_.writes_memory()
            ? row_start(transfer_.destination, transfer_.destination_stride, row_)
            : 0;
    const bool readable = fits(source, transfer_.length);
    if (!readable || !fits(destination, transfer_.length)) {
        fail(Error::wrap, readable, static_cast<std::uint32_t>(readable ? destination : source));
        return false;
    }
    source_row_ = static_cast<std::uint32_t>(source);
    destination_row_ = static_cast<std::uint32_t>(destination);
    // Like memmove: what is still to be read must not be overwritten.
    descending_ = transfer_.kind == Kind::copy && destination > source &&
                  destination < source + transfer_.length;
    return true;
}

Channel::Piece Channel::next_piece() const {
    const std::uint32_t left = transfer_.length - position_;
    const unsigned burst = transfer_.burst;
    const std::uint32_t edge = descending_ ? left : position_;
    const auto room = [this, burst](std::uint64_t address) {
        return descending_ ? room_below(address, burst) : room_above(address, burst);
    };
    std::uint64_t length = std::min<std::uint64_t>(left, burst);
    if (transfer_.reads_memory()) {
        length = std::min(length, room(std::uint64_t{source_row_} + edge));
    }
    if (transfer_.writes_memory()) {
        length = std::min(length, room(std::uint64_t{destination_row_} + edge));
    }
    const auto bytes = static_cast<unsigned>(length);
    const std::uint32_t offset = descending_ ? left - bytes : position_;
    return {source_row_ + offset, destination_row_ + offset, bytes};
}

/// Bytes from the start of the piece that are in the buffer then.
unsigned Channel::load(Bus& bus, const Piece& piece) {
    const std::uint64_t generation = generation_;
    if (transfer_.kind == Kind::fill) {
        for (unsigned i = 0; i < piece.length; ++i) {
            buffer_[i] = static_cast<std::uint8_t>(transfer_.source >> 8 * ((position_ + i) % 4));
        }
        return piece.length;
    }
    const bool device = transfer_.kind == Kind::from_device;
    const unsigned width = device ? transfer_.width : piece.length;
    const std::uint32_t address = device ? transfer_.source : piece.source;
    unsigned done = 0;
    while (done < piece.length) {
        const bool ok = bus.read(address, &buffer_[done], width);
        if (generation != generation_) {
            return 0;
        }
        if (!ok) {
            fail(Error::bus_read, false, address);
            break;
        }
        done += width;
    }
    return done;
}

/// Bytes from the start of the piece that are written then.
unsigned Channel::store(Bus& bus, const Piece& piece, unsigned length) {
    const std::uint64_t generation = generation_;
    const bool device = transfer_.kind == Kind::to_device;
    const unsigned width = device ? transfer_.width : length;
    const std::uint32_t address = device ? transfer_.destination : piece.destination;
    unsigned done = 0;
    while (done < length) {
        const bool ok = bus.write(address, &buffer_[done], width);
        if (generation != generation_) {
            return 0;
        }
        if (!ok) {
            fail(Error::bus_write, true, address);
            break;
        }
        done += width;
    }
    return done;
}

Step Channel::move(Bus& bus) {
    const std::uint64_t generation = generation_;
    if (position_ == 0 && !begin_row()) {
        return {};
    }
    const Piece piece = next_piece();
    const unsigned loaded = load(bus, piece);
    const unsigned stored = store(bus, piece, loaded);
    if (generation != generation_) {
        return {};
    }
    Step step;
    step.moved = stored;
    const std::uint32_t before = written_;
    const std::uint32_t half = transfer_.bytes() - transfer_.bytes() / 2;
    written_ += stored;
    step.half = transfer_.half && before < half && written_ >= half;
    position_ += stored;
    if (position_ == transfer_.length) {
        position_ = 0;
        ++row_;
    }
    if (written_ == transfer_.bytes()) {
        end_descriptor(step);
    }
    return step;
}

void Channel::end_descriptor(Step& step) {
    ++completed_;
    step.done = transfer_.interrupt;
    if (transfer_.link == 0) {
        state_ = State::idle;
        return;
    }
    address_ = transfer_.link;
    written_ = 0;
    state_ = State::fetch;
}

}  // namespace cimera::dma
