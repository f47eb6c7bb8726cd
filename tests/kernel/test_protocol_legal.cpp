// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include <deque>

#include <catch2/catch.hpp>

#include "models/common/random.hpp"
#include "tests/support/protocol_bench.hpp"

// What IEEE 1666-2011 allows passes the checker unseen and unchanged.

namespace cimera {

using test::answer;
using test::complete;
using test::Nonblocking;
using test::ProtocolBench;
using test::Request;
using tlm::BEGIN_REQ;
using tlm::BEGIN_RESP;
using tlm::END_REQ;
using tlm::END_RESP;

namespace {

TLM_DECLARE_EXTENDED_PHASE(halfway);

}  // namespace

TEST_CASE("protocol: b_transport passes with what it may do", "[protocol]") {
    ProtocolBench b;
    b.target.on_blocking = [](auto& payload, auto& delay) {
        payload.set_response_status(tlm::TLM_OK_RESPONSE);
        payload.set_dmi_allowed(true);
        payload.get_data_ptr()[0] = 42;
        delay += sc_core::sc_time::from_value(70);
    };
    sc_core::sc_time delay = sc_core::sc_time::from_value(30);
    b.initiator.bus->b_transport(b.request.payload, delay);
    CHECK(delay.value() == 100);
    CHECK(b.request.data[0] == 42);
    CHECK(b.request.payload.is_dmi_allowed());
    // Errors are answers; data of a failed read are anything.
    for (const auto status : {tlm::TLM_GENERIC_ERROR_RESPONSE, tlm::TLM_ADDRESS_ERROR_RESPONSE,
                              tlm::TLM_COMMAND_ERROR_RESPONSE, tlm::TLM_BURST_ERROR_RESPONSE,
                              tlm::TLM_BYTE_ENABLE_ERROR_RESPONSE}) {
        b.target.on_blocking = [status](auto& payload, auto&) {
            payload.get_data_ptr()[1] = 1;
            payload.set_response_status(status);
        };
        b.request.renew();
        b.transport();
        CHECK(b.request.payload.get_response_status() == status);
    }
    // Without transfer, neither bytes nor a pointer.
    b.target.on_blocking = [](auto& payload, auto&) {
        payload.set_response_status(tlm::TLM_OK_RESPONSE);
    };
    b.request.renew(tlm::TLM_IGNORE_COMMAND);
    b.request.payload.set_data_ptr(nullptr);
    b.request.payload.set_data_length(0);
    b.transport();
    // Streaming, byte enables, no manager.
    b.request.renew(tlm::TLM_WRITE_COMMAND);
    b.request.payload.set_streaming_width(2);
    b.request.enable_bytes(2);
    b.request.payload.set_mm(nullptr);
    b.transport();
    b.expect_nothing();
    CHECK(b.checker.transactions() == 8);
}

TEST_CASE("protocol: b_transport may wait, and others come meanwhile", "[protocol]") {
    ProtocolBench b;
    b.target.on_blocking = [](auto& payload, auto& delay) {
        sc_core::wait(delay + sc_core::sc_time::from_value(500));
        delay = sc_core::SC_ZERO_TIME;
        payload.set_response_status(tlm::TLM_OK_RESPONSE);
    };
    std::deque<Request> requests(3);
    for (Request& request : requests) {
        sc_core::sc_spawn([&b, &request] {
            b.transport(request, 100);
            request.renew();
            b.transport(request);
        });
    }
    sc_core::sc_start(sc_core::sc_time::from_value(10'000));
    CHECK(b.checker.transactions() == 6);
    b.expect_nothing();
}

TEST_CASE("protocol: every way through the phases passes", "[protocol]") {
    ProtocolBench b;
    Picoseconds at = 0;
    // How the target answers BEGIN_REQ; whether it sends END_REQ by a call of its own; how the
    // initiator answers BEGIN_RESP; how the target answers END_RESP; a phase of nobody's between.
    for (const Nonblocking& first : {answer(tlm::TLM_ACCEPTED), answer(END_REQ, 5),
                                     answer(BEGIN_RESP, 7), answer(halfway, 1), complete(9)}) {
        for (const bool end_request : {false, true}) {
            for (const Nonblocking& taken : {answer(tlm::TLM_ACCEPTED), answer(END_RESP, 3),
                                             complete(2), answer(halfway, 1)}) {
                for (const Nonblocking& last : {answer(tlm::TLM_ACCEPTED), complete()}) {
                    for (const bool strange : {false, true}) {
                        b.request.renew(tlm::TLM_WRITE_COMMAND);
                        tlm::tlm_phase phase = BEGIN_REQ;
                        at += 1000;
                        sc_core::sc_time delay = sc_core::sc_time::from_value(at);
                        b.target.on_forward = first;
                        b.initiator.on_backward = answer(tlm::TLM_ACCEPTED);
                        const auto sync =
                            b.initiator.bus->nb_transport_fw(b.request.payload, phase, delay);
                        if (sync == tlm::TLM_COMPLETED) {
                            continue;
                        }
                        if (strange) {
                            b.target.on_forward = answer(tlm::TLM_ACCEPTED);
                            b.forward(b.request, halfway, at + 20);
                            b.backward(b.request, halfway, at + 20);
                        }
                        if (phase != BEGIN_RESP) {
                            if (end_request && phase != END_REQ) {
                                b.backward(b.request, END_REQ, at + 30);
                            }
                            b.initiator.on_backward = taken;
                            phase = BEGIN_RESP;
                            b.request.payload.set_response_status(tlm::TLM_OK_RESPONSE);
                            delay = sc_core::sc_time::from_value(at + 40);
                            const auto ended =
                                b.target.bus->nb_transport_bw(b.request.payload, phase, delay);
                            if (ended == tlm::TLM_COMPLETED || phase == END_RESP) {
                                continue;
                            }
                        }
                        b.target.on_forward = last;
                        b.forward(b.request, END_RESP, at + 50);
                        b.expect_nothing();
                    }
                }
            }
        }
    }
    b.expect_nothing();
    CHECK(b.checker.transactions() == 5 * 2 * 4 * 2 * 2);
}

TEST_CASE("protocol: requests follow each other before responses, in any order", "[protocol]") {
    ProtocolBench b;
    std::deque<Request> requests(4);
    b.target.on_forward = answer(END_REQ);
    for (Request& request : requests) {
        b.forward(request, BEGIN_REQ, 10);
    }
    b.target.on_forward = answer(tlm::TLM_ACCEPTED);
    for (const std::size_t i : {2U, 0U, 3U, 1U}) {
        b.backward(requests[i], BEGIN_RESP, 20);
        b.forward(requests[i], END_RESP, 20);
    }
    // A request while a response lasts, and the other way round.
    requests[0].renew();
    requests[1].renew();
    b.forward(requests[0], BEGIN_REQ, 30);
    b.backward(requests[0], BEGIN_RESP, 30);  // END_REQ goes without saying
    b.forward(requests[1], BEGIN_REQ, 30);
    b.forward(requests[0], END_RESP, 40);
    b.backward(requests[1], BEGIN_RESP, 30);  // each transaction has its own time
    b.expect_nothing();
}

TEST_CASE("protocol: the next request from within END_REQ passes", "[protocol]") {
    ProtocolBench b;
    Request second;
    b.initiator.on_backward = [&b, &second](auto&, auto& phase, auto&) {
        if (phase == END_REQ) {
            b.forward(second, BEGIN_REQ);
        }
        return tlm::TLM_ACCEPTED;
    };
    b.forward(b.request, BEGIN_REQ);
    b.backward(b.request, END_REQ);
    b.expect_nothing();
}

TEST_CASE("protocol: a payload is used again after its end, on both interfaces", "[protocol]") {
    ProtocolBench b;
    for (int n = 0; n < 3; ++n) {
        b.request.renew();
        b.transport();
        b.request.renew();
        b.target.on_forward = complete();
        b.forward(b.request, BEGIN_REQ);
    }
    b.expect_nothing();
    CHECK(b.checker.transactions() == 6);
}

namespace {

/// A target with b_transport only: its socket speaks nb_transport for it.
struct Converted : sc_core::sc_module {
    tlm_utils::simple_target_socket<Converted> bus{"bus"};
    explicit Converted(const sc_core::sc_module_name& name) : sc_module(name) {
        bus.register_b_transport(this, &Converted::b_transport);
    }
    void b_transport(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay) {
        delay += sc_core::sc_time::from_value(20 + 10 * (payload.get_address() % 3));
        payload.set_response_status(tlm::TLM_OK_RESPONSE);
    }
};

/// Sends requests one after another and ends each response in a way that chance chooses.
struct Sender : sc_core::sc_module {
    tlm_utils::simple_initiator_socket<Sender> bus{"bus"};
    std::deque<Request> requests = std::deque<Request>(8);
    std::deque<Request*> idle;
    unsigned done = 0;
    std::uint64_t draws = 0;
    sc_core::sc_event end_request;
    sc_core::sc_event free_request;
    tlm::tlm_generic_payload* late = nullptr;  // its END_RESP comes later
    sc_core::sc_event end_response;

    explicit Sender(const sc_core::sc_module_name& name) : sc_module(name) {
        bus.register_nb_transport_bw(this, &Sender::nb_transport_bw);
        for (Request& request : requests) {
            idle.push_back(&request);
        }
        sc_core::sc_spawn([this] { send(); }, "send");
        sc_core::sc_spawn([this] { finish(); }, "finish");
    }
    unsigned draw(unsigned choices) { return Random(1, "sender").below(choices, 0, 0, draws++); }
    void release(tlm::tlm_generic_payload& payload) {
        ++done;
        for (Request& request : requests) {
            if (&request.payload == &payload) {
                idle.push_back(&request);
            }
        }
        free_request.notify(sc_core::SC_ZERO_TIME);
    }
    void send() {
        for (unsigned n = 0; n < 500; ++n) {
            while (idle.empty()) {
                sc_core::wait(free_request);
            }
            Request& request = *idle.front();
            idle.pop_front();
            request.renew();
            request.payload.set_address(n);
            tlm::tlm_phase phase = BEGIN_REQ;
            sc_core::sc_time delay = sc_core::sc_time::from_value(draw(30));
            const tlm::tlm_sync_enum sync = bus->nb_transport_fw(request.payload, phase, delay);
            if (sync == tlm::TLM_ACCEPTED) {
                sc_core::wait(end_request);
            }
        }
    }
    tlm::tlm_sync_enum nb_transport_bw(tlm::tlm_generic_payload& payload, tlm::tlm_phase& phase,
                                       sc_core::sc_time& delay) {
        end_request.notify(sc_core::SC_ZERO_TIME);
        if (phase == END_REQ) {
            return tlm::TLM_ACCEPTED;
        }
        delay += sc_core::sc_time::from_value(0);
        switch (draw(3)) {
            case 0:
                release(payload);
                return tlm::TLM_COMPLETED;
            case 1:
                release(payload);
                phase = END_RESP;
                return tlm::TLM_UPDATED;
            default:
                late = &payload;
                end_response.notify(delay + sc_core::sc_time::from_value(draw(50)));
                return tlm::TLM_ACCEPTED;
        }
    }
    void finish() {
        for (;;) {
            sc_core::wait(end_response);
            tlm::tlm_phase phase = END_RESP;
            sc_core::sc_time delay = sc_core::SC_ZERO_TIME;
            bus->nb_transport_fw(*late, phase, delay);
            release(*late);
        }
    }
};

}  // namespace

TEST_CASE("protocol: the phases of tlm_utils' own sockets pass", "[protocol]") {
    struct : protocol::Listener {
        void violated(const protocol::Violation& v) override { text = protocol::to_text(v); }
        std::string text;
    } listener;
    Sender sender("sender");
    Converted target("target");
    ProtocolChecker checker("checker", "sender", "target", listener);
    sender.bus.bind(checker.from);
    checker.to.bind(target.bus);
    sc_core::sc_start(sc_core::sc_time::from_value(1'000'000));
    CHECK(listener.text.empty());
    INFO(listener.text);
    CHECK(sender.done == 500);
    CHECK(checker.transactions() == 500);
}

}  // namespace cimera
