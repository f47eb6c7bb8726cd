// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <iostream>

#include <fmt/format.h>

#include "models/common/error.hpp"
#include "platform/console/link.hpp"

namespace cimera::console {

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using Error = boost::system::error_code;

class TcpLink final : public Link {
public:
    explicit TcpLink(std::uint16_t port) {
        const tcp::endpoint place(asio::ip::address_v4::loopback(), port);
        Error error;
        acceptor_.open(place.protocol(), error);
        acceptor_.set_option(tcp::acceptor::reuse_address(true), error);
        acceptor_.bind(place, error);
        if (!error) {
            acceptor_.listen(1, error);
        }
        if (error) {
            throw InputError("--uart", fmt::format("port {}: {}", port, error.message()),
                             "tcp:0 takes any free port");
        }
        acceptor_.non_blocking(true);
        std::cerr << "uart: 127.0.0.1:" << acceptor_.local_endpoint().port() << std::endl;
    }

    [[nodiscard]] bool connected() override {
        if (!client_.is_open()) {
            Error error;
            acceptor_.accept(client_, error);
            if (!error) {
                client_.non_blocking(true);
                client_.set_option(tcp::no_delay(true), error);
            }
        }
        return client_.is_open();
    }
    std::size_t send(std::span<const std::uint8_t> bytes) override {
        Error error;
        const std::size_t sent =
            client_.write_some(asio::buffer(bytes.data(), bytes.size()), error);
        drop_on(error);
        return sent;
    }
    std::size_t receive(std::span<std::uint8_t> bytes) override {
        if (!connected()) {
            return 0;
        }
        Error error;
        const std::size_t got = client_.read_some(asio::buffer(bytes.data(), bytes.size()), error);
        drop_on(error);
        return got;
    }
    [[nodiscard]] std::vector<pollfd> inputs() override {
        return {{connected() ? client_.native_handle() : acceptor_.native_handle(), POLLIN, 0}};
    }
    [[nodiscard]] bool open() const override { return true; }
    [[nodiscard]] bool interactive() const override { return true; }
    void finish() override {
        Error error;
        client_.shutdown(tcp::socket::shutdown_send, error);
    }

private:
    /// A client that has gone makes room for the next one.
    void drop_on(const Error& error) {
        if (error && error != asio::error::would_block && error != asio::error::interrupted) {
            Error ignored;
            client_.close(ignored);
        }
    }

    asio::io_context context_;
    tcp::acceptor acceptor_{context_};
    tcp::socket client_{context_};
};

}  // namespace

std::unique_ptr<Link> tcp_link(std::uint16_t port) {
    return std::make_unique<TcpLink>(port);
}

}  // namespace cimera::console
