// SPDX-License-Identifier: Apache-2.0
// The bit tricks are those of simdjson's first stage (Langdale, Lemire: Parsing Gigabytes of JSON per Second,
// section 3.1).
#include "base/json_end.h"

#include <algorithm>
#include <bit>
#include <cstdint>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace posture {
namespace {

constexpr std::size_t kBlock = 64;
constexpr char kCaseBit = 0x20;  // the bit in which '[' differs from '{', and ']' from '}'

/// One bit per byte of a block.
struct Marks {
  std::uint64_t quote = 0;
  std::uint64_t backslash = 0;
  std::uint64_t open = 0;
  std::uint64_t close = 0;
};

#if defined(__x86_64__)

std::uint64_t equal_bits(__m128i bytes, char wanted) {
  return static_cast<std::uint32_t>(_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, _mm_set1_epi8(wanted))));
}

Marks marks_of(const char* block) {
  Marks marks;
  for (std::size_t i = 0; i < kBlock; i += sizeof(__m128i)) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(block + i));
    const __m128i braces = _mm_or_si128(bytes, _mm_set1_epi8(kCaseBit));
    marks.quote |= equal_bits(bytes, '"') << i;
    marks.backslash |= equal_bits(bytes, '\\') << i;
    marks.open |= equal_bits(braces, '{') << i;
    marks.close |= equal_bits(braces, '}') << i;
  }
  return marks;
}

[[gnu::target("avx2,popcnt")]] std::uint64_t equal_bits(__m256i bytes, char wanted) {
  return static_cast<std::uint32_t>(_mm256_movemask_epi8(_mm256_cmpeq_epi8(bytes, _mm256_set1_epi8(wanted))));
}

[[gnu::target("avx2,popcnt")]] Marks marks_of_avx2(const char* block) {
  Marks marks;
  for (std::size_t i = 0; i < kBlock; i += sizeof(__m256i)) {
    const __m256i bytes = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(block + i));
    const __m256i braces = _mm256_or_si256(bytes, _mm256_set1_epi8(kCaseBit));
    marks.quote |= equal_bits(bytes, '"') << i;
    marks.backslash |= equal_bits(bytes, '\\') << i;
    marks.open |= equal_bits(braces, '{') << i;
    marks.close |= equal_bits(braces, '}') << i;
  }
  return marks;
}

#else

Marks marks_of(const char* block) {
  Marks marks;
  for (std::size_t i = 0; i < kBlock; ++i) {
    const char c = block[i];
    const char brace = static_cast<char>(c | kCaseBit);
    marks.quote |= static_cast<std::uint64_t>(c == '"') << i;
    marks.backslash |= static_cast<std::uint64_t>(c == '\\') << i;
    marks.open |= static_cast<std::uint64_t>(brace == '{') << i;
    marks.close |= static_cast<std::uint64_t>(brace == '}') << i;
  }
  return marks;
}

#endif

/// Bytes behind an odd run of backslashes; `carry` says so of the block's first byte, and afterwards of the next
/// block's.
std::uint64_t escaped_bits(std::uint64_t backslash, bool& carry) {
  const std::uint64_t carried = carry ? 1 : 0;
  if (backslash == 0) {
    carry = false;
    return carried;
  }
  constexpr std::uint64_t kEven = 0x5555555555555555U;
  backslash &= ~carried;
  const std::uint64_t follows = backslash << 1 | carried;
  const std::uint64_t odd_starts = backslash & ~kEven & ~follows;
  const std::uint64_t even_runs = odd_starts + backslash;
  carry = even_runs < backslash;
  return (kEven ^ (even_runs << 1)) & follows;
}

/// Each bit becomes the parity of all bits up to it: ones from an opening quote up to the byte before the closing one.
std::uint64_t parity_so_far(std::uint64_t bits) {
  for (int shift = 1; shift < 64; shift *= 2) bits ^= bits << shift;
  return bits;
}

}  // namespace

/// Of a block, up to and with the closing bracket; kNotYet when it is not in there. Inlined, to be made of the caller's instructions.
template <typename Marks>
[[gnu::always_inline]] inline std::size_t JsonEndFinder::take(const Marks& marks) {
  const std::uint64_t quotes = marks.quote & ~escaped_bits(marks.backslash, escaped_);
  const std::uint64_t inside = parity_so_far(quotes) ^ (in_string_ ? ~std::uint64_t{0} : 0);
  in_string_ = inside >> 63 != 0;
  const std::uint64_t open = marks.open & ~inside;
  const std::uint64_t close = marks.close & ~inside;
  const auto closes = static_cast<std::size_t>(std::popcount(close));
  if (closes < depth_) {
    depth_ += static_cast<std::size_t>(std::popcount(open)) - closes;
    return kNotYet;
  }
  for (std::uint64_t brackets = open | close; brackets != 0; brackets &= brackets - 1) {
    const int place = std::countr_zero(brackets);
    if ((open >> place & 1) != 0) {
      ++depth_;
    } else if (--depth_ == 0) {
      return static_cast<std::size_t>(place) + 1;
    }
  }
  return kNotYet;
}

/// In the whole blocks of `text`, which are taken.
std::size_t JsonEndFinder::find_in_blocks(std::string_view text) {
  for (std::size_t at = 0; at + kBlock <= text.size(); at += kBlock) {
    const std::size_t end = take(marks_of(text.data() + at));
    if (end != kNotYet) return at + end;
  }
  return kNotYet;
}

#if defined(__x86_64__)

[[gnu::target("avx2,popcnt")]] std::size_t JsonEndFinder::find_in_blocks_avx2(std::string_view text) {
  for (std::size_t at = 0; at + kBlock <= text.size(); at += kBlock) {
    const std::size_t end = take(marks_of_avx2(text.data() + at));
    if (end != kNotYet) return at + end;
  }
  return kNotYet;
}

bool JsonEndFinder::can_be_wide() {
  static const bool can = __builtin_cpu_supports("avx2") != 0 && __builtin_cpu_supports("popcnt") != 0;
  return can;
}

#else

std::size_t JsonEndFinder::find_in_blocks_avx2(std::string_view text) { return find_in_blocks(text); }
bool JsonEndFinder::can_be_wide() { return false; }

#endif

std::size_t JsonEndFinder::scan(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool escaped = escaped_;
    escaped_ = c == '\\' && !escaped;
    if (c == '"' && !escaped) {
      in_string_ = !in_string_;
    } else if (!in_string_ && (c == '{' || c == '[')) {
      ++depth_;
    } else if (!in_string_ && (c == '}' || c == ']') && --depth_ == 0) {
      return i + 1;
    }
  }
  return kNotYet;
}

std::size_t JsonEndFinder::find(std::string_view text) {
  const std::size_t end = wide_ ? find_in_blocks_avx2(text) : find_in_blocks(text);
  if (end != kNotYet) return end;
  const std::size_t rest = text.size() / kBlock * kBlock;
  const std::size_t end_in_rest = scan(text.substr(rest));
  return end_in_rest == kNotYet ? kNotYet : rest + end_in_rest;
}

}  // namespace posture
