// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "platform/debug/gdb_server.hpp"

#include <algorithm>
#include <array>
#include <boost/asio.hpp>
#include <chrono>
#include <deque>

#include <fmt/format.h>

#include "models/common/error.hpp"
#include "platform/debug/rsp_packet.hpp"

namespace cimera::debug {

namespace {

using boost::asio::ip::tcp;
using Error = boost::system::error_code;

constexpr std::size_t read_bytes = 4096;
constexpr std::size_t most_unsent = 1U << 20;
constexpr std::size_t most_unserved = 1024;
constexpr auto patience = std::chrono::milliseconds(20);
constexpr int farewell_steps = 50;

}  // namespace

/// Connections and bytes: asynchronous, so that neither a silent nor a flooding peer blocks.
class GdbServer::Link {
public:
    explicit Link(std::uint16_t port) : acceptor_(context_) {
        const tcp::endpoint local(boost::asio::ip::address_v4::loopback(), port);
        Error error;
        acceptor_.open(local.protocol(), error);
        acceptor_.set_option(tcp::acceptor::reuse_address(true), error);
        acceptor_.bind(local, error);
        if (!error) {
            acceptor_.listen(tcp::acceptor::max_listen_connections, error);
        }
        if (error) {
            throw InputError("--gdb",
                             fmt::format("port {} cannot be had: {}", port, error.message()),
                             "port 0 takes any free one, and says which");
        }
        accept();
    }

    [[nodiscard]] std::uint16_t port() const { return acceptor_.local_endpoint().port(); }
    [[nodiscard]] bool connected() const { return peer_ != nullptr; }
    /// True once after a debugger came or went.
    [[nodiscard]] bool take_change() { return std::exchange(changed_, false); }

    void poll() {
        context_.restart();
        context_.poll();
    }
    void wait() {
        context_.restart();
        context_.run_one_for(patience);
    }

    [[nodiscard]] bool has_event() const { return peer_ && !peer_->events.empty(); }
    [[nodiscard]] RspEvent take_event() {
        RspEvent event = std::move(peer_->events.front());
        peer_->events.pop_front();
        return event;
    }
    /// Takes an interrupt, also from behind packets, which are served once the core stands.
    [[nodiscard]] bool take_interrupt() {
        if (!peer_) {
            return false;
        }
        std::deque<RspEvent>& events = peer_->events;
        const auto found = std::find_if(events.begin(), events.end(), [](const RspEvent& event) {
            return event.kind == RspEvent::Kind::interrupt;
        });
        const bool interrupt = found != events.end();
        if (interrupt) {
            events.erase(found);
        }
        std::erase_if(events, [](const RspEvent& event) {
            return event.kind == RspEvent::Kind::ack || event.kind == RspEvent::Kind::nack;
        });
        return interrupt;
    }

    void send_packet(std::string_view payload) {
        if (peer_) {
            peer_->last = encode_packet(payload);
            send(peer_->last);
        }
    }
    void send_again() { send(std::string(peer_->last)); }
    void send(const std::string& bytes) {
        peer_->unsent += bytes;
        if (peer_->unsent.size() > most_unsent) {
            close();
        } else if (peer_->sending.empty()) {
            write(peer_);
        }
    }
    void close() {
        if (peer_) {
            Error ignored;
            peer_->socket.close(ignored);
            peer_.reset();
            changed_ = true;
            accept();
        }
    }
    /// Closes once everything is sent, or nothing more gets through.
    void finish() {
        for (int i = 0; i < farewell_steps && peer_ && !peer_->sending.empty(); ++i) {
            wait();
        }
        close();
    }

private:
    struct Peer {
        explicit Peer(tcp::socket connected) : socket(std::move(connected)) {}
        tcp::socket socket;
        std::array<char, read_bytes> buffer{};
        RspParser parser;
        std::deque<RspEvent> events;
        std::string last;     // packet, for a peer that did not get it
        std::string sending;  // under way
        std::string unsent;
    };
    // Handlers own the peer they were started for: one that is closed lives until they are called.
    using PeerPtr = std::shared_ptr<Peer>;

    void accept() {
        acceptor_.async_accept([this](const Error& error, tcp::socket socket) {
            if (error) {
                return;
            }
            Error ignored;
            socket.set_option(tcp::no_delay(true), ignored);
            peer_ = std::make_shared<Peer>(std::move(socket));
            changed_ = true;
            read(peer_);
        });
    }
    void read(const PeerPtr& peer) {
        peer->socket.async_read_some(
            boost::asio::buffer(peer->buffer), [this, peer](const Error& error, std::size_t count) {
                if (peer != peer_) {
                    return;
                }
                if (error || peer->events.size() > most_unserved) {
                    close();
                    return;
                }
                for (RspEvent& event : peer->parser.feed({peer->buffer.data(), count})) {
                    peer->events.push_back(std::move(event));
                }
                read(peer);
            });
    }
    void write(const PeerPtr& peer) {
        peer->sending = std::exchange(peer->unsent, {});
        boost::asio::async_write(peer->socket, boost::asio::buffer(peer->sending),
                                 [this, peer](const Error& error, std::size_t) {
                                     peer->sending.clear();
                                     if (peer == peer_ && !error && !peer->unsent.empty()) {
                                         write(peer);
                                     }
                                 });
    }

    boost::asio::io_context context_;
    tcp::acceptor acceptor_;
    PeerPtr peer_;
    bool changed_ = false;
};

GdbServer::GdbServer(std::uint16_t port, DebugTarget target)
    : link_(std::make_unique<Link>(port)), stub_(std::move(target)) {}

GdbServer::~GdbServer() = default;

std::uint16_t GdbServer::port() const {
    return link_->port();
}

bool GdbServer::attached() const {
    return link_->connected();
}

bool GdbServer::poll() {
    link_->poll();
    if (link_->take_change()) {
        running_ = false;
        stub_.restart();
        return link_->connected();
    }
    return link_->take_interrupt();
}

Resume GdbServer::halt(const std::string& why, const volatile std::sig_atomic_t* interrupted) {
    stub_.stopped(why);
    if (std::exchange(running_, false)) {
        link_->send_packet(why);
    }
    while (interrupted == nullptr || *interrupted == 0) {
        if (!link_->has_event()) {
            link_->wait();
        }
        if (link_->take_change()) {
            stub_.restart();
        }
        if (!link_->has_event()) {
            continue;
        }
        const RspEvent event = link_->take_event();
        if (event.kind == RspEvent::Kind::nack) {
            link_->send_again();
        }
        const bool packet = event.kind == RspEvent::Kind::packet;
        if (!packet && event.kind != RspEvent::Kind::corrupt) {
            continue;
        }
        if (!stub_.without_acks()) {
            link_->send(packet ? "+" : "-");
        }
        if (!packet) {
            continue;
        }
        const GdbStub::Answer answer = stub_.handle(event.payload);
        if (answer.reply) {
            link_->send_packet(*answer.reply);
        }
        if (answer.resume == Resume::detach) {
            link_->finish();
            (void)link_->take_change();
            stub_.restart();
        }
        if (answer.resume != Resume::none) {
            running_ = answer.resume == Resume::run || answer.resume == Resume::step;
            link_->poll();  // what is to be sent goes out before the core runs
            return answer.resume;
        }
    }
    return Resume::kill;
}

void GdbServer::end(int status) {
    if (running_) {
        link_->send_packet(fmt::format("W{:02x}", static_cast<unsigned>(status) & 0xffU));
    }
    link_->finish();
}

}  // namespace cimera::debug
