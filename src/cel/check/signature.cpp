// SPDX-License-Identifier: Apache-2.0
// Reads the signatures of the function tables.
#include <algorithm>
#include <array>

#include "cel/library/library.h"

namespace posture::cel {
namespace {

struct TypeWord {
  std::string_view word;
  TypeKind kind;
};

constexpr std::array<TypeWord, 25> kWords = {{
    {"dyn", TypeKind::dyn},
    {"null", TypeKind::null},
    {"bool", TypeKind::boolean},
    {"int", TypeKind::integer},
    {"uint", TypeKind::uinteger},
    {"double", TypeKind::real},
    {"string", TypeKind::string},
    {"bytes", TypeKind::bytes},
    {"list", TypeKind::list},
    {"map", TypeKind::map},
    {"timestamp", TypeKind::timestamp},
    {"duration", TypeKind::duration},
    {"type", TypeKind::type},
    {"optional", TypeKind::optional},
    {"quantity", TypeKind::quantity},
    {"ip", TypeKind::ip},
    {"cidr", TypeKind::cidr},
    {"url", TypeKind::url},
    {"semver", TypeKind::semver},
    {"format", TypeKind::format},
    {"authorizer", TypeKind::authorizer},
    {"pathcheck", TypeKind::path_check},
    {"groupcheck", TypeKind::group_check},
    {"resourcecheck", TypeKind::resource_check},
    {"decision", TypeKind::decision},
}};

class SignatureReader {
 public:
  SignatureReader(std::string_view text, TypePool& pool) : rest_(text), pool_(pool) {}

  Signature read(Arena& arena) {
    Signature signature;
    std::vector<const StaticType*> parameters;
    if (rest_.front() != '(') {
      parameters.push_back(type());
      signature.member = true;
      skip(".");
    }
    skip("(");
    while (rest_.front() != ')') {
      parameters.push_back(type());
      if (rest_.front() == ',') skip(", ");
    }
    skip(") -> ");
    signature.result = type();
    signature.parameters = {arena.copy(std::span<const StaticType* const>(parameters)), parameters.size()};
    return signature;
  }

 private:
  void skip(std::string_view text) { rest_.remove_prefix(text.size()); }

  const StaticType* type() {
    const std::size_t length = std::min(rest_.find_first_of("(),. "), rest_.size());
    const std::string_view word = rest_.substr(0, length);
    skip(word);
    if (word.size() == 1) return parameter(word.front());
    const auto found =
        std::find_if(kWords.begin(), kWords.end(), [&](const TypeWord& row) { return row.word == word; });
    if (!rest_.starts_with('(')) return pool_.simple(found->kind);
    skip("(");
    const StaticType* first = type();
    const StaticType* second = nullptr;
    if (rest_.front() == ',') {
      skip(", ");
      second = type();
    }
    skip(")");
    return pool_.make(found->kind, first, second);
  }

  const StaticType* parameter(char letter) {
    const StaticType*& slot = parameters_[static_cast<std::size_t>(letter - 'A')];
    if (slot == nullptr) slot = pool_.fresh();
    return slot;
  }

  std::string_view rest_;
  TypePool& pool_;
  std::array<const StaticType*, 26> parameters_{};
};

}  // namespace

Signature parse_signature(std::string_view text, TypePool& pool, Arena& arena) {
  return SignatureReader(text, pool).read(arena);
}

}  // namespace posture::cel
