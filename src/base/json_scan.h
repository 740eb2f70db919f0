// SPDX-License-Identifier: Apache-2.0
// Reads single values out of JSON text that nobody has parsed yet, which may be cut short or malformed.
#pragma once

#include <cstddef>
#include <string_view>

namespace posture {

/// The members of the map with which `text` begins, one after another; ends where the text does or stops being JSON. Keys are as they are
/// written, escapes and all.
class JsonMembers {
 public:
  explicit JsonMembers(std::string_view text);
  bool next();
  std::string_view key() const { return key_; }
  std::string_view from_value() const { return rest_; }  ///< to the end of what is there
  std::string_view value();
  /// `inner`: the members of the value, which ended. next() then need not look for its end.
  void skip_value(const JsonMembers& inner);

 private:
  std::string_view rest_;  // from the value on; before the first, from the bracket on
  std::string_view key_;
  std::size_t value_size_ = 0;  // where it is known
  bool has_value_ = false;
};

/// The text from the value of the first member `key` on, to the end of what is there; empty when `object` has none.
std::string_view json_member(std::string_view object, std::string_view key);

/// Bytes of the value with which `text` begins; all when it does not end in there.
std::size_t json_value_size(std::string_view text);

/// What stands between the quotes of the string with which `text` begins, escapes and all; empty when it begins with none.
std::string_view json_text(std::string_view text);

}  // namespace posture
