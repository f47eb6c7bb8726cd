// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors

#include "models/cpu/call_stack.hpp"

#include <string>

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace cimera::cpu;

namespace {

// Functions of 0x100 bytes each.
constexpr std::uint32_t start = 0x1000;
constexpr std::uint32_t main_code = 0x1100;
constexpr std::uint32_t f = 0x1200;
constexpr std::uint32_t g = 0x1300;
constexpr std::uint32_t handler = 0x1400;
constexpr std::uint32_t nowhere = 0x8000;

struct Program {
    CallStack stack{FunctionMap({{start, start + 0xff},
                                 {main_code, main_code + 0xff},
                                 {f, f + 0xff},
                                 {g, g + 0xff},
                                 {handler, handler + 0xff}})};

    Program() { stack.reset(start); }

    /// Calls from `offset` in the present function.
    void call(std::uint32_t target, std::uint32_t sp, std::uint32_t offset = 0x10) {
        const std::uint32_t site = here() + offset;
        stack.call(site, target, site + 4, sp);
    }
    [[nodiscard]] std::uint32_t here() const { return stack.tree()[stack.node()].code.first; }

    /// The way from the root: names or addresses, those of traps with their cause.
    [[nodiscard]] std::string way() const {
        std::string text;
        for (NodeId at = stack.node(); at != 0; at = stack.tree()[at].parent) {
            text = name(stack.tree()[at]) + text;
        }
        return text;
    }
    static std::string name(const CallNode& node) {
        switch (node.root) {
            case Root::none:
                break;
            case Root::reset:
                return "";
            case Root::interrupt:
                return fmt::format("i{}", node.cause);
            case Root::exception:
                return fmt::format("e{}", node.cause);
        }
        switch (node.code.first) {
            case start:
                return " start";
            case main_code:
                return " main";
            case f:
                return " f";
            case g:
                return " g";
            case handler:
                return " handler";
            default:
                return fmt::format(" {:x}", node.code.first);
        }
    }
};

}  // namespace

TEST_CASE("call stack: calls and returns", "[cpu][profile]") {
    Program p;
    CHECK(p.way() == " start");
    p.call(main_code, 0x9000);
    p.call(f, 0x8ff0);
    p.call(g, 0x8fe0);
    CHECK(p.way() == " start main f g");
    p.stack.ret(f + 0x14, 0x8fe0);
    CHECK(p.way() == " start main f");
    p.stack.ret(main_code + 0x14, 0x8ff0);
    CHECK(p.way() == " start main");
    const NodeId once = p.stack.node();
    p.call(f, 0x8ff0);
    p.stack.ret(main_code + 0x14, 0x8ff0);
    CHECK(p.stack.node() == once);
}

TEST_CASE("call stack: the place of the call is part of the way", "[cpu][profile]") {
    Program p;
    p.call(f, 0x9000, 0x10);
    const NodeId first = p.stack.node();
    p.stack.ret(start + 0x14, 0x9000);
    p.call(f, 0x9000, 0x20);
    CHECK(p.stack.node() != first);
    CHECK(p.way() == " start f");
    p.stack.ret(start + 0x24, 0x9000);
    p.call(f, 0x9000, 0x10);
    CHECK(p.stack.node() == first);
    CHECK(p.stack.tree()[first].calls == 2);
}

TEST_CASE("call stack: a tail call takes the place of its caller", "[cpu][profile]") {
    Program p;
    p.call(main_code, 0x9000);
    p.call(f, 0x8ff0);
    p.stack.jump(g, 0x8ff0);
    CHECK(p.way() == " start main g");
    p.stack.ret(main_code + 0x14, 0x8ff0);
    CHECK(p.way() == " start main");
    p.stack.jump(main_code, 0x8ff0);  // a loop around the whole function
    CHECK(p.way() == " start main");
}

TEST_CASE("call stack: a tail call of the caller is no return to it", "[cpu][profile]") {
    Program p;
    p.call(main_code, 0x9000);
    p.call(f, 0x8ff0);
    p.stack.jump(main_code, 0x8ff0);
    CHECK(p.way() == " start main main");
    CHECK(p.stack.tree()[p.stack.node()].calls == 1);
}

TEST_CASE("call stack: longjmp leaves several functions", "[cpu][profile]") {
    Program p;
    p.call(main_code, 0x9000);
    p.call(f, 0x8fe0);
    p.call(g, 0x8fc0);
    p.call(handler, 0x8fb0);
    SECTION("into a caller, behind its setjmp") {
        p.stack.ret(main_code + 0x40, 0x8fe0);
        CHECK(p.way() == " start main");
        p.call(f, 0x8fe0, 0x50);
        p.stack.ret(main_code + 0x54, 0x8fe0);
        CHECK(p.way() == " start main");
        p.stack.ret(start + 0x14, 0x9000);
        CHECK(p.way() == " start");
    }
    SECTION("into the right one of recursive functions") {
        p.call(g, 0x8fa0);
        p.call(f, 0x8f90);
        p.stack.ret(g + 0x40, 0x8fb0);
        CHECK(p.way() == " start main f g");
    }
}

TEST_CASE("call stack: a routine that saves registers returns with its own stack pointer",
          "[cpu][profile]") {
    Program p;
    p.call(f, 0x9000);
    p.call(g, 0x9000);
    p.stack.ret(f + 0x14, 0x8ff0);
    CHECK(p.way() == " start f");
}

TEST_CASE("call stack: recursion ends at a depth", "[cpu][profile]") {
    Program p;
    p.call(f, 0x9000);
    for (std::uint32_t level = 1; level < 100; ++level) {
        p.call(f, 0x9000 - 16 * level);
    }
    CHECK(p.way() == " start f f f f");
    p.call(g, 0x8000);
    CHECK(p.way() == " start f f f f g");
    p.stack.ret(f + 0x14, 0x8000);
    for (std::uint32_t level = 99; level > 1; --level) {
        p.stack.ret(f + 0x14, 0x9000 - 16 * level);
    }
    CHECK(p.way() == " start f f");
    p.stack.ret(f + 0x14, 0x9000 - 16);
    p.stack.ret(start + 0x14, 0x9000);
    CHECK(p.way() == " start");
}

TEST_CASE("call stack: interrupts have stacks of their own and nest", "[cpu][profile]") {
    Program p;
    p.call(main_code, 0x9000);
    p.stack.trap(Root::interrupt, 7, handler, 0x8ff0);
    CHECK(p.way() == "i7 handler");
    p.call(f, 0x8fc0);
    p.stack.trap(Root::interrupt, 11, handler, 0x8fb0);
    p.call(g, 0x8f90);
    CHECK(p.way() == "i11 handler g");
    p.stack.ret(handler + 0x14, 0x8f90);
    p.stack.trap_return(f + 0x20, 0x8fb0);
    CHECK(p.way() == "i7 handler f");
    p.stack.ret(handler + 0x14, 0x8fc0);
    p.stack.trap_return(main_code + 0x20, 0x8ff0);
    CHECK(p.way() == " start main");
}

TEST_CASE("call stack: a handler may return to another task", "[cpu][profile]") {
    Program p;
    p.call(main_code, 0x9000);
    p.stack.trap(Root::exception, 11, handler, 0x8ff0);
    p.stack.trap_return(f, 0x7000);  // a task that begins
    CHECK(p.way() == " f");
    p.call(g, 0x6ff0);
    p.stack.trap(Root::interrupt, 7, handler, 0x6fe0);
    p.stack.trap_return(main_code + 0x20, 0x8ff0);
    CHECK(p.way() == " start main");
    p.stack.trap(Root::interrupt, 7, handler, 0x8ff0);
    p.stack.trap_return(g + 0x20, 0x6fe0);
    CHECK(p.way() == " f g");
}

TEST_CASE("call stack: a handler may be left by longjmp", "[cpu][profile]") {
    Program p;
    p.call(main_code, 0x9000);
    p.call(f, 0x8ff0);
    p.stack.trap(Root::exception, 2, handler, 0x8fe0);
    p.call(g, 0x8fc0);
    p.stack.ret(main_code + 0x40, 0x8ff0);
    CHECK(p.way() == " start main");
}

TEST_CASE("call stack: code without a name", "[cpu][profile]") {
    Program p;
    SECTION("is a function where it is called") {
        p.call(nowhere, 0x9000);
        CHECK(p.way() == " start 8000");
        p.stack.jump(nowhere + 0x20, 0x9000);
        CHECK(p.way() == " start 8000");
        p.stack.ret(start + 0x14, 0x9000);
        p.call(nowhere + 0x40, 0x9000);
        CHECK(p.way() == " start 8040");
    }
    SECTION("is all of the gap where it is jumped into") {
        p.stack.jump(nowhere, 0x9000);
        CHECK(p.way() == " 1500");
        CHECK(p.stack.inside(nowhere + 4));
    }
    SECTION("as the middle of a function that nobody called") {
        p.call(f, 0x9000);
        p.stack.jump(g + 0x20, 0x9000);
        CHECK(p.way() == " start g");
        p.stack.ret(start + 0x14, 0x9000);
        CHECK(p.way() == " start");
    }
}

TEST_CASE("call stack: a reset begins anew", "[cpu][profile]") {
    Program p;
    const NodeId first = p.stack.node();
    p.call(f, 0x9000);
    p.stack.trap(Root::interrupt, 7, handler, 0x8ff0);
    p.stack.reset(start);
    CHECK(p.stack.node() == first);
    CHECK(p.stack.depth() == 1);
}
