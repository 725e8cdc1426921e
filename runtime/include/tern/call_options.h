// The options of one call.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "tern/compression.h"
#include "tern/metadata.h"

namespace tern {

// What becomes of a stream of a cluster when its server goes away, or is not listed any more.
enum class StreamOnDrain : std::uint8_t {
  // It goes on until the server ends it.
  kEnd,
  // It is opened again on another server at once, where it had stopped, if its method has [resume].
  kMove
};

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

  // Over gRPC: how the request, or each message that the caller writes to a stream, is compressed.
  // Without one: what the client's options say. See ClientOptions::grpc_compression.
  std::optional<Compression> grpc_compression;

  // In a cluster that balances by consistent hash: calls of one key go to the same server. "":
  // none.
  std::string hash_key;

  // Of a stream of a cluster whose method has [resume]: when its server is lost, it is opened again
  // on any server, where it had stopped. See Cluster.
  bool resume = true;
  // Without one: what the cluster's options say.
  std::optional<StreamOnDrain> stream_on_drain;
};

}  // namespace tern
