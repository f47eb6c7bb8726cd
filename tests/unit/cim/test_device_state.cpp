// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include <cstdint>
#include <cstring>
#include <functional>
#include <limits>
#include <vector>

#include <catch2/catch.hpp>

#include "models/cim/c3cim_core.hpp"
#include "models/cim/crossbar_core.hpp"

// Device state: what was saved comes back in every reading, anything else is refused.

namespace cimera::cim {
namespace {

using Bytes = std::vector<std::uint8_t>;

CrossbarConfig crossbar_config() {
    CrossbarConfig config;
    config.rows = 8;
    config.columns = 6;
    config.cell.drift = true;
    config.cell.flicker = true;
    config.cell.programming = ProgrammingNoise::pcm;
    config.cell.endurance = 100;
    config.adc_bits = 0;
    return config;
}

C3cimConfig c3cim_config() {
    C3cimConfig config;
    config.rows = 8;
    config.columns = 6;
    config.cell = series_cell(SeriesCellKind::rram);
    return config;
}

const std::vector<float> ones(8, 1);
const CrossbarWindow all{0, 8, 0, 6};

CrossbarCore used_crossbar() {
    CrossbarCore core(crossbar_config(), Random(1, "x"));
    CrossbarCounts counts;
    for (unsigned i = 0; i < 48; ++i) {
        core.program(i / 6, i % 6, static_cast<int>(i % 15) - 7, 10, counts);
    }
    (void)core.analog_sums(all, ones, false, 20);
    return core;
}

C3cimCore used_c3cim() {
    C3cimCore core(c3cim_config(), Random(1, "x"));
    for (unsigned i = 0; i < 48; ++i) {
        (void)core.write(i / 6, i % 6, i % 3 == 0);
    }
    core.select(Bytes(8, 1));
    return core;
}

/// Byte strings around a good one; all of them must be refused.
void each_wrong(const Bytes& good, const std::function<void(const Bytes&)>& refuse) {
    for (std::size_t n = 0; n < good.size(); n += n < 64 ? 1 : 37) {
        refuse(Bytes(good.begin(), good.begin() + static_cast<std::ptrdiff_t>(n)));
    }
    for (std::size_t i = 0; i < good.size(); i += i < 64 ? 1 : 11) {
        Bytes other = good;
        other[i] ^= 0x40;
        refuse(other);
    }
    Bytes longer = good;
    longer.push_back(0);
    refuse(longer);
}

/// Gives bytes the hash that belongs to them.
Bytes rehash(Bytes bytes) {
    std::uint64_t hash = 0xcbf29ce484222325U;
    for (std::size_t i = 0; i + 8 < bytes.size(); ++i) {
        hash = (hash ^ bytes[i]) * 0x100000001b3U;
    }
    for (unsigned i = 0; i < 8; ++i) {
        bytes[bytes.size() - 8 + i] = static_cast<std::uint8_t>(hash >> (8 * i));
    }
    return bytes;
}

TEST_CASE("device state: a crossbar goes on where it was", "[state]") {
    CrossbarCore core = used_crossbar();
    CrossbarCore other(crossbar_config(), Random(1, "x"));
    const Bytes state = core.save(500);
    REQUIRE(other.load(state, 0).empty());
    CHECK(other.save(0) == state);
    // The same readings, noise included, and the same wear.
    CHECK(other.analog_sums(all, ones, false, 100) == core.analog_sums(all, ones, false, 600));
    CHECK(other.cells().pulses(13) == core.cells().pulses(13));
    CrossbarCounts counts;
    core.program(1, 1, 3, 600, counts);
    other.program(1, 1, 3, 100, counts);
    CHECK(other.analog_sums(all, ones, true, 100) == core.analog_sums(all, ones, true, 600));
}

TEST_CASE("device state: series columns go on where they were", "[state]") {
    C3cimCore core = used_c3cim();
    C3cimCore other(c3cim_config(), Random(1, "x"));
    const Bytes state = core.save(0);
    REQUIRE(other.load(state, 0).empty());
    CHECK(other.save(0) == state);
    for (C3cimCore* each : {&core, &other}) {
        each->select(Bytes(8, 1));
    }
    for (unsigned c = 0; c < 6; ++c) {
        CHECK(core.voltage(0, c) == other.voltage(0, c));
        CHECK(core.writes(0, c) == other.writes(0, c));
    }
}

TEST_CASE("device state: damaged bytes are refused and change nothing", "[state]") {
    CrossbarCore crossbar = used_crossbar();
    const Bytes before = crossbar.save(30);
    each_wrong(before, [&](const Bytes& bytes) {
        CHECK_FALSE(crossbar.load(bytes, 30).empty());
        CHECK(crossbar.save(30) == before);
    });
    C3cimCore series = used_c3cim();
    const Bytes then = series.save(0);
    each_wrong(then, [&](const Bytes& bytes) {
        CHECK_FALSE(series.load(bytes, 0).empty());
        CHECK(series.save(0) == then);
    });
}

TEST_CASE("device state: reasons of a refusal", "[state]") {
    CrossbarCore core = used_crossbar();
    const Bytes good = core.save(30);
    CHECK(core.load({}, 0) == "is no device state");
    Bytes bad = good;
    bad.back() ^= 1;
    CHECK(core.load(bad, 0) == "is damaged: its hash does not match");
    bad = good;
    bad[8] = 2;
    CHECK(core.load(rehash(bad), 0) == "is of another version");
    CHECK(core.load(used_c3cim().save(0), 0) == "is of another kind of array");
    CrossbarConfig config = crossbar_config();
    config.rows = 7;
    CrossbarCore smaller(config, Random(1, "x"));
    CHECK(smaller.load(good, 0) == "is of an array of another shape");
    bad = good;
    bad.insert(bad.end() - 8, 0);
    CHECK(core.load(rehash(bad), 0) == "is longer than its contents");
    bad = good;
    bad.erase(bad.end() - 9);
    CHECK(core.load(rehash(bad), 0) == "ends too early");
}

TEST_CASE("device state: impossible contents are refused although the hash is right", "[state]") {
    CrossbarCore core = used_crossbar();
    const Bytes good = core.save(30);
    constexpr std::size_t header = 8 + 4 + 4 + 16;
    const auto put = [&](std::size_t at, auto value) {
        Bytes bytes = good;
        std::memcpy(&bytes[at], &value, sizeof value);
        return rehash(bytes);
    };
    const double nan = std::numeric_limits<double>::quiet_NaN();
    CHECK(core.load(put(header, nan), 0) == "holds an impossible age");
    CHECK(core.load(put(header + 8, 1e300), 0) == "holds an impossible age");
    CHECK(core.load(put(header + 24, -1.0F), 0) == "holds an impossible conductance or time");
    CHECK(core.load(put(header + 24, static_cast<float>(nan)), 0) ==
          "holds an impossible conductance or time");
    CHECK(core.save(30) == good);
}

}  // namespace
}  // namespace cimera::cim
