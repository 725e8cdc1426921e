// What an HTTP request asks of a server.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "http/head.h"
#include "http/paths.h"
#include "http/response.h"
#include "tern/cors.h"
#include "tern/protocols.h"
#include "tern/status.h"
#include "wire/method_finder.h"
#include "wire/over_http/media_type.h"
#include "wire/over_http/stream_codec.h"

namespace tern::wire::over_http {

struct Content;

struct Request {
  enum class Kind : std::uint8_t {
    kCall,    // its body is of `content`
    kPage,    // of `name`, a path with its query
    kAnswer,  // none of them: `answer` and `answer_body` are the whole answer
  };

  Request() = default;

  Kind kind = Kind::kAnswer;
  const Content* content = nullptr;       // of the body, or of an error that answers it; not null
  std::string name;                       // of the method, if the path has it; or a page
  bool idempotent_only = false;           // calls: by GET
  std::optional<std::string> argument;    // calls by GET; else the body is the argument
  std::chrono::nanoseconds timeout{0};    // calls; 0: no limit
  const MediaType* type = &kJsonMessage;  // calls: of the argument, and of the answer
  // Calls: how the answer streams; and the method, where it is known.
  Framing framing = Framing::kNone;
  const Method* method = nullptr;
  std::optional<std::int64_t> resume_from;  // Last-Event-ID, of a stream that can be resumed
  http::Response answer;
  Buffer answer_body;
};

struct Rules {
  const Protocols& protocols;
  const Cors& cors;
  const http::Paths& pages;  // whatever the verb is, though they may look like those of calls
  const MethodFinder* methods = nullptr;  // null: no method streams, as far as is known
};

// Decides by the head alone.
Request read_http_request(const http::Head& head, const Rules& rules);

// An error as the whole answer, in the way of request.content. `status` 0: the one of its code.
void answer_with_error(const Status& why, int status, Request& request);

}  // namespace tern::wire::over_http
