// SPDX-License-Identifier: Apache-2.0
#include "base/yaml.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <istream>
#include <optional>
#include <streambuf>
#include <unordered_map>
#include <utility>

#include "base/text.h"
#include "base/tree.h"
#include "base/yaml_scalar.h"
#include "base/yaml_text.h"

namespace posture {
namespace {

YamlMark to_mark(const YAML::Mark& mark) {
  return {static_cast<std::size_t>(mark.line) + 1, static_cast<std::size_t>(mark.column) + 1};
}

/// A finished value that waits for its place in a collection.
struct Child {
  std::string_view key;
  Node node;
  YamlMark mark;
  bool merge = false;
};

/// A collection whose end has not come yet.
struct Open {
  bool is_map = false;
  bool block = false;
  bool has_key = false;  // a key was read, its value is due
  bool merge = false;    // and that key is a plain <<
  std::string_view key;
  YAML::Mark key_mark = {};
  YamlMark mark;
  YAML::anchor_t anchor = YAML::NullAnchor;
  std::size_t nodes_before = 0;
  std::size_t height = 1;
  std::vector<Child> children;
};

/// What an alias stands for, and what it costs.
struct Anchored {
  Node node;
  std::size_t nodes = 0;
  std::size_t height = 0;
};

/// Streams a borrowed text without copying it.
class TextBuffer : public std::streambuf {
 public:
  explicit TextBuffer(std::string& text) { setg(text.data(), text.data(), text.data() + text.size()); }
};

/// Members with unique keys, in the order of their first appearance.
class UniqueMembers {
 public:
  explicit UniqueMembers(std::size_t expected) { members_.reserve(expected); }

  void put(const Child& child) {
    if (const std::size_t at = find(child.key); at < members_.size()) {
      members_[at] = child;
      return;
    }
    members_.push_back(child);
    if (members_.size() > kLinear) index(members_.size() == kLinear + 1 ? 0 : members_.size() - 1);
  }
  const std::vector<Child>& members() const { return members_; }

 private:
  static constexpr std::size_t kLinear = 24;

  std::size_t find(std::string_view key) const {
    if (members_.size() > kLinear) {
      const auto found = index_.find(key);
      return found == index_.end() ? members_.size() : found->second;
    }
    const auto found = std::find_if(members_.begin(), members_.end(), [&](const Child& m) { return m.key == key; });
    return static_cast<std::size_t>(found - members_.begin());
  }
  void index(std::size_t from) {
    for (std::size_t i = from; i < members_.size(); ++i) index_.emplace(members_[i].key, i);
  }

  std::vector<Child> members_;
  std::unordered_map<std::string_view, std::size_t> index_;
};

}  // namespace

/// Receives the parser's events and grows the documents.
class YamlBuilder : public YAML::EventHandler {
 public:
  YamlBuilder(std::string_view text, const std::string& file) : text_(text), file_(file) {}
  std::vector<YamlDocument> take() { return std::move(documents_); }

  void OnDocumentStart(const YAML::Mark& mark) override;
  void OnDocumentEnd() override;
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override;
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override;
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& text) override;
  void OnSequenceStart(const YAML::Mark& mark, const std::string& /*tag*/, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value /*style*/) override {
    open(mark, anchor, false, false);
  }
  void OnMapStart(const YAML::Mark& mark, const std::string& /*tag*/, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value style) override {
    open(mark, anchor, true, style == YAML::EmitterStyle::Block);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapEnd() override { close(); }

 private:
  Arena& arena() { return documents_.back().arena_; }
  bool key_is_due() const { return !open_.empty() && open_.back().is_map && !open_.back().has_key; }
  void open(const YAML::Mark& mark, YAML::anchor_t anchor, bool is_map, bool block);
  void close();
  void add(const Anchored& value, const YamlMark& mark);
  void set_key(const YamlScalar& scalar, bool merge, const YAML::Mark& mark);
  void merge_into(UniqueMembers& members, const Child& from);
  void spend(std::size_t nodes, const YamlMark& mark);
  Node scalar_node(const YamlScalar& scalar);
  Node list_node(const std::vector<Child>& children);
  Node map_node(const std::vector<Child>& children);
  void remember_place(const Node* node, const YamlMark& mark);
  bool starts_cleanly(const YAML::Mark& mark) const;
  [[noreturn]] void refuse(const std::string& message, const YamlMark& mark) const {
    refuse_yaml(file_, message, mark);
  }

  std::string_view text_;
  const std::string& file_;
  std::vector<YamlDocument> documents_;
  std::vector<Open> open_;
  std::unordered_map<YAML::anchor_t, Anchored> anchors_;
  std::size_t nodes_ = 0;
};

void YamlBuilder::OnDocumentStart(const YAML::Mark& mark) {
  if (!starts_cleanly(mark))
    refuse("bad YAML: text after the end of the document, expected a line with ---", to_mark(mark));
  if (documents_.size() == kMaxYamlDocuments) refuse("bad YAML: too many documents", to_mark(mark));
  documents_.emplace_back();
  Node* root = arena().make_array<Node>(1);
  documents_.back().root_ = root;
  anchors_.clear();
}

// yaml-cpp takes whatever follows a finished value as one more document.
bool YamlBuilder::starts_cleanly(const YAML::Mark& mark) const {
  if (documents_.empty()) return true;
  const std::string_view before = text_.substr(0, static_cast<std::size_t>(mark.pos));
  const std::size_t end = before.find_last_not_of(" \t\r\n");
  const std::string_view written = before.substr(0, end == std::string_view::npos ? 0 : end + 1);
  return text_.substr(before.size(), 3) == "---" ||
         (written.size() >= 3 && written.substr(written.size() - 3) == "...");
}

void YamlBuilder::OnDocumentEnd() {
  YamlDocument& document = documents_.back();
  document.empty_ = document.root().is_null();
  std::sort(document.places_.begin(), document.places_.end(),
            [](const auto& a, const auto& b) { return std::less<>()(a.node, b.node); });
}

void YamlBuilder::OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) {
  if (key_is_due()) refuse("bad YAML: a key may not be null", to_mark(mark));
  // A line without a colon reaches us as a key whose null value stands where the key does.
  const Open* parent = open_.empty() ? nullptr : &open_.back();
  if (parent != nullptr && parent->block && parent->has_key && parent->key_mark.pos == mark.pos) {
    refuse("bad YAML: could not find the ':' after this key", to_mark(mark));
  }
  spend(1, to_mark(mark));
  const Anchored value{Node{}, 1, 0};
  if (anchor != YAML::NullAnchor) anchors_[anchor] = value;
  add(value, to_mark(mark));
}

void YamlBuilder::OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) {
  const auto found = anchors_.find(anchor);
  if (found == anchors_.end()) refuse("bad YAML: an alias inside what it stands for", to_mark(mark));
  const Anchored& value = found->second;
  spend(value.nodes, to_mark(mark));
  if (open_.size() + value.height > kMaxYamlDepth) refuse("bad YAML: nested too deep", to_mark(mark));
  if (!key_is_due()) return add(value, to_mark(mark));
  if (!Value(&value.node).is_string()) refuse("bad YAML: a key must be text", to_mark(mark));
  set_key(std::string(Value(&value.node).text()), false, mark);
}

void YamlBuilder::OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                           const std::string& text) {
  spend(1, to_mark(mark));
  const std::optional<YamlScalar> scalar = resolve_yaml_scalar(tag, text);
  if (!scalar) refuse("bad YAML: the value does not fit its tag", to_mark(mark));
  const double* real = std::get_if<double>(&*scalar);
  if (real != nullptr && !std::isfinite(*real)) refuse("bad YAML: JSON has no infinity and no NaN", to_mark(mark));
  const bool is_key = key_is_due();
  const Anchored value{is_key && anchor == YAML::NullAnchor ? Node{} : scalar_node(*scalar), 1, 0};
  if (anchor != YAML::NullAnchor) anchors_[anchor] = value;
  if (!is_key) return add(value, to_mark(mark));
  set_key(*scalar, text == "<<" && (tag == "?" || tag == "tag:yaml.org,2002:merge"), mark);
}

void YamlBuilder::open(const YAML::Mark& mark, YAML::anchor_t anchor, bool is_map, bool block) {
  if (key_is_due()) refuse("bad YAML: a key must be text, not a list or map", to_mark(mark));
  if (open_.size() == kMaxYamlDepth) refuse("bad YAML: nested too deep", to_mark(mark));
  Open collection;
  collection.is_map = is_map;
  collection.block = block;
  collection.nodes_before = nodes_;
  collection.mark = to_mark(mark);
  collection.anchor = anchor;
  spend(1, collection.mark);
  open_.push_back(std::move(collection));
}

void YamlBuilder::close() {
  const Open closed = std::move(open_.back());
  open_.pop_back();
  const Node node = closed.is_map ? map_node(closed.children) : list_node(closed.children);
  const Anchored value{node, nodes_ - closed.nodes_before, closed.height};
  if (closed.anchor != YAML::NullAnchor) anchors_[closed.anchor] = value;
  add(value, closed.mark);
}

void YamlBuilder::set_key(const YamlScalar& scalar, bool merge, const YAML::Mark& mark) {
  const std::optional<std::string> key = yaml_key(scalar);
  if (!key) refuse("bad YAML: a key may not be null", to_mark(mark));
  Open& map = open_.back();
  map.key = arena().keep(*key);
  map.key_mark = mark;
  map.merge = merge;
  map.has_key = true;
}

void YamlBuilder::add(const Anchored& value, const YamlMark& mark) {
  if (open_.empty()) {
    Node* root = arena().copy(std::span<const Node>(&value.node, 1));
    documents_.back().root_ = root;
    return remember_place(root, mark);
  }
  Open& parent = open_.back();
  parent.height = std::max(parent.height, value.height + 1);
  parent.children.push_back({parent.key, value.node, mark, parent.merge});
  parent.has_key = false;
  parent.merge = false;
}

void YamlBuilder::spend(std::size_t nodes, const YamlMark& mark) {
  nodes_ += nodes;
  if (nodes_ > kMaxYamlNodes) refuse("bad YAML: more than " + std::to_string(kMaxYamlNodes) + " nodes", mark);
}

Node YamlBuilder::scalar_node(const YamlScalar& scalar) {
  if (const bool* boolean = std::get_if<bool>(&scalar)) return boolean_node(*boolean);
  if (const std::int64_t* whole = std::get_if<std::int64_t>(&scalar)) return integer_node(*whole);
  if (const double* real = std::get_if<double>(&scalar)) return real_node(*real);
  if (const std::string* text = std::get_if<std::string>(&scalar)) return text_node(arena().keep(*text));
  return {};
}

Node YamlBuilder::list_node(const std::vector<Child>& children) {
  Node list;
  list.type = ValueType::list;
  list.size = static_cast<std::uint32_t>(children.size());
  list.elements = arena().make_array<Node>(children.size());
  for (std::size_t i = 0; i < children.size(); ++i) {
    list.elements[i] = children[i].node;
    remember_place(list.elements + i, children[i].mark);
  }
  return list;
}

Node YamlBuilder::map_node(const std::vector<Child>& children) {
  UniqueMembers unique(children.size());
  for (const Child& child : children) child.merge ? merge_into(unique, child) : unique.put(child);
  Node map;
  map.type = ValueType::map;
  map.size = static_cast<std::uint32_t>(unique.members().size());
  map.members = arena().make_array<Member>(map.size);
  for (std::size_t i = 0; i < map.size; ++i) {
    map.members[i] = {unique.members()[i].key, unique.members()[i].node};
    remember_place(&map.members[i].node, unique.members()[i].mark);
  }
  return map;
}

// As go-yaml v2 does: where it stands, so that later members win over it and it wins over earlier ones; of several maps
// the first wins.
void YamlBuilder::merge_into(UniqueMembers& members, const Child& from) {
  const Value value(&from.node);
  if (value.is_list()) {
    for (std::size_t i = value.size(); i-- > 0;) {
      const Child each{{}, value.elements()[i], from.mark, true};
      if (!value.at(i).is_map()) refuse("bad YAML: << wants a map or a list of maps", from.mark);
      merge_into(members, each);
    }
    return;
  }
  if (!value.is_map()) refuse("bad YAML: << wants a map or a list of maps", from.mark);
  for (const Member& member : value.members()) members.put({member.key, member.node, from.mark, false});
}

void YamlBuilder::remember_place(const Node* node, const YamlMark& mark) {
  documents_.back().places_.push_back(
      {node, static_cast<std::uint32_t>(mark.line), static_cast<std::uint32_t>(mark.column)});
}

YamlMark YamlDocument::mark(Value value) const {
  const auto found =
      std::lower_bound(places_.begin(), places_.end(), value.node(),
                       [](const Place& place, const Node* node) { return std::less<>()(place.node, node); });
  if (found == places_.end() || found->node != value.node()) return {};
  return {found->line, found->column};
}

std::vector<YamlDocument> parse_yaml(std::string_view text, const std::string& file) {
  std::string copy = yaml_bytes(text, file);
  TextBuffer buffer(copy);
  std::istream stream(&buffer);
  YamlBuilder builder(copy, file);
  try {
    YAML::Parser parser(stream);
    while (parser.HandleNextDocument(builder)) {}
  } catch (const YAML::ParserException& error) {
    refuse_yaml(file, "bad YAML: " + printable(error.msg), to_mark(error.mark));
  }
  return builder.take();
}

}  // namespace posture
