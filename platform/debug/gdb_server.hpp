// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <csignal>
#include <cstdint>
#include <memory>
#include <string>

#include "platform/debug/gdb_stub.hpp"

namespace cimera::debug {

/// Serves one debugger at a time on a TCP port of this machine. Everything happens inside poll()
/// and halt(), on the simulation's own thread.
class GdbServer {
public:
    /// Port 0: any free one. A port that cannot be had is an InputError.
    GdbServer(std::uint16_t port, DebugTarget target);
    ~GdbServer();
    GdbServer(const GdbServer&) = delete;
    GdbServer& operator=(const GdbServer&) = delete;

    [[nodiscard]] std::uint16_t port() const;
    [[nodiscard]] bool attached() const;
    /// While the firmware runs: whether the debugger wants it to stop. Never waits.
    [[nodiscard]] bool poll();
    /// The core stands: tells the debugger why and serves it until the core shall go on. Waits for
    /// a debugger where there is none. `interrupted` (may be null) ends it as a kill.
    [[nodiscard]] Resume halt(const std::string& why,
                              const volatile std::sig_atomic_t* interrupted);
    /// The run has ended with this exit status.
    void end(int status);

private:
    class Link;
    std::unique_ptr<Link> link_;
    GdbStub stub_;
    bool running_ = false;  ///< the debugger waits for a stop reply
};

}  // namespace cimera::debug
