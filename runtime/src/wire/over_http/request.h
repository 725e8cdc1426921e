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

namespace tern {

struct HttpRequest {
  enum class Kind : std::uint8_t {
    kCall,     // of `name`
    kJsonRpc,  // the body is JSON-RPC
    kPage,     // of `name`, a path with its query
    kAnswer,   // none of them: `answer` and `answer_body` are the whole answer
  };

  // How an error is written that answers it.
  enum class Errors : std::uint8_t { kConnect, kJsonRpc };

  HttpRequest() = default;

  Kind kind = Kind::kAnswer;
  Errors errors = Errors::kConnect;
  std::string name;
  bool idempotent_only = false;         // calls: by GET
  std::optional<std::string> argument;  // calls by GET; else the body is the argument
  std::chrono::nanoseconds timeout{0};  // calls; 0: no limit
  HttpResponse answer;
  Buffer answer_body;
};

struct HttpRules {
  const Protocols& protocols;
  const Cors& cors;
  const HttpPaths& pages;  // whatever the verb is, though they may look like those of calls
};

// Decides by the head alone.
HttpRequest read_http_request(const HttpHead& head, const HttpRules& rules);

// An error as the whole answer, in the way of request.errors. `status` 0: the one of its code.
void answer_with_error(const Status& why, int status, HttpRequest& request);

}  // namespace tern
