#include <algorithm>
#include <memory>

#include "fuzz/http2_calls.h"
#include "fuzz/targets.h"
#include "wire/connect/client_body.h"
#include "wire/grpc/client.h"
#include "wire/over_http2/http_client.h"

namespace fuzz {
namespace {

// Whole, and in pieces.
template <typename Make>
void feed_calls(tern::ByteView input, Make make) {
  Http2Calls(make()).feed(input, std::max<std::size_t>(input.size(), 1));
  Http2Calls(make()).feed(input,
                          input.empty() ? 1 : std::to_integer<std::size_t>(input.back()) % 64 + 1);
}

}  // namespace

void grpc_client(tern::ByteView input) {
  const tern::Limits limits = http2_client_limits();
  feed_calls(input,
             [&] { return std::make_unique<tern::wire::grpc::ClientProtocol>(limits, "host:1"); });
}

void connect_h2_client(tern::ByteView input) {
  using tern::wire::connect::ClientBody;
  const tern::Limits limits = http2_client_limits();
  for (ClientBody::Messages messages :
       {ClientBody::Messages::kJson, ClientBody::Messages::kProto}) {
    feed_calls(input, [&] {
      return std::make_unique<tern::wire::over_http2::HttpClientProtocol>(
          limits, "Connect", "host:1", "http", std::make_unique<ClientBody>(messages));
    });
  }
}

}  // namespace fuzz
