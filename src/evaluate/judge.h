// SPDX-License-Identifier: Apache-2.0
// One object against the checks that match it. One Judge per thread.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "base/arena.h"
#include "evaluate/compile.h"
#include "evaluate/elements.h"
#include "evaluate/host.h"
#include "evaluate/part.h"
#include "evaluate/template_memo.h"

namespace posture {

/// What is known while a wave is judged; must not change meanwhile.
struct Knowledge {
  const Facts& facts;
  const Reads& reads;
  const std::vector<Gap>& gaps;  ///< the words for what is missing
};

class Judge {
 public:
  explicit Judge(const Knowledge& known) : known_(known) {}

  std::unique_ptr<Part> new_part(std::size_t checks) const { return std::make_unique<Part>(checks, texts_); }

  /// Into a part that this judge made.
  void judge(const Object& object, const std::vector<const CompiledCheck*>& checks,
             const std::shared_ptr<const ManifestLocation>& location, Part& part);
  /// The pseudo-object APIServer, seen on one replica. `whole`: no replica can be hidden from us; else a pass proves nothing.
  void judge_api_server(const ApiServer& server, const CompiledCheck& check, std::optional<std::uint32_t> hidden,
                        Part& part);

 private:
  struct Target;
  struct Place;
  /// Pods of one controller and of one spec, by its entry of the memo.
  struct Copies {
    const Part* part = nullptr;
    std::uint32_t controller = 0;
    std::uint64_t spec = 0;
    friend bool operator==(const Copies&, const Copies&) = default;
  };
  using Checks = std::vector<const CompiledCheck*>;
  void judge_spec(const Checks& checks, const Target& target, Part& part);
  State judge_unknown(const CompiledCheck& check, const Target& target, Part& part, TemplateMemo::Entry& known,
                      std::uint8_t& place);
  void see(Shown& shown, const Target& target, Part& part);
  State judge_elements(const CompiledCheck& check, const Target& target, Part& part,
                       std::vector<Shown>* kept = nullptr);
  State judge_element(const CompiledCheck& check, const Place& place, Part& part, std::vector<Shown>* kept = nullptr);
  Words words(const CompiledCheck& check, const Place& place, const cel::Datum& verdict, State state);
  void speak(Finding& finding, Words words, const Target& target);
  std::string reason(const cel::Datum& verdict, std::optional<std::uint32_t> gap) const;

  Knowledge known_;
  std::shared_ptr<Texts> texts_ = std::make_shared<Texts>();
  Arena arena_;
  cel::Scratch scratch_;
  TemplateMemo memo_;
  Copies copies_;  // of the last pod
  std::vector<std::uint32_t> copied_;  // what they show, by index in the Part
  std::vector<Shown> shown_;  // what is true of one spec alone
  std::string pointer_;
  std::vector<Element> elements_;  // of the object and check being judged
};

}  // namespace posture
