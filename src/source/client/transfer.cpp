// SPDX-License-Identifier: Apache-2.0
#include "source/client/transfer.h"

#include <algorithm>
#include <string_view>

#include "base/text.h"

namespace posture {
namespace {

using std::chrono::steady_clock;

constexpr std::size_t kMaxDetailBytes = 300;

void begin_head(Transfer& transfer) {
  long status = 0;
  curl_easy_getinfo(transfer.handle.get(), CURLINFO_RESPONSE_CODE, &status);
  transfer.head.status = static_cast<int>(status);
}

void take_header(Transfer& transfer, std::string_view line) {
  if (line.substr(0, 5) == "HTTP/") transfer.head = {};
  note_header(line, transfer.head);
  if (line != "\r\n" && line != "\n") return;
  begin_head(transfer);
  if (transfer.head.status < 200 || transfer.answered) return;  // an interim answer, or trailers
  transfer.answered = true;
  if (transfer.exchange != nullptr) transfer.exchange->head(transfer.head);
}

/// Runs `act` for libcurl, which knows no exceptions: they wait in the transfer.
template <typename Act>
std::size_t guarded(Transfer& transfer, std::size_t size, const Act& act) {
  try {
    transfer.last_byte = steady_clock::now();
    if (act()) return size;
    transfer.stopped = true;
  } catch (...) { transfer.thrown = std::current_exception(); }
  return 0;
}

struct EndingRow {
  CURLcode code;
  Ending ending;
};
constexpr std::array kEndings = {
    EndingRow{CURLE_OK, Ending::complete},
    EndingRow{CURLE_COULDNT_RESOLVE_PROXY, Ending::proxy},
    EndingRow{CURLE_PROXY, Ending::proxy},
    EndingRow{CURLE_COULDNT_RESOLVE_HOST, Ending::unresolved},
    EndingRow{CURLE_COULDNT_CONNECT, Ending::unreachable},
    EndingRow{CURLE_SSL_CONNECT_ERROR, Ending::handshake},
    EndingRow{CURLE_PEER_FAILED_VERIFICATION, Ending::untrusted},
    EndingRow{CURLE_SSL_CERTPROBLEM, Ending::untrusted},
    EndingRow{CURLE_SSL_CACERT_BADFILE, Ending::untrusted},
    EndingRow{CURLE_SSL_ISSUER_ERROR, Ending::untrusted},
    EndingRow{CURLE_SSL_CIPHER, Ending::untrusted},
    EndingRow{CURLE_BAD_CONTENT_ENCODING, Ending::damaged},
    EndingRow{CURLE_WRITE_ERROR,
              Ending::damaged},  // libcurl's own writer: what the exchange does not want is `stopped`
};

/// Whether the proxy refused us, or is one that we do not trust.
bool is_refused_by_proxy(CURL* handle) {
  long answer = 0;
  long trust = 0;
  curl_easy_getinfo(handle, CURLINFO_HTTP_CONNECTCODE, &answer);
  curl_easy_getinfo(handle, CURLINFO_PROXY_SSL_VERIFYRESULT, &trust);
  return (answer != 0 && (answer < 200 || answer > 299)) || trust != 0;
}

/// Where it fell silent. libcurl's connect time may be that of TCP alone, or stay 0 until TLS is up, too.
Ending ending_of_silence(const Transfer& transfer) {
  curl_off_t connected = 0;
  curl_off_t secured = 0;
  curl_easy_getinfo(transfer.handle.get(), CURLINFO_CONNECT_TIME_T, &connected);
  curl_easy_getinfo(transfer.handle.get(), CURLINFO_APPCONNECT_TIME_T, &secured);
  if (transfer.tls_begun && secured == 0) return Ending::handshake;
  return connected > 0 ? Ending::stalled : Ending::unreachable;
}

Ending ending_of(const Transfer& transfer, CURLcode code) {
  if (transfer.stopped) return Ending::stopped;
  if (code != CURLE_OK && is_refused_by_proxy(transfer.handle.get())) return Ending::proxy;
  if (code == CURLE_OPERATION_TIMEDOUT) return ending_of_silence(transfer);
  const auto* row =
      std::find_if(kEndings.begin(), kEndings.end(), [&](const EndingRow& each) { return each.code == code; });
  return row == kEndings.end() ? Ending::broken : row->ending;
}

}  // namespace

std::size_t on_header(char* bytes, std::size_t unit, std::size_t count, void* user) {
  Transfer& transfer = *static_cast<Transfer*>(user);
  const std::size_t size = unit * count;
  transfer.header_bytes += size;
  if (transfer.header_bytes > kMaxHeaderBytes) return 0;
  return guarded(transfer, size, [&] { return take_header(transfer, {bytes, size}), true; });
}

std::size_t on_body(char* bytes, std::size_t unit, std::size_t count, void* user) {
  Transfer& transfer = *static_cast<Transfer*>(user);
  const std::size_t size = unit * count;
  transfer.paused = transfer.exchange == nullptr;
  if (transfer.paused) return CURL_WRITEFUNC_PAUSE;
  return guarded(transfer, size, [&] { return transfer.exchange->body({bytes, size}); });
}

TransferEnd end_of(const Transfer& transfer, CURLcode code) {
  if (transfer.header_bytes > kMaxHeaderBytes) return {Ending::broken, "the answer's headers are larger than 256 KiB"};
  const std::string_view said(transfer.error.data());
  const std::string_view text = said.empty() ? std::string_view(curl_easy_strerror(code)) : said;
  return {ending_of(transfer, code), printable(text, kMaxDetailBytes)};
}

}  // namespace posture
