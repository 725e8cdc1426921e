// What the server's answer says of a call.
#pragma once

#include <string_view>

#include "call/started_call.h"
#include "tern/status.h"
#include "wire/client_protocol.h"
#include "wire/frame.h"

namespace tern::call {

// Who has sent an answer.
struct AnswerSource {
  wire::ClientProtocol& protocol;
  // Of our own frames: a method is known to the server by its number.
  bool native;
  std::string_view address;
};

// `frame` is a reply or an error, and has been read from `source.protocol` last. With OK the reply
// is in its place. A frame that cannot be read is a failure of its call alone.
Status read_outcome(const AnswerSource& source, const wire::Frame& frame, StartedCall& call);
// The same for the end of a stream whose server has sent its result in messages.
Status read_end(const AnswerSource& source, const wire::Frame& frame, StartedCall& call);

}  // namespace tern::call
