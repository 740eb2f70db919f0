// SPDX-License-Identifier: Apache-2.0
#include "cel/value/tz_file.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <mutex>
#include <system_error>
#include <utility>

#include "cel/value/tz_rule.h"

namespace posture::cel {
namespace {

constexpr std::string_view kDirectory = "/usr/share/zoneinfo/";
constexpr std::size_t kHeader = 44;
constexpr std::size_t kMaxFiles =
    1000;  // a database has about 600 names; a hostile object might spell one in many ways

std::uint64_t big_endian(std::string_view bytes, std::size_t at, std::size_t size) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < size; ++i) value = value << 8 | static_cast<unsigned char>(bytes[at + i]);
  return value;
}

std::int32_t offset_at(std::string_view bytes, std::size_t at) {
  return static_cast<std::int32_t>(static_cast<std::uint32_t>(big_endian(bytes, at, 4)));
}

// Counts of a header: six numbers in the order of the RFC.
struct Counts {
  std::size_t utc, standard, leaps, times, types, names;
  std::size_t body(std::size_t time_size) const {
    return times * time_size + times + types * 6 + names + leaps * (time_size + 4) + standard + utc;
  }
};

bool read_counts(std::string_view file, std::size_t at, Counts& counts) {
  if (file.size() < at + kHeader || file.substr(at, 4) != "TZif" || file[at + 4] < '2') return false;
  const auto number = [&](std::size_t i) { return static_cast<std::size_t>(big_endian(file, at + 20 + 4 * i, 4)); };
  counts = {number(0), number(1), number(2), number(3), number(4), number(5)};
  return counts.times < 100'000 && counts.types < 1000 && counts.names < 10'000 && counts.types > 0;
}

bool valid_name(std::string_view name) {
  return !name.empty() && name.size() < 100 && name.front() != '/' && name.find("..") == std::string_view::npos &&
         name.find('\\') == std::string_view::npos && name.find('\0') == std::string_view::npos;
}

// The offset in the second (64-bit) block, or by the rule behind it. False if the file is not understood.
bool lookup(std::string_view file, std::int64_t seconds, std::int64_t& offset) {
  Counts first{};
  Counts counts{};
  if (!read_counts(file, 0, first)) return false;
  const std::size_t header = kHeader + first.body(4);
  if (!read_counts(file, header, counts) || file.size() < header + kHeader + counts.body(8)) return false;
  const std::size_t times = header + kHeader;
  const std::size_t indexes = times + counts.times * 8;
  const std::size_t types = indexes + counts.times;
  std::size_t passed = 0;
  while (passed < counts.times && static_cast<std::int64_t>(big_endian(file, times + passed * 8, 8)) <= seconds)
    ++passed;
  if (passed == counts.times) {
    std::string_view rule = file.substr(header + kHeader + counts.body(8));
    if (rule.starts_with('\n')) rule = rule.substr(1, rule.find('\n', 1) - 1);
    if (!rule.empty()) return rule_offset(rule, seconds, offset);
  }
  const std::size_t type = passed == 0 ? 0 : static_cast<unsigned char>(file[indexes + passed - 1]);
  if (type >= counts.types) return false;
  offset = offset_at(file, types + type * 6);
  return true;
}

std::string read_file(std::string_view name) {
  const std::filesystem::path path = std::string(kDirectory) + std::string(name);
  std::error_code error;
  if (!std::filesystem::is_regular_file(path, error)) return {};  // to read a folder throws
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

/// Files of the database, each read once.
class Files {
 public:
  /// Empty if there is no such file.
  std::string_view of(std::string_view name) {
    const std::lock_guard lock(mutex_);
    if (const auto known = files_.find(name); known != files_.end()) return known->second;
    std::string file = read_file(name);
    if (file.empty() || files_.size() == kMaxFiles) return {};
    return files_.emplace(name, std::move(file)).first->second;
  }

 private:
  std::mutex mutex_;
  std::map<std::string, std::string, std::less<>> files_;
};

}  // namespace

std::string named_offset(std::string_view name, std::int64_t seconds, std::int64_t& offset) {
  offset = 0;
  if (name.empty() || name == "UTC" || name == "Local") return {};  // an API server runs in UTC
  std::string unknown = "unknown time zone " + std::string(name);
  if (!valid_name(name)) return unknown;
  static Files files;
  const std::string_view file = files.of(name);
  if (file.empty()) return unknown;
  return lookup(file, seconds, offset) ? std::string()
                                       : "time zone " + std::string(name) + " has no table for this time";
}

}  // namespace posture::cel
