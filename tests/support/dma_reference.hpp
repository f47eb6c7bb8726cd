// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <optional>
#include <random>
#include <vector>

#include "models/dma/channel.hpp"
#include "regs/dma_descriptor.hpp"

namespace cimera::test {

/// An address space of the reference: memories with holes between. Bases and sizes are multiples
/// of 256.
struct Space {
    struct Region {
        std::uint32_t base;
        std::vector<std::uint8_t> bytes;
        bool writable = true;
        [[nodiscard]] bool holds(std::uint64_t address) const {
            return address >= base && address - base < bytes.size();
        }
    };
    std::vector<Region> regions;

    [[nodiscard]] std::uint8_t* at(std::uint64_t address, bool write) {
        for (Region& region : regions) {
            if (region.holds(address) && (region.writable || !write)) {
                return &region.bytes[address - region.base];
            }
        }
        return nullptr;
    }
};

/// A descriptor as a test thinks of it.
struct Order {
    dma::Kind kind = dma::Kind::copy;
    std::uint32_t burst_code = 0;
    std::uint32_t source = 0;
    std::uint32_t destination = 0;
    std::uint32_t length = 1;
    std::uint32_t rows = 1;
    std::int32_t source_stride = 0;
    std::int32_t destination_stride = 0;
    bool interrupt = true;
    bool half = false;
    std::uint32_t extra_control = 0;  ///< bits beside those above

    [[nodiscard]] std::array<std::uint32_t, 8> words(std::uint32_t link) const {
        using namespace regs::dma_descriptor;
        const std::uint32_t control =
            CONTROL_KIND::of(static_cast<std::uint32_t>(kind)) | CONTROL_BURST::of(burst_code) |
            CONTROL_INTERRUPT::of(interrupt ? 1 : 0) | CONTROL_HALF::of(half ? 1 : 0);
        return {control | extra_control,
                source,
                destination,
                length,
                rows,
                static_cast<std::uint32_t>(source_stride),
                static_cast<std::uint32_t>(destination_stride),
                link};
    }
};

/// What must have come of a copy or fill.
struct Expected {
    dma::Error error = dma::Error::none;
    bool write = false;
    std::uint32_t address = 0;  ///< of the byte that cannot be read or written
    bool descending = false;    ///< the row that failed went from its end
    std::uint32_t bytes = 0;
    bool half = false;
};

/// The reference: each row is one memmove, up to the first byte that cannot be moved.
class Reference {
public:
    explicit Reference(Space& space) : space_(space) {}

    Expected run(const Order& order) {
        Expected result;
        for (std::uint32_t row = 0; row < order.rows && result.error == dma::Error::none; ++row) {
            run_row(order, row, result);
        }
        const std::uint64_t total = std::uint64_t{order.length} * order.rows;
        result.half = order.half && result.bytes >= (total + 1) / 2;
        return result;
    }

private:
    void run_row(const Order& order, std::uint32_t row, Expected& result) {
        constexpr std::int64_t end_of_space = std::int64_t{1} << 32;
        const bool copies = order.kind == dma::Kind::copy;
        const std::int64_t n = order.length;
        const std::int64_t from = order.source + std::int64_t{order.source_stride} * row;
        const std::int64_t to = order.destination + std::int64_t{order.destination_stride} * row;
        if (copies && (from < 0 || from + n > end_of_space)) {
            result = {dma::Error::wrap, false, static_cast<std::uint32_t>(from), false,
                      result.bytes,     false};
            return;
        }
        if (to < 0 || to + n > end_of_space) {
            result = {dma::Error::wrap, true, static_cast<std::uint32_t>(to), false,
                      result.bytes,     false};
            return;
        }
        const bool descending = copies && to > from && to < from + n;
        std::vector<std::uint8_t> moved;  // in the order of moving
        for (std::int64_t k = 0; k < n && result.error == dma::Error::none; ++k) {
            const std::int64_t i = descending ? n - 1 - k : k;
            const std::uint8_t* source =
                copies ? space_.at(static_cast<std::uint64_t>(from + i), false) : nullptr;
            if (copies && source == nullptr) {
                result.error = dma::Error::bus_read;
                result.address = static_cast<std::uint32_t>(from + i);
            } else if (space_.at(static_cast<std::uint64_t>(to + i), true) == nullptr) {
                result.error = dma::Error::bus_write;
                result.write = true;
                result.address = static_cast<std::uint32_t>(to + i);
            } else {
                moved.push_back(copies ? *source
                                       : static_cast<std::uint8_t>(order.source >> 8 * (i % 4)));
            }
        }
        result.descending = descending;
        for (std::size_t k = 0; k < moved.size(); ++k) {
            const std::int64_t i =
                descending ? n - 1 - static_cast<std::int64_t>(k) : static_cast<std::int64_t>(k);
            *space_.at(static_cast<std::uint64_t>(to + i), true) = moved[k];
        }
        result.bytes += static_cast<std::uint32_t>(moved.size());
    }

    Space& space_;
};

/// Random copies and fills in `space`: all alignments, overlap, rows in both directions, ends of
/// memories, read-only ones, holes, and the end of the address space.
class RandomOrders {
public:
    RandomOrders(std::uint64_t seed, const Space& space, std::uint32_t longest_burst_code)
        : random_(seed), space_(space), longest_burst_code_(longest_burst_code) {}

    Order next() {
        Order order;
        order.kind = chance(4) ? dma::Kind::fill : dma::Kind::copy;
        order.burst_code = below(longest_burst_code_ + 1);
        order.length = 1 + below(chance(4) ? 700 : 70);
        order.rows = chance(3) ? 1 + below(6) : 1;
        order.half = chance(2);
        order.interrupt = !chance(4);
        order.source_stride = stride(order.length);
        order.destination_stride = chance(2) ? order.source_stride : stride(order.length);
        order.source = chance(2) || order.kind == dma::Kind::copy ? place() : below(~0U);
        order.destination =
            chance(2) ? place() : order.source - order.length + below(2 * order.length);
        return order;
    }
    std::uint32_t below(std::uint32_t bound) {
        return static_cast<std::uint32_t>(random_() % bound);
    }
    bool chance(std::uint32_t one_in) { return below(one_in) == 0; }

private:
    /// Mostly well inside a memory, sometimes around its ends.
    std::uint32_t place() {
        const Space::Region& region =
            space_
                .regions[chance(3) ? below(static_cast<std::uint32_t>(space_.regions.size())) : 0];
        const auto size = static_cast<std::uint32_t>(region.bytes.size());
        if (chance(4)) {
            const std::uint32_t edge = chance(2) ? region.base : region.base + size;
            return edge - 100 + below(200);
        }
        return region.base + below(size);
    }
    std::int32_t stride(std::uint32_t length) {
        const auto step = static_cast<std::int32_t>(below(2 * length + 40));
        return chance(3) ? -step : step;
    }

    std::mt19937_64 random_;
    const Space& space_;
    std::uint32_t longest_burst_code_;
};

}  // namespace cimera::test
