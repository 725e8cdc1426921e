// Requests over HTTP that are no calls, until their answers are written.
#pragma once

#include <cstdint>
#include <map>
#include <memory>

#include "serve/server_gate.h"
#include "tern/http_handler.h"
#include "tern/metadata.h"
#include "tern/result.h"
#include "wire/frame.h"

namespace tern::serve {

class Session;

// Of one session. Over HTTP/1.1 there is one at a time. Threads: the loop's.
class HttpRequests {
 public:
  explicit HttpRequests(Session& session) noexcept;
  HttpRequests(const HttpRequests&) = delete;
  HttpRequests& operator=(const HttpRequests&) = delete;
  ~HttpRequests();

  // Whether an answer is awaited.
  bool waiting() const noexcept { return !awaited_.empty(); }
  // Whether one of them is that of a handler that answers later, or of the authenticator.
  bool asking() const noexcept;

  // Asks the authenticator, if there is one, then the handler, and writes its answer if that is
  // there at once.
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
  void forget() noexcept;

 private:
  // A request that waits for the authenticator.
  class Waiting;
  struct AwaitedAnswer {
    std::uint64_t id = 0;              // of the frame
    std::unique_ptr<Waiting> waiting;  // null: its handler has been asked
    // Of a handler that answers later; null if a page is made, or the handler has none.
    std::unique_ptr<HttpHandler::Pending> pending;

    // Whether it may take as long as it likes.
    bool answers_later() const noexcept { return pending || waiting; }
  };

  void authenticate(std::uint64_t number, const HttpHandler::Request& request,
                    const Metadata& headers);
  void on_admission(std::uint64_t number, Result<Admitted> admitted);
  // Who asks is known: the page may still ask for roles.
  void admit(Admitted admitted, std::uint64_t number, HttpHandler::Request& request);
  // The only way to the handler.
  void hand_over(Admitted admitted, std::uint64_t number, HttpHandler::Request& request,
                 HttpHandler& handler);
  void refuse(std::uint64_t number, const Status& refused);
  // The answer, to whom it may concern; of no effect if nobody awaits it any more.
  void write_at_once(std::uint64_t number, const HttpHandler::Answer& answer);
  void write(std::uint64_t id, const HttpHandler::Answer& answer);

  Session& session_;
  std::map<std::uint64_t, AwaitedAnswer> awaited_;  // by the number of the request
  std::uint64_t asked_ = 0;                         // requests that have come
};

}  // namespace tern::serve
