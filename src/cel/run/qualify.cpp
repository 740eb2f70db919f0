// SPDX-License-Identifier: Apache-2.0
#include "cel/run/qualify.h"

#include <cmath>

#include "cel/value/json_text.h"

namespace posture::cel {
namespace {

Datum missing(Frame& frame, std::string_view what, const Datum& key) {
  return keep_error(frame.memory(), std::string(what) + display(key));
}

// The index a key stands for; false if its type or value cannot be one.
bool to_index(const Datum& key, std::int64_t& index) {
  switch (tag_of(key)) {
    case Tag::integer: index = int_of(key); return true;
    case Tag::uinteger: index = static_cast<std::int64_t>(uint_of(key)); return uint_of(key) <= INT64_MAX;
    case Tag::real:
      if (!(std::fabs(real_of(key)) < 9e15) || std::trunc(real_of(key)) != real_of(key)) return false;
      index = static_cast<std::int64_t>(real_of(key));
      return true;
    default: return false;
  }
}

Datum select_element(Frame& frame, const Datum& list, const Datum& key, bool test) {
  std::int64_t index = 0;
  if (!to_index(key, index)) {
    if (is(key, Tag::real)) return missing(frame, "unsupported index value ", key);
    return keep_error(frame.memory(), "unsupported index type '" + std::string(type_name(key)) + "' in list");
  }
  if (index >= 0 && static_cast<std::uint64_t>(index) < list_size(list))
    return list_at(list, static_cast<std::size_t>(index));
  return test ? make_absent() : missing(frame, "index out of bounds: ", key);
}

}  // namespace

bool can_qualify(const Datum& key) {
  const Tag tag = tag_of(key);
  return tag >= Tag::boolean && tag <= Tag::string;
}

Datum select(Frame& frame, const Datum& operand, std::string_view key, bool test) {
  if (is_map(operand)) {
    const Datum found = map_find(frame.memory(), operand, key);
    if (!is(found, Tag::absent) || test) return found;
  } else if (is_list(operand)) {
    return select_element(frame, operand, make_tagged(Tag::string, key), test);
  } else if (test) {
    return make_absent();
  }
  return missing(frame, "no such key: ", make_tagged(Tag::string, key));
}

Datum select(Frame& frame, const Datum& operand, const Datum& key, bool test) {
  if (!can_qualify(key)) return keep_error(frame.memory(), "invalid qualifier type: " + std::string(type_name(key)));
  if (is(key, Tag::string)) return select(frame, operand, text_of(key), test);
  if (is_list(operand)) return select_element(frame, operand, key, test);
  const Datum found = is_map(operand) ? map_find(frame.memory(), operand, key) : make_absent();
  return test || !is(found, Tag::absent) ? found : missing(frame, "no such key: ", key);
}

}  // namespace posture::cel
