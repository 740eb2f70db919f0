// SPDX-License-Identifier: Apache-2.0
#include "source/client/transport.h"

#include <curl/curl.h>

#include <algorithm>
#include <exception>
#include <list>
#include <set>
#include <thread>
#include <utility>
#include <vector>

#include "base/ip_address.h"
#include "base/server_address.h"
#include "posture/error.h"
#include "source/client/curl_options.h"
#include "source/client/impersonation_headers.h"
#include "source/client/transfer.h"

namespace posture {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

struct FreeMulti {
  void operator()(CURLM* multi) const { curl_multi_cleanup(multi); }
};

void add_header(HeaderList& list, const std::string& header) {
  curl_slist* longer = curl_slist_append(list.get(), header.c_str());
  if (longer == nullptr) throw std::bad_alloc();
  if (!list) list.reset(longer);  // appending to a list keeps its head
}

}  // namespace

struct Transport::Engine {
  Engine(const Connection& given, const ClientOptions& wanted, Authorization& who)
      : connection(given),
        options(wanted),
        authorization(who),
        address(parse_server(given.server)) {
    tls_host = connection.tls_server_name.empty() ? address.host : connection.tls_server_name;
    near = !connection.proxy && (is_nearby_address(without_zone(address.host)) || address.host == "localhost");
    watch.host = without_zone(tls_host);
    if (!connection.tls_server_name.empty()) {
      add_header(connect_to, "::" + host_and_port(without_zone(address.host), address.port));
      scope = zone_index(zone_of(address.host));
    }
  }

  bool wants_gzip() const {
    return !connection.disable_compression && (!near || options.compression == Compression::always);
  }
  Transfer& begin(const HttpRequest& request);
  std::list<Transfer>::iterator find(Held held);
  void configure(Transfer& transfer, const HttpRequest& request);
  HeaderList headers_of(const HttpRequest& request);
  void finish(std::list<Transfer>::iterator transfer, const TransferEnd& end);
  bool finish_completed();
  bool work();
  void wait(milliseconds longest);
  bool is_stalled(const Transfer& transfer) const;
  void end_stalled();
  void note_route(const Transfer& transfer);
  void note_answer(const Transfer& transfer);
  void bring_up_to_date();

  const Connection& connection;
  const ClientOptions& options;
  Authorization& authorization;
  ServerAddress address;
  std::string tls_host;
  HeaderList connect_to;  // where the URL's host is not the one to dial
  unsigned scope = 0;     // then the zone of its IPv6 address, which cannot stand in connect_to
  bool near = false;
  bool reached = false;
  Route route;
  CertificateWatch watch;
  std::unique_ptr<CURLM, FreeMulti> multi{curl_multi_init()};
  std::vector<Handle> idle;
  std::list<Transfer> running;
  Held last_held = 0;
  bool flows = false;  // bytes came when they were last looked for
  std::set<std::string> warnings;  // those passed on
};

Transport::Transport(const Connection& connection, const ClientOptions& options, Authorization& authorization) {
  static const CURLcode ready = curl_global_init(CURL_GLOBAL_DEFAULT);
  engine_ = std::make_unique<Engine>(connection, options, authorization);
  if (ready != CURLE_OK || !engine_->multi) throw Error(ErrorKind::connection, "libcurl cannot be started");
  curl_multi_setopt(engine_->multi.get(), CURLMOPT_PIPELINING, CURLPIPE_NOTHING);
}

Transport::~Transport() { abandon(); }

void Transport::abandon() {
  for (Transfer& transfer : engine_->running) curl_multi_remove_handle(engine_->multi.get(), transfer.handle.get());
  engine_->running.clear();
}

bool Transport::reached() const { return engine_->reached; }

Route Transport::route() const {
  Route route = engine_->route;
  route.certificates = engine_->watch.seen;
  return route;
}

std::string Transport::url(const std::string& path) const { return engine_->connection.server + path; }

HeaderList Transport::Engine::headers_of(const HttpRequest& request) {
  HeaderList list;
  add_header(list, "Accept: " + request.accept);
  if (!request.body.empty()) add_header(list, "Content-Type: " + request.content_type);
  if (!connection.tls_server_name.empty()) add_header(list, "Host: " + address.authority);
  const std::string who = address.tls ? authorization.header() : "";
  if (!who.empty()) add_header(list, "Authorization: " + who);
  for (const std::string& header : impersonation_headers(connection.impersonate)) add_header(list, header);
  return list;
}

void Transport::Engine::configure(Transfer& transfer, const HttpRequest& request) {
  CURL* handle = transfer.handle.get();
  set_limits(handle, options);
  curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, address.tls ? "https" : "http");
  set_trust(handle, connection, watch);
  set_client_certificate(handle, authorization.client_certificate(), authorization.client_key());
  set_proxy(handle, connection);
  const std::string scheme = address.tls ? "https://" : "http://";
  const std::string url = scheme + host_and_port(tls_host, address.port) + address.prefix + request.path;
  curl_easy_setopt(handle, CURLOPT_URL, url.c_str());
  if (connect_to) curl_easy_setopt(handle, CURLOPT_CONNECT_TO, connect_to.get());
  if (scope != 0) curl_easy_setopt(handle, CURLOPT_ADDRESS_SCOPE, static_cast<long>(scope));
  curl_easy_setopt(handle, CURLOPT_USERAGENT, options.user_agent.empty() ? "kube-posture" : options.user_agent.c_str());
  curl_easy_setopt(handle, CURLOPT_HTTPHEADER, transfer.headers.get());
  if (wants_gzip()) curl_easy_setopt(handle, CURLOPT_ACCEPT_ENCODING, "gzip");
  if (!transfer.body.empty()) {
    curl_easy_setopt(handle, CURLOPT_POSTFIELDSIZE, static_cast<long>(transfer.body.size()));
    curl_easy_setopt(handle, CURLOPT_POSTFIELDS, transfer.body.data());
  }
  curl_easy_setopt(handle, CURLOPT_ERRORBUFFER, transfer.error.data());
  curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, on_header);
  curl_easy_setopt(handle, CURLOPT_HEADERDATA, &transfer);
  curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, on_body);
  curl_easy_setopt(handle, CURLOPT_WRITEDATA, &transfer);
  curl_easy_setopt(handle, CURLOPT_PRIVATE, &transfer);
}

// The time that a plugin takes is not the network's silence.
void Transport::Engine::bring_up_to_date() {
  const steady_clock::time_point before = steady_clock::now();
  authorization.bring_up_to_date();
  const steady_clock::duration spent = steady_clock::now() - before;
  for (Transfer& transfer : running) transfer.last_byte += spent;
}

Transfer& Transport::Engine::begin(const HttpRequest& request) {
  bring_up_to_date();
  Transfer& transfer = running.emplace_back();
  transfer.headers = headers_of(request);
  transfer.body = request.body;
  transfer.last_byte = steady_clock::now();
  if (idle.empty()) {
    transfer.handle.reset(curl_easy_init());
    if (!transfer.handle) throw std::bad_alloc();
  } else {
    transfer.handle = std::move(idle.back());
    idle.pop_back();
    curl_easy_reset(transfer.handle.get());
  }
  configure(transfer, request);
  if (curl_multi_add_handle(multi.get(), transfer.handle.get()) != CURLM_OK) throw std::bad_alloc();
  return transfer;
}

void Transport::start(const HttpRequest& request, Exchange& exchange) { engine_->begin(request).exchange = &exchange; }

Transport::Held Transport::hold(const HttpRequest& request) {
  return engine_->begin(request).held = ++engine_->last_held;
}

std::list<Transfer>::iterator Transport::Engine::find(Held held) {
  return std::find_if(running.begin(), running.end(),
                      [&](const Transfer& each) { return each.exchange == nullptr && each.held == held; });
}

bool Transport::holds(Held held) const { return engine_->find(held) != engine_->running.end(); }

void Transport::take(Held held, Exchange& exchange) {
  const auto transfer = engine_->find(held);
  transfer->exchange = &exchange;
  transfer->last_byte = steady_clock::now();
  if (transfer->answered) exchange.head(transfer->head);
  if (!std::exchange(transfer->paused, false)) return;
  const CURLcode code = curl_easy_pause(transfer->handle.get(), CURLPAUSE_CONT);
  if (code != CURLE_OK) engine_->finish(transfer, end_of(*transfer, code));
}

void Transport::drop(Held held) {
  const auto transfer = engine_->find(held);
  if (transfer != engine_->running.end()) engine_->finish(transfer, {Ending::stopped, ""});
}

void Transport::Engine::note_route(const Transfer& transfer) {
  char* ip = nullptr;
  long port = 0;
  curl_off_t connected = 0;
  curl_easy_getinfo(transfer.handle.get(), CURLINFO_PRIMARY_IP, &ip);
  curl_easy_getinfo(transfer.handle.get(), CURLINFO_PRIMARY_PORT, &port);
  curl_easy_getinfo(transfer.handle.get(), CURLINFO_CONNECT_TIME_T, &connected);
  if (!route.address.empty() || (connected == 0 && !transfer.tls_begun) || ip == nullptr) return;
  route.address = host_and_port(ip, std::to_string(port));
  route.connect_time = std::chrono::microseconds(connected);
}

void Transport::Engine::note_answer(const Transfer& transfer) {
  if (!transfer.answered) return;
  reached = true;
  for (const std::string& warning : transfer.head.warnings) {
    const bool is_new = warnings.size() < kMaxWarnings && warnings.insert(warning).second;
    if (is_new && options.notice) options.notice("Warning from the server: " + warning);
  }
  char* ip = nullptr;
  curl_easy_getinfo(transfer.handle.get(), CURLINFO_PRIMARY_IP, &ip);
  near = near || (!connection.proxy && ip != nullptr && is_nearby_address(ip));
}

void Transport::Engine::finish(std::list<Transfer>::iterator transfer, const TransferEnd& end) {
  note_route(*transfer);
  note_answer(*transfer);
  curl_multi_remove_handle(multi.get(), transfer->handle.get());
  const std::exception_ptr thrown = transfer->thrown;
  Exchange* exchange = transfer->exchange;
  idle.push_back(std::move(transfer->handle));
  running.erase(transfer);
  if (thrown) std::rethrow_exception(thrown);
  if (exchange != nullptr) exchange->end(end);
}

bool Transport::Engine::finish_completed() {
  bool any = false;
  int left = 0;
  while (const CURLMsg* message = curl_multi_info_read(multi.get(), &left)) {
    if (message->msg != CURLMSG_DONE) continue;
    const CURL* handle = message->easy_handle;
    const CURLcode code = message->data.result;
    const auto transfer =
        std::find_if(running.begin(), running.end(), [&](const Transfer& t) { return t.handle.get() == handle; });
    if (transfer == running.end()) continue;
    any = true;
    finish(transfer, end_of(*transfer, code));
  }
  return any;
}

bool Transport::Engine::is_stalled(const Transfer& transfer) const {
  if (transfer.paused) return false;
  const steady_clock::duration silence = steady_clock::now() - transfer.last_byte;
  if (silence <= options.stall_timeout) return false;
  curl_off_t ready = 0;
  curl_easy_getinfo(transfer.handle.get(), CURLINFO_PRETRANSFER_TIME_T, &ready);
  return ready > 0 || silence > options.stall_timeout + options.connect_timeout;
}

void Transport::Engine::end_stalled() {
  for (;;) {
    const auto transfer =
        std::find_if(running.begin(), running.end(), [&](const Transfer& t) { return is_stalled(t); });
    if (transfer == running.end()) return;
    const std::string silence = std::to_string(options.stall_timeout.count());
    finish(transfer, {Ending::stalled, "nothing came for " + silence + " ms"});
  }
}

// The time that exchanges take to deal with what came is not the network's silence.
bool Transport::Engine::work() {
  const steady_clock::time_point before = steady_clock::now();
  int left = 0;
  curl_multi_perform(multi.get(), &left);
  flows = std::any_of(running.begin(), running.end(), [&](const Transfer& t) { return t.last_byte >= before; });
  const bool any = finish_completed();
  const steady_clock::duration spent = steady_clock::now() - before;
  for (Transfer& transfer : running) transfer.last_byte += spent;
  return any;
}

// While bytes flow they are let gather for a moment: taking them one by one costs a third more, and the server's cores, too, where they
// are ours.
void Transport::Engine::wait(milliseconds longest) {
  constexpr milliseconds kGather{1};
  curl_multi_poll(multi.get(), nullptr, 0, static_cast<int>(longest.count()), nullptr);
  if (flows) std::this_thread::sleep_for(kGather);
}

void Transport::step(milliseconds max_wait) {
  constexpr milliseconds kStallCheck{250};
  if (engine_->work()) return;
  engine_->wait(std::min(max_wait, kStallCheck));
  engine_->work();
  engine_->end_stalled();
}

}  // namespace posture
