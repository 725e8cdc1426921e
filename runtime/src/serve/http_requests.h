// Requests over HTTP that are no calls, until their answers are written.
#pragma once

#include <cstdint>
#include <map>
#include <memory>

#include "serve/http_reply.h"
#include "tern/http_handler.h"
#include "wire/frame.h"

namespace tern::serve {

class Session;

// Of one session. Over HTTP/1.1 there is one at a time. Threads: the loop's.
class HttpRequests {
 public:
  explicit HttpRequests(Session& session) noexcept : session_(session) {}
  HttpRequests(const HttpRequests&) = delete;
  HttpRequests& operator=(const HttpRequests&) = delete;

  // Whether an answer is awaited.
  bool waiting() const noexcept { return !awaited_.empty(); }
  // Whether one of them is that of a handler that answers later.
  bool asking() const noexcept;

  // Asks the handler, and writes its answer if that is there at once.
  void ask(const wire::Frame& frame);
  // The answer to the `request`-th. Of no effect if nobody awaits it any more.
  void on_answer(std::uint64_t request, const HttpHandler::Answer& answer);
  // The client has given up the request of this id. False if it is not here.
  bool cancel(std::uint64_t id) noexcept;
  // The server goes away: handlers that answer later are to do so now.
  void tell_shutdown();
  // Answers in place of the handlers that answer later.
  void give_up();
  // Nobody awaits the answers any more.
  void forget() noexcept { awaited_.clear(); }
  // The same, and the loop may go when this has returned.
  void close();

 private:
  struct AwaitedAnswer {
    std::uint64_t id = 0;  // of the frame
    // Of a handler that answers later; null if a page is made, or the handler has none.
    std::unique_ptr<HttpHandler::Pending> pending;
  };

  void write(std::uint64_t id, const HttpHandler::Answer& answer);

  Session& session_;
  std::map<std::uint64_t, AwaitedAnswer> awaited_;  // by the number of the request
  std::uint64_t asked_ = 0;                         // requests that went to handlers
  std::shared_ptr<WayToLoop> way_;  // of their answers; null before the first is asked
};

}  // namespace tern::serve
