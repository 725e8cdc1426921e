// The options of one call.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "tern/metadata.h"

namespace tern {

struct CallOptions {
  CallOptions() = default;  // not an aggregate: g++ 12 destroys those twice inside co_await

  // How long the call, or the whole stream, may take, counted from its start. Without one: what the
  // .rpc file says, then, if it is no stream, what the client's options say. A handler hands its
  // own deadline on with context.time_left(). Zero or less fails at once, without touching the
  // network.
  std::optional<std::chrono::nanoseconds> timeout;

  // Of a stream: how long it may be silent. When no message has come or left for so long, it ends
  // with kDeadlineExceeded. Without one: what the .rpc file says; 0: for ever.
  std::optional<std::chrono::nanoseconds> message_timeout;

  // Travels with the request.
  Metadata metadata;

  // While there is no connection: wait for one until the deadline, instead of failing with
  // kUnavailable when the attempt to connect has failed.
  bool wait_for_ready = false;

  // In a cluster that balances by consistent hash: calls of one key go to the same server. "":
  // none.
  std::string hash_key;
};

}  // namespace tern
