// The answer of an HttpHandler on its way to the session that asked.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>

#include "net/loop.h"
#include "tern/http_handler.h"

namespace tern {

class Session;

// Threads: answer() and the destructor from any; the others on the loop's.
class HttpReply {
 public:
  // To the request that is the session's `request`-th.
  HttpReply(std::weak_ptr<Session> session, Loop& loop, std::uint64_t request);
  HttpReply(const HttpReply&) = delete;
  HttpReply& operator=(const HttpReply&) = delete;
  // Without an answer: status 500.
  ~HttpReply();

  // The first one counts.
  void answer(HttpHandler::Answer answer);

  // The handler has returned: what it has answered from within, if it has. Later answers are told
  // to the session.
  std::optional<HttpHandler::Answer> take_answer();

 private:
  const std::weak_ptr<Session> session_;
  Loop& loop_;
  const std::uint64_t request_;
  std::atomic<bool> answered_ = false;
  bool within_ = true;  // the handler
  std::optional<HttpHandler::Answer> answer_;
};

}  // namespace tern
