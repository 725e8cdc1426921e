#include "call/relay.h"

#include <chrono>

#include "tern/codegen/type_ops_of.h"

namespace tern::test::relay {

namespace {

constexpr std::array<Method, 3> kMethods{{
    {.service = "relay.Relay",
     .name = "Watch",
     .id = method_id("relay.Relay", "Watch"),
     .argument = &type_ops<std::string>,
     .result = &type_ops<std::string>,
     .errors = {},
     .timeout = std::chrono::nanoseconds(0),
     .idempotent = false,
     .kind = MethodKind::kServerStream},
    {.service = "relay.Relay",
     .name = "Upload",
     .id = method_id("relay.Relay", "Upload"),
     .argument = &type_ops<std::string>,
     .result = &type_ops<std::int64_t>,
     .errors = {},
     .timeout = std::chrono::nanoseconds(0),
     .idempotent = false,
     .kind = MethodKind::kClientStream},
    {.service = "relay.Relay",
     .name = "Chat",
     .id = method_id("relay.Relay", "Chat"),
     .argument = &type_ops<std::string>,
     .result = &type_ops<std::string>,
     .errors = {},
     .timeout = std::chrono::nanoseconds(0),
     .idempotent = false,
     .kind = MethodKind::kBidiStream,
     .message_timeout = std::chrono::seconds(30)},
}};

}  // namespace

const std::array<Method, 3>& methods() noexcept {
  return kMethods;
}

ServerStream<std::string> RelayStub::Watch(const std::string& what, const CallOptions& options) {
  return open_server_stream<std::string>(channel_, kMethods[kWatch], &what, options);
}

ClientStream<std::string, std::int64_t> RelayStub::Upload(const CallOptions& options) {
  return open_client_stream<std::string, std::int64_t>(channel_, kMethods[kUpload], options);
}

BidiStream<std::string, std::string> RelayStub::Chat(const CallOptions& options) {
  return open_bidi_stream<std::string, std::string>(channel_, kMethods[kChat], options);
}

}  // namespace tern::test::relay
