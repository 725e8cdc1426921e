// What protocols say differently whose messages are in envelopes over HTTP: five bytes, flags and
// length, and the message.
#pragma once

#include "tern/buffer.h"
#include "tern/metadata.h"
#include "tern/status.h"

namespace tern::wire::over_http {

// Constants, one for each protocol.
struct Envelopes {
  // Of a body that cannot be read: flags, a message that is cut off.
  Code unreadable;
  // A client may send many messages. If not, each request has one: also that of a unary call.
  bool client_streams;
  // Whether an error before the first message is an answer of its own, as of a unary call. If not,
  // it is in the last envelope as ever.
  bool errors_alone;
  // Appends the last envelope of an answer. `metadata` may be null.
  void (*put_end)(const Status& outcome, const Metadata* metadata, Buffer& out);
};

}  // namespace tern::wire::over_http
