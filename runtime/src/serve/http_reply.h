// The answer of an HttpHandler on its way to the session that asked.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

#include "net/loop.h"
#include "tern/function.h"
#include "tern/http_handler.h"

namespace tern::serve {

class Session;

// The way from any thread to a session's loop, for as long as there is one. Threads: any.
class WayToLoop {
 public:
  explicit WayToLoop(Loop& loop) : loop_(&loop) {}

  // Runs `task` on the loop, or not at all once the way is closed.
  void post(UniqueFunction<void()> task);
  // The loop may go when this has returned.
  void close();

 private:
  std::mutex mutex_;  // guards the following, also while the loop is used
  Loop* loop_;        // null once closed
};

// Threads: answer() and the destructor from any; take_answer() on the loop's.
class HttpReply {
 public:
  // To the request that is the session's `request`-th. Made on the loop's thread, where the handler
  // is asked next.
  HttpReply(std::weak_ptr<Session> session, std::shared_ptr<WayToLoop> way, std::uint64_t request);
  HttpReply(const HttpReply&) = delete;
  HttpReply& operator=(const HttpReply&) = delete;
  // Without an answer: status 500.
  ~HttpReply();

  // The first one counts.
  void answer(HttpHandler::Answer answer);

  // The handler has returned: what it has answered from within, if it has. Later answers are told
  // to the session's HttpRequests.
  std::optional<HttpHandler::Answer> take_answer();

 private:
  const std::weak_ptr<Session> session_;
  const std::shared_ptr<WayToLoop> way_;
  const std::uint64_t request_;
  const std::thread::id loop_thread_;
  std::atomic<bool> answered_ = false;
  bool within_ = true;  // the handler
  std::optional<HttpHandler::Answer> answer_;
};

}  // namespace tern::serve
