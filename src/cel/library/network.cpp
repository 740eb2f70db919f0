// SPDX-License-Identifier: Apache-2.0
// IP addresses and CIDR prefixes.
#include <algorithm>
#include <array>

#include "cel/library/library.h"
#include "cel/value/ip.h"
#include "cel/value/opaque.h"

namespace posture::cel {
namespace {

using Arguments = std::span<const Datum>;

const Ip& ip_at(Arguments arguments, std::size_t i) { return opaque_of<Ip>(arguments[i]); }
const Cidr& cidr_at(Arguments arguments, std::size_t i) { return opaque_of<Cidr>(arguments[i]); }

Datum ip(Frame& frame, Arguments arguments) {
  Ip value{};
  const std::string error = parse_ip(text_of(arguments[0]), value);
  return error.empty() ? keep_opaque(frame.memory(), value) : keep_error(frame.memory(), error);
}

Datum is_ip(Frame&, Arguments arguments) {
  Ip value{};
  return Datum::boolean(parse_ip(text_of(arguments[0]), value).empty());
}

Datum is_canonical(Frame& frame, Arguments arguments) {
  Ip value{};
  const std::string error = parse_ip(text_of(arguments[0]), value);
  return error.empty() ? Datum::boolean(to_string(value) == text_of(arguments[0])) : keep_error(frame.memory(), error);
}

Datum ip_text(Frame& frame, Arguments arguments) { return keep_string(frame.memory(), to_string(ip_at(arguments, 0))); }
Datum family(Frame&, Arguments arguments) { return Datum::integer(ip_at(arguments, 0).size == 4 ? 4 : 6); }

bool all_zero(const Ip& value, std::size_t bytes) {
  return std::all_of(value.bytes.begin(), value.bytes.begin() + static_cast<std::ptrdiff_t>(bytes),
                     [](std::uint8_t b) { return b == 0; });
}

bool unspecified(const Ip& value) { return all_zero(value, value.size); }
bool loopback(const Ip& value) {
  return value.size == 4 ? value.bytes[0] == 127 : all_zero(value, 15) && value.bytes[15] == 1;
}
bool multicast(const Ip& value) { return value.size == 4 ? (value.bytes[0] & 0xF0) == 0xE0 : value.bytes[0] == 0xFF; }
bool link_local_multicast(const Ip& value) {
  if (value.size == 4) return value.bytes[0] == 224 && value.bytes[1] == 0 && value.bytes[2] == 0;
  return value.bytes[0] == 0xFF && (value.bytes[1] & 0x0F) == 2;
}
bool link_local_unicast(const Ip& value) {
  if (value.size == 4) return value.bytes[0] == 169 && value.bytes[1] == 254;
  return value.bytes[0] == 0xFE && (value.bytes[1] & 0xC0) == 0x80;
}
bool broadcast(const Ip& value) {
  return value.size == 4 &&
         std::all_of(value.bytes.begin(), value.bytes.begin() + 4, [](std::uint8_t b) { return b == 255; });
}
bool global_unicast(const Ip& value) {
  return !broadcast(value) && !unspecified(value) && !loopback(value) && !multicast(value) &&
         !link_local_unicast(value);
}

template <bool (*holds)(const Ip&)>
Datum ip_is(Frame&, Arguments arguments) {
  return Datum::boolean(holds(ip_at(arguments, 0)));
}

Datum cidr(Frame& frame, Arguments arguments) {
  Cidr value{};
  const std::string error = parse_cidr(text_of(arguments[0]), value);
  if (error.empty()) return keep_opaque(frame.memory(), value);
  return keep_error(frame.memory(), "network address parse error during conversion from string: " + error);
}

Datum is_cidr(Frame&, Arguments arguments) {
  Cidr value{};
  return Datum::boolean(parse_cidr(text_of(arguments[0]), value).empty());
}

Datum cidr_text(Frame& frame, Arguments arguments) {
  return keep_string(frame.memory(), to_string(cidr_at(arguments, 0)));
}
Datum prefix_length(Frame&, Arguments arguments) { return Datum::integer(cidr_at(arguments, 0).bits); }
Datum cidr_ip(Frame& frame, Arguments arguments) { return keep_opaque(frame.memory(), cidr_at(arguments, 0).address); }

Datum cidr_masked(Frame& frame, Arguments arguments) {
  Cidr value = cidr_at(arguments, 0);
  value.address = masked(value);
  return keep_opaque(frame.memory(), value);
}

Datum contains_ip(Frame&, Arguments arguments) {
  return Datum::boolean(contains(cidr_at(arguments, 0), ip_at(arguments, 1)));
}

Datum contains_ip_text(Frame& frame, Arguments arguments) {
  const Datum other = ip(frame, arguments.subspan(1));
  return is_error(other) ? no_such_overload() : Datum::boolean(contains(cidr_at(arguments, 0), opaque_of<Ip>(other)));
}

bool covers(const Cidr& outer, const Cidr& inner) { return outer.bits <= inner.bits && contains(outer, inner.address); }

Datum contains_cidr(Frame&, Arguments arguments) {
  return Datum::boolean(covers(cidr_at(arguments, 0), cidr_at(arguments, 1)));
}

Datum contains_cidr_text(Frame& frame, Arguments arguments) {
  const Datum other = cidr(frame, arguments.subspan(1));
  return is_error(other) ? other : Datum::boolean(covers(cidr_at(arguments, 0), opaque_of<Cidr>(other)));
}

// The bytes of two addresses are compared; a network's are also masked. Whether a text has to be read first is only known where
// the overload is.
std::uint64_t contains_ip_units(Arguments arguments, const Datum&) { return traversal(cost_size(arguments[0]) * 2); }
std::uint64_t contains_cidr_units(Arguments arguments, const Datum& result) {
  return contains_ip_units(arguments, result) + traversal(cost_size(arguments[0])) + 1;
}

template <Units network_units>
std::uint64_t and_text_units(Arguments arguments, const Datum& result) {
  return network_units(arguments, result) + traversal(cost_size(arguments[1]));
}

constexpr Bounds kAddressSize{4, 16};

CallEstimate contains_ip_estimate(std::span<const Operand>) {
  return {(kAddressSize + kAddressSize) * cost::kWalk, {}};
}
CallEstimate contains_cidr_estimate(std::span<const Operand> operands) {
  return {contains_ip_estimate(operands).cost + kAddressSize * cost::kWalk + exactly(1), {}};
}

template <Estimate network_estimate>
CallEstimate and_text_estimate(std::span<const Operand> operands) {
  return {network_estimate(operands).cost + operands[1].size * cost::kWalk, {}};
}

constexpr CostRule kContainsIp = cost::by_name(contains_ip_units, contains_ip_estimate);
constexpr CostRule kContainsIpText{and_text_units<contains_ip_units>, contains_ip_units,
                                   and_text_estimate<contains_ip_estimate>};
constexpr CostRule kContainsCidr = cost::by_name(contains_cidr_units, contains_cidr_estimate);
constexpr CostRule kContainsCidrText{and_text_units<contains_cidr_units>, contains_cidr_units,
                                     and_text_estimate<contains_cidr_estimate>};

constexpr std::array kNetworkOverloads = std::to_array<Overload>({
    {"ip", "(string) -> ip", ip, cost::kWalkOver<0>, 31},
    {"ip", "cidr.() -> ip", cidr_ip, cost::kOne, 31},
    {"isIP", "(string) -> bool", is_ip, cost::kWalkOver<0>, 31},
    {"ip.isCanonical", "(string) -> bool", is_canonical, cost::kWalkTwice<0>, 31},
    {"string", "(ip) -> string", ip_text, cost::kOne, 31},
    {"family", "ip.() -> int", family, cost::kOne, 31},
    {"isUnspecified", "ip.() -> bool", ip_is<unspecified>, cost::kOne, 31},
    {"isLoopback", "ip.() -> bool", ip_is<loopback>, cost::kOne, 31},
    {"isLinkLocalMulticast", "ip.() -> bool", ip_is<link_local_multicast>, cost::kOne, 31},
    {"isLinkLocalUnicast", "ip.() -> bool", ip_is<link_local_unicast>, cost::kOne, 31},
    {"isGlobalUnicast", "ip.() -> bool", ip_is<global_unicast>, cost::kOne, 31},
    {"cidr", "(string) -> cidr", cidr, cost::kWalkOver<0>, 31},
    {"isCIDR", "(string) -> bool", is_cidr, cost::kWalkOver<0>, 31},
    {"string", "(cidr) -> string", cidr_text, cost::kOne, 31},
    {"containsIP", "cidr.(string) -> bool", contains_ip_text, kContainsIpText, 31},
    {"containsIP", "cidr.(ip) -> bool", contains_ip, kContainsIp, 31},
    {"containsCIDR", "cidr.(string) -> bool", contains_cidr_text, kContainsCidrText, 31},
    {"containsCIDR", "cidr.(cidr) -> bool", contains_cidr, kContainsCidr, 31},
    {"prefixLength", "cidr.() -> int", prefix_length, cost::kOne, 31},
    {"masked", "cidr.() -> cidr", cidr_masked, cost::kOne, 31},
});

}  // namespace

std::span<const Overload> network_library() { return kNetworkOverloads; }

}  // namespace posture::cel
