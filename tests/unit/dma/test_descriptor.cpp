// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include <catch2/catch.hpp>

#include "tests/support/dma_reference.hpp"

namespace cimera {
namespace {

using namespace regs::dma_descriptor;
using dma::Error;
using dma::Kind;
using test::Order;

Error illegal(const Order& order, std::uint32_t& offset) {
    dma::Descriptor descriptor;
    const dma::Verdict verdict = dma::decode(order.words(0), 64, descriptor);
    offset = verdict.offset;
    return verdict.error;
}

}  // namespace

TEST_CASE("dma: illegal descriptors are told by code and word", "[dma]") {
    struct Row {
        Order order;
        Error error;
        std::uint32_t offset;
    };
    const auto with = [](auto change) {
        Order order{.source = 0x100, .destination = 0x200, .length = 16};
        change(order);
        return order;
    };
    const auto device_order = [&with](Kind kind, std::uint32_t width, auto change) {
        return with([&](Order& o) {
            o.kind = kind;
            o.extra_control = CONTROL_WIDTH::of(width);
            change(o);
        });
    };
    const auto nothing = [](Order&) {};
    const std::vector<Row> rows = {
        {with(nothing), Error::none, 0},
        {with([](Order& o) { o.extra_control = 1U << 31; }), Error::reserved, CONTROL},
        {with([](Order& o) { o.extra_control = 1U << 6; }), Error::reserved, CONTROL},
        {with([](Order& o) { o.length = 0; }), Error::length, LENGTH},
        {with([](Order& o) { o.rows = 0; }), Error::length, ROWS},
        {with([](Order& o) { o.length = o.rows = 0x10000; }), Error::length, ROWS},
        {with([](Order& o) { o.length = 0xffff, o.rows = 0x10000; }), Error::none, 0},
        {with([](Order& o) { o.extra_control = CONTROL_WIDTH::of(1); }), Error::element, CONTROL},
        {with([](Order& o) { o.burst_code = 7; }), Error::none, 0},
        {with([](Order& o) { o.burst_code = 8; }), Error::burst, CONTROL},
        {with([](Order& o) { o.burst_code = 15; }), Error::burst, CONTROL},
        {with([](Order& o) { o.extra_control = CONTROL_PACED::mask; }), Error::request, CONTROL},
        {with([](Order& o) { o.extra_control = CONTROL_REQUEST::of(3); }), Error::request, CONTROL},
        {device_order(Kind::from_device, 2, nothing), Error::none, 0},
        {device_order(Kind::from_device, 3, nothing), Error::element, CONTROL},
        {device_order(Kind::from_device, 2, [](Order& o) { o.source += 2; }), Error::element,
         SOURCE},
        {device_order(Kind::to_device, 1, [](Order& o) { o.destination += 1; }), Error::element,
         DESTINATION},
        {device_order(Kind::to_device, 2, [](Order& o) { o.length = 18; }), Error::element, LENGTH},
        {device_order(Kind::to_device, 2, [](Order& o) { o.source_stride = -6; }), Error::element,
         SOURCE_STRIDE},
        {device_order(Kind::from_device, 2, [](Order& o) { o.destination_stride = 6; }),
         Error::element, DESTINATION_STRIDE},
        {device_order(Kind::from_device, 2, [](Order& o) { o.burst_code = 2; }), Error::burst,
         CONTROL},
        {device_order(Kind::from_device, 2,
                      [](Order& o) { o.extra_control |= CONTROL_REQUEST::of(3); }),
         Error::request, CONTROL},
    };
    for (const Row& row : rows) {
        INFO("row " << &row - rows.data());
        std::uint32_t offset = 0;
        CHECK(illegal(row.order, offset) == row.error);
        CHECK(offset == row.offset);
    }
}

}  // namespace cimera
