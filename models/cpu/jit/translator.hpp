// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors

#pragma once

#include <asmjit/x86.h>
#include <exception>
#include <memory>
#include <vector>

#include "models/cpu/jit/emitter.hpp"
#include "models/cpu/jit/engine.hpp"
#include "models/cpu/jit/layout.hpp"
#include "models/cpu/jit/unit.hpp"

namespace cimera::cpu::jit {

/// The engine for x86-64.
class Translator final : public Engine {
public:
    explicit Translator(Hart& hart);
    Translator(const Translator&) = delete;
    Translator& operator=(const Translator&) = delete;
    Translator(Translator&&) = delete;
    Translator& operator=(Translator&&) = delete;
    ~Translator() override = default;

    void translate(Block& block) override;
    Left run(Block& block) override;
    void for_each_run(const Visit& visit) const override;
    void clear_runs() override;
    void release_dropped() override;

private:
    static bool step(Hart* hart, const Instruction* i, Unit* unit) noexcept;
    static asmjit::JitAllocator::CreateParams memory();
    void set_flags_table();
    void add_followers(Unit& unit) const;
    bool write(Unit& unit);
    bool touch(Unit& unit);
    void dissolve(Unit& unit);
    void forget(const std::vector<Unit*>& units);

    Hart& hart_;
    Layout layout_;
    Features features_;
    asmjit::JitAllocator::CreateParams memory_;
    asmjit::JitRuntime runtime_;
    Frame frame_ = nullptr;
    std::vector<std::unique_ptr<Unit>> units_;
    std::vector<Unit*> touched_;  ///< may have runs to count
    std::size_t bytes_ = 0;
    std::exception_ptr thrown_;
};

}  // namespace cimera::cpu::jit
