// A request over HTTP that is no call, until its answer is written.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "serve/http_reply.h"
#include "tern/http_handler.h"
#include "wire/frame.h"

namespace tern::serve {

class Session;

// Of one session: a peer that has asked for such a page, or anything that a handler of HTTP
// answers, asks nothing more until it has its answer. Threads: the loop's.
class HttpExchange {
 public:
  explicit HttpExchange(Session& session) noexcept : session_(session) {}
  HttpExchange(const HttpExchange&) = delete;
  HttpExchange& operator=(const HttpExchange&) = delete;

  // Whether an answer is awaited.
  bool waiting() const noexcept { return awaited_.has_value(); }
  // Whether it is that of a handler that answers later.
  bool asking() const noexcept { return awaited_ && awaited_->pending; }

  // Asks the handler, and writes its answer if that is there at once.
  void ask(const wire::Frame& frame);
  // The answer to the `request`-th. Of no effect if nobody awaits it any more.
  void on_answer(std::uint64_t request, const HttpHandler::Answer& answer);
  // The server goes away: a handler that answers later is to do so now.
  void tell_shutdown();
  // Answers in place of the handler.
  void give_up() { on_answer(asked_, HttpHandler::Answer(503)); }
  // Nobody awaits the answer any more.
  void forget() noexcept { awaited_.reset(); }
  // The same, and the loop may go when this has returned.
  void close();

 private:
  struct AwaitedAnswer {
    // Of a handler that answers later; null if a page is made, or the handler has none.
    std::unique_ptr<HttpHandler::Pending> pending;
  };

  void write(const HttpHandler::Answer& answer);

  Session& session_;
  std::optional<AwaitedAnswer> awaited_;
  std::uint64_t asked_ = 0;         // requests that went to handlers
  std::shared_ptr<WayToLoop> way_;  // of their answers; null before the first is asked
};

}  // namespace tern::serve
