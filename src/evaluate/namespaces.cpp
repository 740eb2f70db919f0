// SPDX-License-Identifier: Apache-2.0
#include "evaluate/namespaces.h"

#include <algorithm>

#include "base/json.h"
#include "base/text.h"

namespace posture {

namespace {

constexpr std::size_t kMostNamesSaid = 3;

/// Keeps the names of what passes.
class Names : public ListSink {
 public:
  void item(std::size_t /*request*/, Item item) override {
    const Value root(parser_.parse(item.text()));
    const std::string_view name = root["metadata"]["name"].text();
    if (!name.empty()) names.emplace_back(name);
  }
  void restart(std::size_t /*request*/) override { names.clear(); }
  void end(std::size_t /*request*/, const std::optional<Gap>& end) override { gap = end; }

  std::vector<std::string> names;
  std::optional<Gap> gap;

 private:
  JsonParser parser_;
};

/// "a, b, c and 4 others"
std::string said(const std::vector<std::string>& names) {
  std::string text;
  const std::size_t shown = names.size() == kMostNamesSaid + 1 ? names.size() : std::min(names.size(), kMostNamesSaid);
  for (std::size_t i = 0; i < shown; ++i) text += (i == 0 ? "" : ", ") + names[i];
  return shown == names.size() ? text : text + " and " + std::to_string(names.size() - shown) + " others";
}

bool is_worth_narrowing(const ListRequest& request, const std::optional<Gap>& gap) {
  constexpr int kForbidden = 403;
  constexpr int kServerError = 500;
  return gap && request.resource.namespaced && request.ns.empty() &&
         (gap->status == kForbidden || gap->status == kServerError);
}

/// What a DNS label is made of. No server has a namespace with other letters.
bool may_be_a_namespace(const std::string& name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char letter) {
    return (letter >= 'a' && letter <= 'z') || is_digit(letter) || letter == '-';
  });
}

/// nullopt when it is there.
std::optional<Gap> look_for(Source& source, const std::string& ns) {
  constexpr int kNotFound = 404;
  const std::string path = "/api/v1/namespaces/" + ns;
  std::optional<Gap> gap;
  if (may_be_a_namespace(ns)) gap = source.get({path}).gap;
  const bool is_missing = !may_be_a_namespace(ns) || (gap && gap->status == kNotFound);
  if (is_missing) gap = Gap{path, "", kNotFound, GapReason::not_found, "there is no namespace of this name", false};
  return gap;
}

bool ended_early(const Gap& gap) {
  return gap.reason == GapReason::interrupted || gap.reason == GapReason::out_of_time;
}

}  // namespace

const std::vector<std::string>& Namespaces::names() {
  if (!was_read_) read();
  return names_;
}

const std::string& Namespaces::others() {
  if (!was_read_) read();
  return others_;
}

void Namespaces::read() {
  was_read_ = true;
  Names found;
  if (const Resource* resource = discovery_.find("", "Namespace")) {
    const ListRequest request{*resource, ""};
    source_.list({&request, 1}, found);
    if (found.gap) others_ = "which others there are is not known: " + found.gap->message;
  } else {
    others_ = "which others there are is not known: the server does not serve namespaces";
  }
  names_ = std::move(found.names);
  if (names_.empty() && !own_.empty()) names_.push_back(own_);
  std::sort(names_.begin(), names_.end());
  names_.erase(std::unique(names_.begin(), names_.end()), names_.end());
  if (names_.size() <= kMaxNamespacesTried) return;
  others_ = std::to_string(names_.size() - kMaxNamespacesTried) + " more were not tried";
  names_.resize(kMaxNamespacesTried);
}

NarrowedLists narrow(const std::vector<PlannedList>& lists, const std::vector<std::optional<Gap>>& gaps,
                     Namespaces& namespaces) {
  NarrowedLists narrowed;
  for (std::size_t i = 0; i < lists.size(); ++i) {
    if (!is_worth_narrowing(lists[i].request, gaps[i])) continue;
    for (const std::string& ns : namespaces.names()) {
      narrowed.lists.push_back(lists[i]);
      narrowed.lists.back().request.ns = ns;
      narrowed.of.push_back(i);
    }
  }
  return narrowed;
}

bool came(const NamespaceEnd& end) { return !end.gap || end.gap->partial; }

std::map<std::string, Gap> look_for_empty(Source& source, const std::vector<std::string>& named,
                                          const std::set<std::string>& with_answer) {
  std::map<std::string, Gap> missing;
  for (const std::string& ns : named) {
    if (with_answer.contains(ns)) continue;
    if (const std::optional<Gap> gap = look_for(source, ns)) missing.emplace(ns, *gap);
  }
  return missing;
}

std::optional<Gap> remaining_gap(const Gap& whole, const std::vector<NamespaceEnd>& ends, const std::string& others) {
  Gap gap = whole;
  std::string reason = others;
  for (const NamespaceEnd& end : ends) {
    (end.gap ? gap.unread_in : gap.read_in).push_back(end.ns);
    gap.partial |= came(end);
    if (!end.gap) continue;
    if (gap.unread_in.size() == 1) reason = end.gap->message;
    if (ended_early(*end.gap)) gap.reason = end.gap->reason;
  }
  if (gap.unread_in.empty() && others.empty()) return std::nullopt;
  if (gap.read_in.empty()) {
    gap.unread_in.clear();
    return gap;
  }
  gap.message = "read in " + said(gap.read_in);
  if (!gap.unread_in.empty()) gap.message += "; not in " + said(gap.unread_in);
  gap.message += ": " + reason;
  return gap;
}

}  // namespace posture
