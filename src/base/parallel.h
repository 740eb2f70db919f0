// SPDX-License-Identifier: Apache-2.0
// Pieces of work that know nothing of each other, on a few threads, the calling one among them.
#pragma once

#include <cstddef>
#include <functional>
#include <string>

namespace posture {

/// Calls work(0) to work(count - 1), each once, on up to `threads` threads; 0 counts as 1. Returns when all is done. When a piece
/// throws, no other is begun, and what the first of them threw is thrown on.
void for_each_index(std::size_t count, std::size_t threads, const std::function<void(std::size_t)>& work);

/// As for_each_index(), but each piece makes a text, which take() gets on the calling thread in the order of the indexes. Of
/// those made ahead only a few wait for it.
void make_in_order(std::size_t count, std::size_t threads, const std::function<std::string(std::size_t)>& make,
                   const std::function<void(const std::string&)>& take);

}  // namespace posture
