// Code that runs around every call, on the side of the client or of the server.
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

#include "tern/buffer.h"
#include "tern/call_values.h"
#include "tern/codec.h"
#include "tern/codegen/method.h"
#include "tern/identity.h"
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
  // The server's side: ServerContext::identity().
  const Identity* identity = nullptr;
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

// A message of a stream. Good during the callback.
struct InterceptedMessage {
  enum class Direction { kSent, kReceived };

  Direction direction;  // as the interceptor's side sees it
  ByteView bytes;       // without an envelope or compression; an event of an EventSource is whole
  const Codec& codec;   // how it is encoded: name() says it; decode() reads it, but for events
};

// An interceptor that also sees the messages of streams. A stream that has none of these pays
// nothing for them; one that has pays for a copy of each message. The argument of a method that
// only the server streams, and the result of one that only the client streams, are no messages.
class StreamInterceptor : public Interceptor {
 public:
  // Each message once, in the order of its direction, before it leaves, or before the program can
  // take it. One after the other, behind on_start() and before on_finish() of its stream. What is
  // sent goes through a client's interceptors in their order, and through a server's in the
  // opposite one; what is received the other way round.
  //   A failure ends the stream with it, as a cancel of the program's would: this message goes no
  // further, those before it do. An exception is kInternal. Of a cluster's client it ends an
  // attempt, and whether the stream goes on follows from the code as ever; of the cluster itself it
  // ends the whole.
  //   It runs on the loop's thread without a lock, and must not block: all connections of the loop
  // wait for it. It may start and cancel calls and streams, also cancel or drop this one, or write
  // to it: what it writes comes to it later, and not from within this call.
  //   A handler that answers within it, or that answers while messages wait to be told, answers
  // behind them: each that it has written is told, then comes on_finish(), once and last. The
  // result of a method that streams to the server only has no message before it, and ends the
  // stream at once, as does all that is no answer: a failure of this function, a cancel, a
  // deadline, a close. Then on_finish() may come within this call, and the other interceptors are
  // not told of this message.
  //   A message that was told may still be lost: with the connection, for example. One that was not
  // told, because the stream has ended before, does not leave, and no program gets it.
  virtual Status on_message(InterceptedCall& call, const InterceptedMessage& message) = 0;
};

}  // namespace tern
