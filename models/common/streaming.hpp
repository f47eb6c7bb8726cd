// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <algorithm>

#include <tlm>

namespace cimera {

/// Bytes from its address on that a transaction is about (IEEE 1666-2011, 14.12): with a streaming
/// width below its length it comes back to its address again and again.
[[nodiscard]] inline unsigned window_of(const tlm::tlm_generic_payload& payload) {
    return std::min(payload.get_data_length(), payload.get_streaming_width());
}

}  // namespace cimera
