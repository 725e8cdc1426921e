// Requests to a cluster of etcd's: one server after another, with a token if there is a password.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/backoff.h"
#include "base/timer_queue.h"
#include "net/loop.h"
#include "registry/http_exchange.h"
#include "tern/etcd.h"

namespace tern::etcd {

// What all clients of one registry share.
struct Setup {
  std::vector<Endpoint> servers;
  std::string prefix;
  EtcdOptions options;
  std::shared_ptr<Dialer> dialer;
};

class Call;

// Threads: the loop's. It outlives its calls.
class Client {
 public:
  using Done = UniqueFunction<void(Result<std::string>)>;
  using OnLine = UniqueFunction<void(std::string_view)>;

  Client(Loop& loop, std::shared_ptr<const Setup> setup);

  // Posts `body` to `path` of the present server. `done` is called once, not from within call(),
  // with the body of the answer or the failure, which names the server. Destroying the call gives
  // up; `done` may.
  std::unique_ptr<Call> call(std::string path, std::string body, std::chrono::nanoseconds timeout,
                             Done done);
  // Likewise; the answer has no end, and `on_line` gets its lines. The first one comes within
  // `timeout`. `on_line` may destroy the call.
  std::unique_ptr<Call> stream(std::string path, std::string body, std::chrono::nanoseconds timeout,
                               OnLine on_line, Done done);

  // After a failure: how long to wait before the next attempt. Nothing if there is another server
  // now that has not been tried since the last wait or success.
  std::chrono::nanoseconds next_wait();
  // After a success: the next wait is the first one again.
  void note_success();
  // The present server answers, but is of no use: the next one is asked.
  void move_on() { note_unreachable(current_); }

  // The token is not valid any more: the next call asks for another.
  void forget_token();

  Loop& loop() noexcept { return loop_; }
  const Setup& setup() const noexcept { return *setup_; }

 private:
  friend class Call;

  bool needs_token() const noexcept { return !setup_->options.name.empty() && !token_known_; }
  void note_unreachable(std::size_t server);

  Loop& loop_;
  std::shared_ptr<const Setup> setup_;
  base::BackoffSchedule backoff_;
  std::size_t current_ = 0;   // of the servers
  std::size_t given_up_ = 0;  // how many, since the last wait or success
  bool just_moved_ = false;   // the present one has not been tried yet
  std::string token_;
  bool token_known_ = false;  // with an empty token: etcd asks for none
};

// One request under way.
class Call {
 public:
  Call(Client& client, std::string path, std::string body, std::chrono::nanoseconds timeout,
       Client::OnLine on_line, Client::Done done);
  Call(const Call&) = delete;
  Call& operator=(const Call&) = delete;
  ~Call();

  void start();

 private:
  registry::HttpExchangeRequest request(std::string path, std::string body) const;
  void authenticate();
  void on_token(Result<registry::HttpExchangeResponse> response);
  void send();
  void on_part(std::string_view part);
  void on_response(Result<registry::HttpExchangeResponse> response);
  void finish(Result<std::string> result);
  Status failure_of(const registry::HttpExchangeResponse& response) const;

  Client& client_;
  const std::size_t server_;
  std::string path_;
  std::string body_;
  std::chrono::nanoseconds timeout_;
  Client::OnLine on_line_;
  Client::Done done_;
  std::unique_ptr<registry::HttpExchange> exchange_;
  base::Timer first_line_timer_;
  std::string line_;           // its beginning
  bool* destroyed_ = nullptr;  // set while lines are handed on
  bool token_renewed_ = false;
};

}  // namespace tern::etcd
