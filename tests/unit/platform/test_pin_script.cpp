// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include <string>

#include <catch2/catch.hpp>

#include "models/common/error.hpp"
#include "platform/soc/pin_script.hpp"

namespace cimera {

using Level = PinChange::Level;

TEST_CASE("pin script: lines, comments and a heading", "[pins]") {
    const std::vector<PinChange> changes = parse_pin_script(
        "time,pin,level\n# a button\n\n 1.5ms , 3 , 1 \r\n1.5 ms,0,0\n2s,31,1", "pins");
    REQUIRE(changes.size() == 3);
    CHECK(changes[0].at == 1'500'000'000);
    CHECK(changes[0].pin == 3);
    CHECK(changes[0].level == Level::high);
    CHECK(changes[1].at == 1'500'000'000);
    CHECK(changes[1].level == Level::low);
    CHECK(changes[2].pin == 31);
    CHECK(to_line(changes[0]) == "1500000000ps,3,1");
    CHECK(to_line({7, 1, Level::released}) == "7ps,1,z");
    const std::string again = to_line(changes[0]) + "\n" + to_line(changes[2]) + "\n";
    CHECK(parse_pin_script(again, "pins").size() == 2);
    CHECK(parse_pin_script("", "pins").empty());
}

TEST_CASE("pin script: what is wrong, and in which line", "[pins]") {
    struct Case {
        std::string text;
        std::string line;
        std::string what;
    };
    const Case c = GENERATE(values<Case>({
        {"1ms,3,1\n2ms,3\n", ":2", "2 columns instead of 3"},
        {"1ms,3,1,0\n", ":1", "4 columns instead of 3"},
        {"1ms,32,1\n", ":1", "there is no pin '32'"},
        {"1ms,-1,1\n", ":1", "there is no pin '-1'"},
        {"1ms,x,1\n", ":1", "there is no pin 'x'"},
        {"1ms,,1\n", ":1", "there is no pin ''"},
        {"1ms,3,2\n", ":1", "'2' is not a level"},
        {"1ms,3,z\n", ":1", "'z' is not a level"},
        {"2ms,3,1\n\n1ms,3,0\n", ":3", "earlier than the line before"},
        {"\ntime,pin,level\n", ":2", ""},
        {"5,3,1\n", ":1", ""},
        {"5 V,3,1\n", ":1", ""},
    }));
    INFO(c.text);
    try {
        (void)parse_pin_script(c.text, "pins");
        FAIL("accepted");
    } catch (const InputError& error) {
        CHECK(error.where == "pins" + c.line);
        CHECK_THAT(error.what(), Catch::Contains(c.what));
        CHECK_FALSE(error.hint.empty());
    }
}

}  // namespace cimera
