// SPDX-License-Identifier: Apache-2.0
#include "cel/value/opaque.h"

#include "cel/value/ip.h"
#include "cel/value/named_format.h"
#include "cel/value/quantity.h"
#include "cel/value/semver.h"
#include "cel/value/url.h"

namespace posture::cel {
namespace {

bool same_address(const Ip& left, const Ip& right) { return left.size == right.size && left.bytes == right.bytes; }

}  // namespace

bool equal_opaques(const Datum& left, const Datum& right) {
  if (left.kind() != right.kind()) return false;
  switch (left.kind()) {
    case TypeKind::quantity: return compare_quantities(opaque_of<Quantity>(left), opaque_of<Quantity>(right)) == 0;
    case TypeKind::semver: return compare_semvers(opaque_of<Semver>(left), opaque_of<Semver>(right)) == 0;
    case TypeKind::ip: return same_address(opaque_of<Ip>(left), opaque_of<Ip>(right));
    case TypeKind::cidr: {
      const Cidr& a = opaque_of<Cidr>(left);
      const Cidr& b = opaque_of<Cidr>(right);
      return a.bits == b.bits && same_address(a.address, b.address);
    }
    case TypeKind::url: return to_string(opaque_of<Url>(left)) == to_string(opaque_of<Url>(right));
    case TypeKind::format: return opaque_of<NamedFormat>(left).name == opaque_of<NamedFormat>(right).name;
    default: return false;
  }
}

bool refuses_equality(const Datum& left, const Datum& right) {
  if (is(left, Tag::some) && is(right, Tag::some)) {
    return is(inner_of(right), Tag::null) ? is(inner_of(left), Tag::opaque)
                                          : refuses_equality(inner_of(left), inner_of(right));
  }
  if (!is(left, Tag::opaque) || is(right, Tag::null)) return false;
  if (left.kind() >= TypeKind::authorizer) return true;
  if (left.kind() != right.kind()) return true;
  return left.kind() == TypeKind::quantity && opaque_of<Quantity>(right).derived;
}

std::string opaque_text(const Datum& datum) {
  switch (datum.kind()) {
    case TypeKind::ip: return to_string(opaque_of<Ip>(datum));
    case TypeKind::cidr: return to_string(opaque_of<Cidr>(datum));
    case TypeKind::url: return to_string(opaque_of<Url>(datum));
    default: return std::string(type_name(datum));
  }
}

}  // namespace posture::cel
