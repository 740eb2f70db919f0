// SPDX-License-Identifier: Apache-2.0
// The public face of values and scratch memory.
#include <array>

#include "cel/run/frame.h"
#include "cel/value/compare.h"
#include "cel/value/ip.h"
#include "cel/value/json_text.h"

namespace posture::cel {
namespace {

constexpr std::array<TypeKind, 20> kKinds = {
    TypeKind::null,     TypeKind::boolean,   TypeKind::integer,  TypeKind::uinteger, TypeKind::real,
    TypeKind::string,   TypeKind::bytes,     TypeKind::list,     TypeKind::map,      TypeKind::list,
    TypeKind::map,      TypeKind::timestamp, TypeKind::duration, TypeKind::type,     TypeKind::optional,
    TypeKind::optional, TypeKind::quantity,  TypeKind::error,    TypeKind::error,    TypeKind::error};

}  // namespace

Scratch::Scratch(std::size_t block_bytes) : memory_(std::make_unique<Memory>(block_bytes)) {}
Scratch::~Scratch() = default;

void Scratch::reset() {
  memory_->arena.reset();
  memory_->exhausted = false;
  memory_->maps.clear();
}

std::string_view Scratch::keep(std::string_view text) { return memory_->arena.keep(text); }

Datum Datum::null() { return Datum{}; }

Datum Datum::boolean(bool value) { return make_bool(value); }
Datum Datum::integer(std::int64_t value) { return make_integral(Tag::integer, value); }

Datum Datum::uinteger(std::uint64_t value) {
  Datum datum = make_plain(Tag::uinteger);
  datum.payload.uinteger = value;
  return datum;
}

Datum Datum::real(double value) {
  Datum datum = make_plain(Tag::real);
  datum.payload.real = value;
  return datum;
}

Datum Datum::string(std::string_view borrowed) { return make_tagged(Tag::string, borrowed); }
Datum Datum::json(posture::Value value) { return from_node(value.node()); }
Datum Datum::none() { return make_plain(Tag::none); }
Datum Datum::error(std::string_view message) { return make_tagged(Tag::error, message); }
Datum Datum::unknown(std::string_view reason) { return make_tagged(Tag::unknown, reason); }

Datum Datum::some(Datum value, Scratch& scratch) {
  Datum* inner = scratch.memory().array<Datum>(1);
  if (inner == nullptr) return out_of_memory();
  *inner = value;
  return make_pointing(Tag::some, inner, 0);
}

TypeKind Datum::kind() const {
  if (is(*this, Tag::opaque)) return static_cast<const Opaque*>(payload.pointer)->kind;
  return kKinds[payload.tag];
}

bool Datum::is_unknown() const { return is(*this, Tag::unknown); }
bool Datum::is_true() const { return is(*this, Tag::boolean) && bool_of(*this); }
bool Datum::is_false() const { return is(*this, Tag::boolean) && !bool_of(*this); }

std::string_view Datum::text() const {
  return is(*this, Tag::string) || is_error() ? text_of(*this) : std::string_view();
}

std::int64_t Datum::integer() const { return is(*this, Tag::integer) ? int_of(*this) : 0; }
double Datum::real() const { return is(*this, Tag::real) ? real_of(*this) : 0; }
bool Datum::has_value() const { return is(*this, Tag::some); }

Datum Datum::value(Scratch&) const {
  return is(*this, Tag::some) ? inner_of(*this) : error("optional.none() dereference");
}

std::string Datum::to_json(Scratch&) const {
  std::string out;
  append_json(*this, out);
  return out;
}

bool equal(Frame& frame, const Datum& left, const Datum& right) {
  std::uint64_t visits = kMaxVisits;
  const bool result = equal(left, right, visits);
  if (visits == 0) frame.charge(kMaxCost);
  return result;
}

namespace {

// Addresses have a size in bytes, other values of the libraries have none.
std::uint64_t address_size(const Datum& datum) {
  switch (opaque_of<Opaque>(datum).kind) {
    case TypeKind::ip: return opaque_of<Ip>(datum).size;
    case TypeKind::cidr: return (static_cast<std::uint64_t>(opaque_of<Cidr>(datum).bits) + 7) / 8;
    default: return 1;
  }
}

}  // namespace

std::uint64_t cost_size(const Datum& datum) {
  switch (tag_of(datum)) {
    case Tag::string: return count_code_points(text_of(datum));
    case Tag::bytes: return datum.payload.size;
    case Tag::list:
    case Tag::json_list: return list_size(datum);
    case Tag::map:
    case Tag::json_map: return map_size(datum);
    case Tag::some: return cost_size(inner_of(datum));
    case Tag::opaque: return address_size(datum);
    default: return 1;
  }
}

}  // namespace posture::cel
