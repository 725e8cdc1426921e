// Code that runs around every call, on the side of the client or of the server.
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

#include "tern/call_values.h"
#include "tern/codegen/method.h"
#include "tern/metadata.h"
#include "tern/status.h"

namespace tern {

// A call as an interceptor sees it. Good during the callback.
struct InterceptedCall {
  enum class Side { kClient, kServer };

  const Method& method;
  Side side;
  std::string_view peer;  // the server's side: who calls; the client's: the address that is called
  // Of the request. The client's side may change it before it is sent. The server's side sees what
  // the client claims, and may change what the handler sees; what it has verified itself goes into
  // `values`.
  Metadata& metadata;
  Metadata& reply_metadata;  // the server's side may change it; the client's may read it at the end
  CallValues& values;  // from on_start() to on_finish(); on the server's side, the handler's, too
  std::optional<std::chrono::nanoseconds> timeout;  // what is left
};

// One type for both sides. The interceptors of a client or server run in their order at the start
// and in the opposite order at the end. One object serves all calls.
// Threads: any, several at the same time.
class Interceptor {
 public:
  virtual ~Interceptor() = default;

  // Before the request is sent, or before the handler runs. A failure ends the call with it: the
  // handler does not run, and on_finish() is called for the interceptors that had accepted it.
  virtual Status on_start(InterceptedCall& /*call*/) { return {}; }

  // After the outcome is known, and before the caller or the peer learns of it.
  virtual void on_finish(InterceptedCall& /*call*/, const Status& /*outcome*/) noexcept {}
};

}  // namespace tern
