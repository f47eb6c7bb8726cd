// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "models/dma/descriptor.hpp"

#include "regs/dma_descriptor.hpp"

namespace cimera::dma {

using namespace regs::dma_descriptor;

namespace {

constexpr std::uint32_t known_bits =
    CONTROL_KIND::mask | CONTROL_WIDTH::mask | CONTROL_BURST::mask | CONTROL_PACED::mask |
    CONTROL_REQUEST::mask | CONTROL_INTERRUPT::mask | CONTROL_HALF::mask;

/// Elements of a device lie at multiples of their width, in memory too.
Verdict check_elements(const Descriptor& d) {
    if (d.source % d.width != 0) {
        return {Error::element, SOURCE};
    }
    if (d.destination % d.width != 0) {
        return {Error::element, DESTINATION};
    }
    if (d.length % d.width != 0) {
        return {Error::element, LENGTH};
    }
    const bool from = d.kind == Kind::from_device;
    const std::int32_t stride = from ? d.destination_stride : d.source_stride;
    if (stride % static_cast<std::int32_t>(d.width) != 0) {
        return {Error::element, from ? DESTINATION_STRIDE : SOURCE_STRIDE};
    }
    return {};
}

}  // namespace

const char* describe(Error error) {
    switch (error) {
        case Error::none:
            return "no error";
        case Error::address:
            return "the descriptor's address is not a multiple of 4";
        case Error::reserved:
            return "reserved bits are set";
        case Error::length:
            return "LENGTH or ROWS is zero, or their product is 4 GiB or more";
        case Error::element:
            return "unknown WIDTH, or address, LENGTH or stride that is no multiple of it";
        case Error::burst:
            return "BURST is longer than the DMA's or shorter than an element";
        case Error::request:
            return "PACED or REQUEST without a device";
        case Error::wrap:
            return "a row reaches past the end of the address space";
        case Error::bus_descriptor:
            return "bus error on the descriptor";
        case Error::bus_read:
            return "bus error on a read";
        case Error::bus_write:
            return "bus error on a write";
    }
    return "";
}

Verdict decode(const std::array<std::uint32_t, Descriptor::words>& raw, unsigned longest_burst,
               Descriptor& d) {
    const auto word = [&raw](std::uint32_t offset) { return raw[offset / 4]; };
    const std::uint32_t control = word(CONTROL);
    if ((control & ~known_bits) != 0) {
        return {Error::reserved, CONTROL};
    }
    d.kind = static_cast<Kind>(CONTROL_KIND::get(control));
    d.paced = CONTROL_PACED::get(control) != 0;
    d.request = CONTROL_REQUEST::get(control);
    d.interrupt = CONTROL_INTERRUPT::get(control) != 0;
    d.half = CONTROL_HALF::get(control) != 0;
    d.source = word(SOURCE);
    d.destination = word(DESTINATION);
    d.length = word(LENGTH);
    d.rows = word(ROWS);
    d.source_stride = static_cast<std::int32_t>(word(SOURCE_STRIDE));
    d.destination_stride = static_cast<std::int32_t>(word(DESTINATION_STRIDE));
    d.link = word(LINK);

    const bool device = d.kind == Kind::from_device || d.kind == Kind::to_device;
    const std::uint32_t width = CONTROL_WIDTH::get(control);
    const std::uint32_t burst = CONTROL_BURST::get(control);
    if (d.length == 0) {
        return {Error::length, LENGTH};
    }
    if (d.rows == 0 || std::uint64_t{d.length} * d.rows >> 32U != 0) {
        return {Error::length, ROWS};
    }
    if (width > 2 || (!device && width != 0)) {
        return {Error::element, CONTROL};
    }
    d.width = 1U << width;
    d.burst = burst == 0 ? longest_burst : 1U << (burst - 1);
    if (d.burst > longest_burst || d.burst < d.width) {
        return {Error::burst, CONTROL};
    }
    if ((d.paced && !device) || (!d.paced && d.request != 0)) {
        return {Error::request, CONTROL};
    }
    return device ? check_elements(d) : Verdict{};
}

}  // namespace cimera::dma
