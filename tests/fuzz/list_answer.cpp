// SPDX-License-Identifier: Apache-2.0
// Any bytes as a server's answer to a list, chunked, gzip or neither, and a good page to each further try: the list ends
// once, and what is said of it is true.
#include <string>

#include "base/json.h"
#include "input.h"
#include "loopback.h"
#include "posture/client.h"
#include "posture/error.h"

namespace posture::fuzz {
namespace {

const std::string kPage =
    R"({"kind":"PodList","apiVersion":"v1","metadata":{},"items":[{"metadata":{"uid":"1","name":"good"}}]})";

class Names : public ListSink {
 public:
  void item(std::size_t request, Item item) override {
    demand(request == 0 && ends == 0 && item.bytes.size() >= item.size + kJsonPadding);
    ++items;
  }
  void restart(std::size_t) override {
    demand(ends == 0);
    items = 0;
  }
  void end(std::size_t, const std::optional<Gap>& gap) override {
    ++ends;
    demand(!gap || !gap->message.empty());
    demand(!gap || gap->partial == (items > 0));
  }
  std::size_t items = 0;
  int ends = 0;
};

}  // namespace
}  // namespace posture::fuzz

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace posture;
  static fuzz::Loopback server("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " +
                               std::to_string(fuzz::kPage.size()) + "\r\n\r\n" + fuzz::kPage);
  server.answer(fuzz::text_of(data, size));
  Connection connection;
  connection.server = server.url();
  ClientOptions options;
  options.compression = Compression::always;
  options.retry_pace = 0;
  const ListRequest request{{"", "v1", "pods", "Pod", true}, ""};
  fuzz::Names names;
  try {
    make_client(connection, options)->list({&request, 1}, names);
    fuzz::demand(names.ends == 1);
  } catch (const Error& error) { fuzz::demand(!std::string_view(error.what()).empty()); }
  return 0;
}
