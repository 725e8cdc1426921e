// What a client reads differently in the protocols whose answers are in envelopes over HTTP.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "http/head.h"
#include "tern/buffer.h"
#include "tern/limits.h"
#include "tern/metadata.h"
#include "tern/status.h"
#include "wire/connect/error.h"

namespace tern::wire::over_http {

// What an envelope holds, as its flags say.
enum class EnvelopeKind : std::uint8_t { kMessage, kEnd, kCompressed, kUnknown };

// How an answer has ended, as its server says it.
struct AnswerEnd {
  AnswerEnd() = default;
  std::optional<connect::Error> error;
  Metadata metadata;
  Status unreadable;  // why the metadata cannot be read; or OK
};

// Constants, one for each protocol.
struct ClientEnvelopes {
  std::string_view name;  // in front of what is wrong
  EnvelopeKind (*kind_of)(std::uint8_t flags);
  // Whether unary calls are in envelopes, too. If not, only streams are.
  bool unary;
  // Why no client can stream; or "".
  std::string_view no_client_streams;
  // What the last envelope may have.
  std::size_t Limits::*most_end;
  // Of an answer with a second message where there is to be one, and of one without its end.
  Code second_message;
  Code no_end;
  // Whether headers are metadata ahead of the messages.
  bool (*has_initial_metadata)(const http::Head& head);
  // What the last envelope says. Nothing: it cannot be read.
  std::optional<AnswerEnd> (*read_end)(ByteView last);
  // Of an answer without any envelope: what its head says instead. Nothing: nothing.
  std::optional<AnswerEnd> (*read_head)(const http::Head& head);
};

}  // namespace tern::wire::over_http
