#include "call/client_opening.h"

#include <fmt/format.h>

#include <string_view>

#include "call/serving_half.h"
#include "wire/http_connect.h"
#include "wire/protocols.h"

namespace tern::call {

Result<wire::ClientPreface> make_client_opening(const Endpoint& endpoint,
                                                const ClientOptions& options) {
  const wire::Protocol& protocol = wire::protocol_of_address(endpoint.protocol, options.codec);
  wire::ClientSetup setup{endpoint,
                          options.limits,
                          options.codecs,
                          options.codec,
                          options.connect_timeout,
                          options.handle_timeout,
                          ServingHalf::of(options) != nullptr};
  wire::ClientPreface opening;
  if (Status failure = protocol.call(setup, opening); !failure.ok()) return failure;
  // The Option counts as unsent until it has left.
  if (options.limits.unsent_bytes <= opening.option.size()) {
    return Status(Code::kInvalidArgument,
                  fmt::format("limits: unsent_bytes is {}, so that no call could be sent: {} bytes "
                              "stand before the first one",
                              options.limits.unsent_bytes, opening.option.size()));
  }
  if (endpoint.transport == Endpoint::Transport::kHttp && !protocol.connect_path.empty()) {
    opening.connect = wire::http_connect_request(
        endpoint.path.empty() ? protocol.connect_path : std::string_view(endpoint.path));
  }
  return opening;
}

}  // namespace tern::call
