// SPDX-License-Identifier: Apache-2.0
// Every finding: per check what is wrong, why it matters and how to mend it, then each object that shows it.
#include <algorithm>
#include <ostream>
#include <unordered_map>

#include "base/hash.h"
#include "base/json.h"
#include "base/parallel.h"
#include "base/text.h"
#include "report/text.h"

namespace posture {
namespace {

constexpr std::size_t kDetailIndent = 6;
constexpr std::size_t kPieceOutcomes = 512;  // that one thread writes before it looks for more

std::string upper(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](char letter) {
    return letter >= 'a' && letter <= 'z' ? static_cast<char>(letter - 'a' + 'A') : letter;
  });
  return text;
}

/// "cis-2.0.1 5.2.2, pss-baseline 3": the requirements that this check bears on.
std::string requirements_of(const Report& report, std::uint32_t check) {
  std::string out;
  for (const FrameworkResult& framework : report.frameworks) {
    bool first = true;
    for (const RequirementResult& each : framework.requirements) {
      if (!std::binary_search(each.checks.begin(), each.checks.end(), check)) continue;
      out += (out.empty() ? "" : ", ") + (first ? framework.framework->id + " " : "") + each.requirement->id;
      first = false;
    }
  }
  return escape_controls(out);
}

/// A text of a check file, whose line breaks mean nothing.
std::string prose(const std::string& text) { return escape_controls(printable(text, text.size())); }

/// One field of `observed`, as "securityContext.privileged: true"; what is absent as "not set".
std::string observed_field(const Member& member) {
  const Value value(&member.node);
  std::string text;
  if (value.is_null())
    text = "not set";
  else if (value.is_string())
    text = value.text();
  else
    write_json(value, text);
  return member.key.empty() ? text : std::string(member.key) + ": " + text;
}

/// What a finding says, wherever it stands.
struct Wording {
  std::string_view message;
  std::string_view path;
  std::string_view observed;
  friend bool operator==(const Wording&, const Wording&) = default;
};
struct WordingHash {
  std::size_t operator()(const Wording& wording) const {
    const std::hash<std::string_view> hash;
    return combined(hash(wording.message), hash(wording.path), hash(wording.observed));
  }
};

/// Some outcomes of one check: all of their objects.
struct Piece {
  const CheckResult* result = nullptr;
  std::span<const Outcome> outcomes;
  bool is_first = false;
};

void add_pieces(const Report& report, const CheckResult& result, std::vector<Piece>& pieces) {
  std::span<const Outcome> rest = outcomes_of(report.assessment, result.check);
  for (bool is_first = true; is_first || !rest.empty(); is_first = false) {
    std::size_t size = std::min(rest.size(), kPieceOutcomes);
    while (size > 0 && size < rest.size() && rest[size].object == rest[size - 1].object) ++size;
    pieces.push_back({&result, rest.first(size), is_first});
    rest = rest.subspan(size);
  }
}

/// Writes one piece. Many objects show the same, which is laid out once.
class Writer {
 public:
  Writer(const Report& report, const Style& style) : report_(report), style_(style) {}

  std::string write(const Piece& piece) {
    if (piece.is_first) write_heading(*piece.result);
    std::uint32_t last = kNoObject;
    for (const Outcome& outcome : piece.outcomes) {
      if (outcome.state != State::fail) continue;
      if (outcome.object != last) write_object(outcome.object);
      last = outcome.object;
      write_outcome(outcome);
    }
    return std::move(text_);
  }

 private:
  void write_heading(const CheckResult& result) {
    const Check& check = report_.catalog.checks[result.check];
    write_line("");
    write_line(style_.rule());
    write_title(check);
    write_lines(labelled(style_, "", about(result)));
    write_lines(labelled(style_, "Why", prose(check.why)));
    write_lines(labelled(style_, "Fix", prose(check.fix)));
  }

  void write_title(const Check& check) {
    std::string label = upper(to_string(check.severity));
    for (const std::string& line : wrap(escape_controls(check.title), style_.columns() - kLabelWidth)) {
      write_line(style_.paint(check.severity, pad_right(label, kLabelWidth)) + style_.paint(Ink::bold, line));
      label.clear();
    }
  }

  /// "privileged-container · 3 of 214 objects · cis-2.0.1 5.2.2".
  std::string about(const CheckResult& result) const {
    const std::uint64_t judged = result.of(State::pass) + result.of(State::fail) + result.of(State::waived);
    std::string text = escape_controls(report_.catalog.checks[result.check].id);
    text += style_.dot() + with_separators(result.of(State::fail)) + " of " + plural(judged, "object");
    const std::string requirements = requirements_of(report_, result.check);
    if (!requirements.empty()) text += style_.dot() + requirements;
    return text;
  }

  void write_object(std::uint32_t object) {
    write_line("");
    if (object == kNoObject) return;
    const std::string label = style_.middle(label_of(report_.assessment.objects[object]), style_.columns() - 2);
    write_line("  " + style_.paint(Ink::bold, label));
  }

  /// The last line of the details, which may still grow.
  struct Line {
    std::string text;
    std::size_t width = 0;
  };
  /// The message and the details.
  struct Layout {
    std::string text;
    Line line;
  };

  void write_outcome(const Outcome& outcome) {
    const Layout& layout = layout_of({outcome.message, outcome.path, outcome.observed});
    text_ += layout.text;
    line_ = layout.line;
    if (!outcome.file.empty())
      add_detail("in " + escape_controls(outcome.file) + ':' + std::to_string(outcome.line), line_, text_);
    if (outcome.observed_on != kNoObject) add_detail("seen on " + seen_on(outcome), line_, text_);
    end_line(line_, text_);
  }

  const Layout& layout_of(const Wording& wording) {
    const auto [place, is_new] = layouts_.try_emplace(wording);
    Layout& layout = place->second;
    if (!is_new) return layout;
    for (const std::string& line : indented(style_, escape_controls(wording.message), 4)) {
      layout.text.append(line).push_back('\n');
    }
    const std::string path = escape_controls(wording.path);
    if (!path.empty())
      add_detail("at " + style_.middle(path, style_.columns() - kDetailIndent - 3), layout.line, layout.text);
    for (const std::string& field : observed(wording.observed)) add_detail(field, layout.line, layout.text);
    return layout;
  }

  /// Side by side as long as they fit; a line that is full goes to `out`.
  void add_detail(std::string_view detail, Line& line, std::string& out) const {
    const std::string_view dot = line.text.empty() ? "" : style_.dot();
    const std::size_t wanted = display_width(dot) + display_width(detail);
    if (line.width + wanted + kDetailIndent > style_.columns()) {
      end_line(line, out);
      line = {std::string(detail), display_width(detail)};
    } else {
      line.text.append(dot).append(detail);
      line.width += wanted;
    }
  }

  void end_line(Line& line, std::string& out) const {
    if (line.text.empty()) return;
    if (line.width + kDetailIndent <= style_.columns()) {
      out.append(style_.paint(Ink::dim, line.text.insert(0, kDetailIndent, ' '))).push_back('\n');
    } else {
      for (const std::string& each : indented(style_, line.text, kDetailIndent)) {
        out.append(style_.paint(Ink::dim, each)).push_back('\n');
      }
    }
    line.text.clear();
    line.width = 0;
  }

  void write_line(std::string_view line) { text_.append(line).push_back('\n'); }
  void write_lines(const Lines& lines) {
    for (const std::string& line : lines) write_line(line);
  }

  std::vector<std::string> observed(std::string_view json) {
    if (json.empty()) return {};
    std::vector<std::string> fields;
    for (const Member& member : Value(parser_.parse_copy(json)).members()) {
      fields.push_back(escape_controls(observed_field(member)));
    }
    return fields;
  }

  std::string seen_on(const Outcome& outcome) const {
    std::string label = label_of(report_.assessment.objects[outcome.observed_on]);
    if (outcome.observed_count <= 1) return label;
    return label + " and " + with_separators(outcome.observed_count - 1) + " more";
  }

  const Report& report_;
  const Style& style_;
  std::string text_;
  Line line_;  // of the outcome being written
  JsonParser parser_;
  std::unordered_map<Wording, Layout, WordingHash> layouts_;
};

}  // namespace

void write_findings(const Report& report, const Style& style, std::size_t threads, std::ostream& out) {
  std::vector<Piece> pieces;
  for (const Fix& fix : ranked_fixes(report)) add_pieces(report, report.checks[fix.result], pieces);
  const auto write = [&](std::size_t index) { return Writer(report, style).write(pieces[index]); };
  make_in_order(pieces.size(), threads, write, [&out](const std::string& text) { out << text; });
}

}  // namespace posture
