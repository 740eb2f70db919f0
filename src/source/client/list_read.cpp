// SPDX-License-Identifier: Apache-2.0
#include "source/client/list_read.h"

#include <algorithm>
#include <functional>
#include <utility>

#include "base/json.h"
#include "base/text.h"
#include "source/client/item_identity.h"
#include "source/client/request_path.h"

namespace posture {
namespace {

constexpr const char* kJson = "application/json";
constexpr const char* kMetadata = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1";
constexpr std::uint64_t kMostRemaining = 1'000'000'000'000;  // a server may say anything
constexpr int kMaxMalformedTries = 3;  // of one page
constexpr int kMaxDamagedTries = 3;    // of one list
constexpr std::size_t kMaxNameBytes = 300;

std::string path_of(const Session& session, const ListRequest& request, const std::string& token) {
  return list_path(request, session.options.page_size, token);
}

/// Kubernetes' own kinds are listed as KindList; a custom one may name its list as it likes.
bool may_be_list_of(const Resource& resource, std::string_view kind) {
  const bool is_custom = resource.group.find('.') != std::string::npos && !resource.group.ends_with(".k8s.io");
  return is_custom ? kind.ends_with("List") : kind == resource.kind + "List";
}

bool is_secret(const Resource& resource) { return resource.group.empty() && resource.name == "secrets"; }

/// Of Secrets an answer with their contents is worse than none: there is no second choice.
std::string accept_of(const ListRequest& request) {
  if (is_secret(request.resource)) return kMetadata;
  return request.metadata_only ? std::string(kMetadata) + "," + kJson : kJson;
}

bool is_metadata_list(Value envelope) {
  return envelope["kind"].text() == "PartialObjectMetadataList" && envelope["apiVersion"].text() == "meta.k8s.io/v1";
}

/// Why the envelope is not that of the list asked for; "" when it is.
std::string envelope_flaw(Value envelope, const ListRequest& request) {
  const Resource& resource = request.resource;
  const std::string_view kind = envelope["kind"].text();
  const std::string_view version = envelope["apiVersion"].text();
  if ((request.metadata_only || is_secret(resource)) && is_metadata_list(envelope)) return "";
  const bool is_list = may_be_list_of(resource, kind) && version == api_version(resource);
  if (is_list && !is_secret(resource)) return "";
  return "the answer is of kind " + printable(version, 100) + " " + printable(kind, 100) + ", not a list of " +
         group_resource(resource);
}

}  // namespace

ListRead::ListRead(Session& session, const ListRequest& request, std::size_t index, ListSink& sink)
    : session_(session),
      request_(request),
      index_(index),
      sink_(sink),
      attempts_(session) {}

void ListRead::begin_page() {
  head_ = {};
  cutter_.reset();
  holds_whole_objects_ = false;
  page_bytes_ = 0;
  next_.reset();
  other_body_.clear();
  oversize_.resize(oversize_before_);
}

void ListRead::start() {
  begin_page();
  session_.transport.start({path_of(session_, request_, token_), accept_of(request_), ""}, *this);
  attempts_.begin();
}

// The API server names the next page before the first item.
bool ListRead::may_look_ahead() {
  if (ahead_ || !attempts_.is_running() || fresh_.empty()) return false;
  if (!next_) {
    JsonParser parser;
    next_ = beginning(parser)["metadata"]["continue"].text();
  }
  return !next_->empty() && !tokens_.contains(*next_);
}

void ListRead::look_ahead() {
  const std::string token = next_.value_or("");
  const HttpRequest request{path_of(session_, request_, token), accept_of(request_), ""};
  ahead_ = {token, session_.transport.hold(request), session_.authorization.generation()};
}

void ListRead::drop_ahead() {
  if (ahead_) session_.transport.drop(ahead_->held);
  ahead_.reset();
}

/// What was asked for ahead is the page under way, unless it broke off meanwhile: then it is due like any other.
void ListRead::take_ahead() {
  if (!ahead_ || ahead_->token != token_ || !session_.transport.holds(ahead_->held)) return drop_ahead();
  const Ahead ahead = std::move(*ahead_);
  ahead_.reset();
  begin_page();
  attempts_.begin(ahead.generation);
  session_.transport.take(ahead.held, *this);
}

void ListRead::stop(const StopReason& reason) { finish(gap(reason.reason, 0, reason.message)); }

void ListRead::head(const HttpHead& head) {
  head_ = head;
  if (head.status < 200 || head.status > 299 || !is_acceptable(head.content_type, kJson)) return;
  cutter_.emplace(
      [this](Item item) { take(std::move(item)); },
      [this](std::string_view beginning) { oversize_.push_back(printable(item_name(beginning), kMaxNameBytes)); });
}

bool ListRead::body(std::string_view chunk) {
  page_bytes_ += chunk.size();
  if (cutter_) return cutter_->feed(chunk) && page_bytes_ <= kMaxPageBytes && !is_endless() && !holds_whole_objects_;
  other_body_.append(chunk.substr(0, kMaxErrorBytes - std::min(kMaxErrorBytes, other_body_.size())));
  return page_bytes_ <= kMaxErrorBytes;
}

void ListRead::take(Item item) {
  holds_whole_objects_ = holds_whole_objects_ || (is_secret(request_.resource) && !is_metadata_page());
  if (holds_whole_objects_ || is_endless() || came_before(item.text())) return;
  ++delivered_;
  ++session_.progress.objects;
  sink_.item(index_, std::move(item));
}

/// What came before the first item of the page under way: the API server says first what a list is.
Value ListRead::beginning(JsonParser& parser) const {
  if (!cutter_) return {};
  return Value(parser.parse_copy(cutter_->envelope() + (cutter_->complete() ? "" : "]}")));
}

bool ListRead::is_metadata_page() const {
  if (!fresh_.empty()) return true;  // an earlier item was looked at
  JsonParser parser;
  return is_metadata_list(beginning(parser));
}

bool ListRead::came_before(std::string_view item) {
  const std::string identity = item_identity(item);
  const std::uint64_t hash = std::hash<std::string_view>()(identity.empty() ? item : std::string_view(identity));
  fresh_.push_back(hash);
  const auto found = known_.find(hash);
  if (found == known_.end()) return false;
  known_.erase(found);
  return true;
}

void ListRead::end(const TransferEnd& end) {
  if (holds_whole_objects_) {
    return finish(gap(GapReason::malformed, head_.status,
                      "the server sent whole objects where only metadata was asked for; they were not read"));
  }
  if (is_endless()) {
    return finish(gap(GapReason::malformed, head_.status,
                      "the list does not end: one page has more than " + with_separators(kMaxPageItems) + " objects"));
  }
  if (cutter_) return end.ending == Ending::complete && cutter_->complete() ? page_done(*cutter_) : page_failed(end);
  if (head_.status == 0 || (end.ending != Ending::complete && end.ending != Ending::stopped)) return page_failed(end);
  if (head_.status < 200 || head_.status > 399) return refused(read_status(head_.status, other_body_));
  const bool redirected = head_.status >= 300;
  finish(gap(GapReason::malformed, head_.status,
             redirected ? describe_refusal(head_, other_body_) : describe_wrong_type(head_, other_body_)));
}

void ListRead::page_done(const ListCutter& page) {
  JsonParser parser;
  const Value envelope(parser.parse_copy(page.envelope()));
  if (!envelope.present()) return page_failed({Ending::stopped, parser.error()});
  std::string flaw = envelope_flaw(envelope, request_);
  if (flaw.empty() && !page.saw_items() && !envelope["items"].is_null()) flaw = "the answer is a list without items";
  if (is_status_object(envelope["kind"].text(), envelope["apiVersion"].text())) {
    const ServerStatus status = read_status(head_.status, page.envelope());
    if (status.code >= 400) return refused(status);
  }
  if (!flaw.empty()) return finish(gap(GapReason::malformed, head_.status, flaw));
  attempts_.went_well();
  ++session_.progress.pages;
  const std::string token(envelope["metadata"]["continue"].text());
  if (token.empty()) return finish(std::nullopt);
  if (++pages_ == kMaxPages || !tokens_.insert(token).second) {
    return finish(
        gap(GapReason::malformed, head_.status, "the list does not end: the server repeats a continue token"));
  }
  const Value remaining = envelope["metadata"]["remainingItemCount"];
  const bool is_known = remaining.is(ValueType::integer) && remaining.integer() >= 0;
  expect(is_known ? std::optional(static_cast<std::uint64_t>(remaining.integer())) : std::nullopt);
  go_on(token);
}

/// Keeps the sums of all lists right.
void ListRead::expect(std::optional<std::uint64_t> remaining) {
  ReadProgress& progress = session_.progress;
  progress.remaining -= remaining_.value_or(0);
  progress.lists_unknown -= remaining_ ? 0 : 1;
  remaining_ = remaining ? std::optional(std::min(*remaining, kMostRemaining)) : std::nullopt;
  progress.remaining += remaining_.value_or(0);
  progress.lists_unknown += remaining_ ? 0 : 1;
}

void ListRead::go_on(const std::string& token) {
  token_ = token;
  forget_page();
  attempts_.next_page();
  take_ahead();
}

void ListRead::forget_page() {
  malformed_tries_ = 0;
  fresh_.clear();
  oversize_before_ = oversize_.size();
}

// Cut in the middle, or no list at all: the same page once more, less what is known of it.
void ListRead::page_failed(const TransferEnd& end) {
  drop_ahead();
  const std::string flaw = cutter_ ? cutter_->flaw() : "";
  const bool malformed = end.ending == Ending::complete || end.ending == Ending::stopped;
  if (end.ending == Ending::damaged) return page_damaged(end.detail);
  if (malformed && head_.packed) return page_damaged(flaw.empty() ? "it is not whole JSON" : flaw);
  known_.insert(fresh_.begin(), fresh_.end());
  fresh_.clear();
  const TransferEnd broken{malformed ? Ending::broken : end.ending, end.detail};
  const bool enough = malformed && ++malformed_tries_ == kMaxMalformedTries;
  if (!enough && attempts_.again({broken, {}, {}, {}, path_of(session_, request_, token_)})) return;
  const std::string what = !flaw.empty() ? "the answer is not a list: " + flaw
                           : malformed   ? "the answer is not whole JSON"
                                         : "the answer broke off: " + end.detail;
  finish(gap(malformed ? GapReason::malformed : GapReason::unavailable, head_.status, what));
}

// A byte that goes wrong in gzip form makes others wrong, and items that parse may be none: all is void.
void ListRead::page_damaged(const std::string& what) {
  const std::string path = path_of(session_, request_, token_);
  forget_list();
  const bool enough = ++damaged_tries_ == kMaxDamagedTries;
  if (!enough && attempts_.again({{Ending::broken, what}, {}, {}, {}, path})) return;
  finish(gap(GapReason::malformed, head_.status, "the answer, which came in gzip form, is damaged: " + what));
}

void ListRead::refused(const ServerStatus& status) {
  drop_ahead();
  if (status.code == 410 && !token_.empty()) return expired(status);
  HttpHead head = head_;
  head.status = status.code;
  if (attempts_.again({{}, head, other_body_, status.reason, path_of(session_, request_, token_)})) return;
  // Discovery named it a moment ago: a server that denies it now is not well, and silence would look like absence.
  const GapReason reason = gap_reason(status.code);
  finish(gap(reason == GapReason::not_served ? GapReason::unavailable : reason, status.code, describe(status)));
}

void ListRead::expired(const ServerStatus& status) {
  const bool can_resume = !status.continue_token.empty() && tokens_.insert(status.continue_token).second;
  if (!restarted_ && (delivered_ < kRestartBelowItems || !can_resume)) return begin_anew();
  if (!can_resume || ++resumptions_ > kMaxResumptions) {
    return finish(gap(GapReason::unavailable, status.code, describe(status)));
  }
  go_on(status.continue_token);
}

void ListRead::begin_anew() {
  restarted_ = true;
  forget_list();
  go_on("");
}

void ListRead::forget_list() {
  token_.clear();
  tokens_.clear();
  pages_ = 0;
  delivered_ = 0;
  resumptions_ = 0;
  oversize_.clear();
  known_.clear();
  forget_page();
  sink_.restart(index_);
}

Gap ListRead::gap(GapReason reason, int status, std::string message) const {
  Gap gap;
  gap.resource = group_resource(request_.resource);
  gap.ns = request_.ns;
  gap.status = status;
  gap.reason = reason;
  gap.message = std::move(message);
  return gap;
}

/// Adds what is missing from a list that otherwise came to its end.
std::optional<Gap> ListRead::with_remarks(std::optional<Gap> gap_or_none) const {
  const auto remark = [&](GapReason reason, int status, const std::string& message) {
    if (!gap_or_none) {
      gap_or_none = gap(reason, status, message);
    } else {
      gap_or_none->message += "; " + message;
    }
  };
  if (!oversize_.empty()) {
    const std::string count =
        oversize_.size() == 1 ? "one object is" : std::to_string(oversize_.size()) + " objects are";
    remark(GapReason::too_large, 0,
           count + " larger than " + std::to_string(kMaxItemBytes >> 20) + " MiB, the first is " +
               (oversize_.front().empty() ? "nameless" : oversize_.front()));
  }
  if (resumptions_ > 0) {
    remark(GapReason::unavailable, 410,
           "the list expired while it was read and went on from a newer state of the cluster");
  }
  return gap_or_none;
}

void ListRead::finish(std::optional<Gap> gap_or_none) {
  std::optional<Gap> last = with_remarks(std::move(gap_or_none));
  if (last) last->partial = delivered_ > 0;
  drop_ahead();
  attempts_.done();
  expect(0);
  ++session_.progress.lists_done;
  sink_.end(index_, last);
}

}  // namespace posture
