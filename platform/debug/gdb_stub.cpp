// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "platform/debug/gdb_stub.hpp"

#include <algorithm>
#include <cstring>

#include <fmt/format.h>

#include "platform/debug/registers.hpp"
#include "platform/debug/rsp_packet.hpp"
#include "platform/debug/target_xml.hpp"

namespace cimera::debug {

namespace {

// Numbers of errno, as QEMU's stub sends them.
constexpr const char* ok = "OK";
constexpr const char* no_such = "E14";      // EFAULT: no memory, no register
constexpr const char* bad_request = "E22";  // EINVAL
constexpr const char* too_many = "E28";     // ENOSPC
constexpr std::size_t most_points = 1024;

cpu::Watch watch_of(char type, std::uint32_t address, std::uint32_t length) {
    const std::uint32_t last = address + std::min(length - 1, ~address);
    return {address, last, type != '2', type != '3'};
}

/// Four bytes of the target, which has the order of ours.
std::uint32_t word_at(const std::uint8_t* bytes) {
    std::uint32_t word = 0;
    std::memcpy(&word, bytes, sizeof word);
    return word;
}

}  // namespace

std::string stop_reply(Signal signal, const std::optional<cpu::Watch>& watch) {
    std::string reply = fmt::format("T{:02x}thread:01;", static_cast<unsigned>(signal));
    if (watch) {
        const char* kind = "awatch";
        if (!watch->on_read) {
            kind = "watch";
        } else if (!watch->on_write) {
            kind = "rwatch";
        }
        reply += fmt::format("{}:{:x};", kind, watch->first);
    }
    return reply;
}

void GdbStub::restart() {
    without_acks_ = false;
    for (const Point& point : std::exchange(points_, {})) {
        remove_from_hart(point);
    }
}

GdbStub::Answer GdbStub::handle(std::string_view packet) {
    if (packet.empty()) {
        return {""};
    }
    const char command = packet.front();
    const std::string_view rest = packet.substr(1);
    switch (command) {
        case '?':
            return {stop_};
        case '!':
        case 'H':
        case 'T':
            return {ok};
        case 'g':
            return {read_all()};
        case 'G':
            return {write_all(rest)};
        case 'p':
            return {read_one(rest)};
        case 'P':
            return {write_one(rest)};
        case 'm':
            return {read_memory(rest)};
        case 'M':
            return {write_memory(rest, true)};
        case 'X':
            return {write_memory(rest, false)};
        case 'Z':
            return {insert(rest)};
        case 'z':
            return {remove(rest)};
        case 'c':
            return resume(rest, Resume::run);
        case 's':
            return resume(rest, Resume::step);
        case 'C':
        case 'S': {
            // The firmware knows no signals: their number is dropped.
            const std::size_t address = rest.find(';');
            return resume(address == std::string_view::npos ? "" : rest.substr(address + 1),
                          command == 'C' ? Resume::run : Resume::step);
        }
        case 'D':
            return {ok, Resume::detach};
        case 'k':
            return {std::nullopt, Resume::kill};
        case 'R':
            target_.reset();
            return {std::nullopt};
        case 'q':
        case 'Q':
            return query(packet);
        case 'v':
            return command_v(packet);
        default:
            return {""};
    }
}

GdbStub::Answer GdbStub::query(std::string_view packet) {
    if (packet.starts_with("qSupported")) {
        return {
            fmt::format("PacketSize={:x};QStartNoAckMode+;vContSupported+;"
                        "qXfer:features:read+;qXfer:memory-map:read+",
                        packet_bytes)};
    }
    if (packet == "QStartNoAckMode") {
        without_acks_ = true;
        return {ok};
    }
    if (packet.starts_with("qAttached")) {
        return {"1"};  // a debugger that leaves detaches, and the run goes on
    }
    if (packet == "qC") {
        return {"QC01"};
    }
    if (packet == "qfThreadInfo") {
        return {"m01"};
    }
    if (packet == "qsThreadInfo") {
        return {"l"};
    }
    if (take(packet, "qXfer:")) {
        return transfer(packet);
    }
    if (take(packet, "qRcmd,")) {
        const auto bytes = from_hex(packet);
        if (!bytes) {
            return {bad_request};
        }
        const std::string text = target_.monitor({bytes->begin(), bytes->end()});
        return {text.empty() ? std::string(ok) : to_hex(text)};
    }
    return {""};
}

/// OBJECT:read:ANNEX:OFFSET,LENGTH
GdbStub::Answer GdbStub::transfer(std::string_view request) {
    std::string document;
    if (take(request, "features:read:target.xml:")) {
        document = target_xml(target_.hart);
    } else if (take(request, "memory-map:read::")) {
        document = memory_map_xml(target_.map);
    } else {
        return {request.starts_with("features:read:") ? "E00" : ""};
    }
    const auto offset = take_number(request);
    const bool comma = take(request, ",");
    const auto length = take_number(request);
    if (!offset || !comma || !length || !request.empty()) {
        return {bad_request};
    }
    if (*offset >= document.size()) {
        return {"l"};
    }
    // Escapes may double what is sent.
    const std::size_t count = std::min<std::size_t>(*length, packet_bytes / 2);
    const bool last = document.size() - *offset <= count;
    return {(last ? "l" : "m") + document.substr(*offset, count)};
}

GdbStub::Answer GdbStub::command_v(std::string_view packet) {
    if (packet == "vCont?") {
        return {"vCont;c;C;s;S;t"};
    }
    if (take(packet, "vCont;")) {
        // There is one thread: the first action counts, whomever it names.
        switch (packet.empty() ? '\0' : packet.front()) {
            case 'c':
            case 'C':
                return resume("", Resume::run);
            case 's':
            case 'S':
                return resume("", Resume::step);
            case 't':
                return {stop_};  // it stands already
            default:
                return {bad_request};
        }
    }
    if (packet.starts_with("vKill")) {
        return {ok, Resume::kill};
    }
    if (packet.starts_with("vRun")) {
        target_.reset();
        return {stop_reply(Signal::trap)};
    }
    return {""};
}

GdbStub::Answer GdbStub::resume(std::string_view address, Resume how) {
    if (!address.empty()) {
        const auto pc = take_number(address);
        if (!pc || !address.empty()) {
            return {bad_request};
        }
        (void)write_register(target_.hart, gdb_register::pc, *pc);
    }
    return {std::nullopt, how};
}

std::string GdbStub::read_all() const {
    std::string digits;
    for (std::uint32_t number = 0; number <= gdb_register::pc; ++number) {
        digits += to_hex(read_register(target_.hart, number).value_or(0));
    }
    return digits;
}

std::string GdbStub::write_all(std::string_view digits) {
    const auto bytes = from_hex(digits);
    if (!bytes || bytes->size() < 4 * (gdb_register::pc + 1)) {
        return bad_request;
    }
    for (std::uint32_t number = 0; number <= gdb_register::pc; ++number) {
        (void)write_register(target_.hart, number, word_at(&(*bytes)[4 * number]));
    }
    return ok;
}

std::string GdbStub::read_one(std::string_view number) const {
    const auto index = take_number(number);
    if (!index || !number.empty()) {
        return bad_request;
    }
    const auto value = read_register(target_.hart, *index);
    return value ? to_hex(*value) : no_such;
}

std::string GdbStub::write_one(std::string_view assignment) {
    const auto index = take_number(assignment);
    const bool equals = take(assignment, "=");
    const auto bytes = from_hex(assignment);
    if (!index || !equals || !bytes || bytes->size() != 4) {
        return bad_request;
    }
    return write_register(target_.hart, *index, word_at(bytes->data())) ? ok : no_such;
}

/// ADDRESS,LENGTH
std::string GdbStub::read_memory(std::string_view range) {
    const auto address = take_number(range);
    const bool comma = take(range, ",");
    const auto length = take_number(range);
    if (!address || !comma || !length || !range.empty() || *length > packet_bytes / 2) {
        return bad_request;
    }
    std::vector<std::uint8_t> bytes(*length);
    return bytes.empty() || target_.read(*address, bytes) ? to_hex(bytes) : no_such;
}

/// ADDRESS,LENGTH:BYTES
std::string GdbStub::write_memory(std::string_view range, bool hex) {
    const auto address = take_number(range);
    const bool comma = take(range, ",");
    const auto length = take_number(range);
    const bool colon = take(range, ":");
    if (!address || !comma || !length || !colon) {
        return bad_request;
    }
    const auto bytes =
        hex ? from_hex(range) : std::vector<std::uint8_t>(range.begin(), range.end());
    if (!bytes || bytes->size() != *length) {
        return bad_request;
    }
    return bytes->empty() || target_.write(*address, *bytes) ? ok : no_such;
}

/// TYPE,ADDRESS,LENGTH
std::string GdbStub::insert(std::string_view point) {
    const char type = point.empty() ? '\0' : point.front();
    point.remove_prefix(std::min<std::size_t>(2, point.size()));
    const auto address = take_number(point);
    const bool comma = take(point, ",");
    const auto length = take_number(point);
    const bool watch = type >= '2' && type <= '4';
    if (type < '0' || type > '4') {
        return "";
    }
    if (!address || !comma || !length || (watch && *length == 0)) {
        return bad_request;
    }
    if (points_.size() >= most_points) {
        return too_many;
    }
    points_.insert({type, {*address, *length}});
    if (watch) {
        target_.hart.insert_watch(watch_of(type, *address, *length));
    } else {
        target_.hart.insert_breakpoint(*address);
    }
    return ok;
}

std::string GdbStub::remove(std::string_view point) {
    const char type = point.empty() ? '\0' : point.front();
    point.remove_prefix(std::min<std::size_t>(2, point.size()));
    const auto address = take_number(point);
    const bool comma = take(point, ",");
    const auto length = take_number(point);
    if (!address || !comma || !length) {
        return bad_request;
    }
    const auto found = points_.find({type, {*address, *length}});
    if (found == points_.end()) {
        return bad_request;
    }
    const Point removed = *found;
    points_.erase(found);
    remove_from_hart(removed);
    return ok;
}

void GdbStub::remove_from_hart(const Point& point) {
    const char type = point.first;
    const auto [address, length] = point.second;
    if (type >= '2') {
        target_.hart.remove_watch(watch_of(type, address, length));
        return;
    }
    const bool shared = std::any_of(points_.begin(), points_.end(), [&](const Point& other) {
        return other.first < '2' && other.second.first == point.second.first;
    });
    if (!shared) {
        target_.hart.remove_breakpoint(address);
    }
}

}  // namespace cimera::debug
