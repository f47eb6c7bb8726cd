// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "low_memory.h"

#include <cstdint>
#include <cstring>
#include <stdexcept>
#include <sys/mman.h>

namespace {

constexpr std::size_t arena_size = std::size_t{256} << 20;
constexpr std::size_t alignment = 16;

char* arena() {
    static char* const begin = [] {
        void* memory = mmap(nullptr, arena_size, PROT_READ | PROT_WRITE,
                            MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_32BIT, -1, 0);
        if (memory == MAP_FAILED) {
            throw std::runtime_error("no memory below 4 GiB");
        }
        return static_cast<char*>(memory);
    }();
    return begin;
}

std::size_t used = 0;

}  // namespace

extern "C" {

// Blocks are never used again, so that a stale pointer never finds another's data.
void* low_malloc(size_t size) {
    const std::size_t whole = alignment + (size + alignment - 1) / alignment * alignment;
    if (used + whole > arena_size) {
        return nullptr;
    }
    char* block = arena() + used + alignment;
    std::memcpy(block - alignment, &size, sizeof size);
    used += whole;
    return block;
}

void* low_calloc(size_t count, size_t size) {
    return low_malloc(count * size);  // fresh pages are zero
}

void* low_realloc(void* old, size_t size) {
    void* block = low_malloc(size);
    if (old != nullptr && block != nullptr) {
        std::size_t before = 0;
        std::memcpy(&before, static_cast<char*>(old) - alignment, sizeof before);
        std::memcpy(block, old, before < size ? before : size);
    }
    return block;
}

void low_free(void* block) {
    if (block != nullptr) {
        std::size_t size = 0;
        std::memcpy(&size, static_cast<char*>(block) - alignment, sizeof size);
        std::memset(block, 0xA5, size);
    }
}

}  // extern "C"
