// The token of a client: fetched before it is needed, and again ahead of its end.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/backoff.h"
#include "base/timer_queue.h"
#include "net/loop.h"
#include "tern/client.h"
#include "tern/clock.h"
#include "tern/endpoint.h"
#include "tern/function.h"
#include "tern/result.h"

namespace tern::call {

// Threads: the loop's, without the channel's lock.
class TokensUser {
 public:
  // Requests carry this from now on; or fail with this: there was a token, and it has expired.
  virtual void on_token(const Result<std::string>& token) = 0;
  // There was none before, and there is none: the source has failed. True: it is asked again, since
  // there is a connection whose requests need one.
  virtual bool on_no_token(const Status& why) = 0;
  // Keeps the user, and this with it, alive.
  virtual std::shared_ptr<void> keep_alive() noexcept = 0;

 protected:
  ~TokensUser() = default;
};

// Threads: the loop's, but for number().
class Tokens {
 public:
  // All of it outlives this. `options.token_source` is there.
  Tokens(Loop& loop, const ClientOptions& options, const Endpoint& endpoint, TokensUser& user);
  Tokens(const Tokens&) = delete;
  Tokens& operator=(const Tokens&) = delete;
  ~Tokens();

  // What requests carry: "Bearer …", or why there is none.
  const Result<std::string>& current() const noexcept { return current_; }
  // Which token, counted from 1, a request that begins now carries, or a later one. Any thread.
  std::uint64_t number() const noexcept { return carried_.load(std::memory_order_relaxed); }
  // Asks the source, unless it has been asked: the user hears of it, later.
  void fetch();
  // The same for one whom the server has not believed, with the `seen`-th token. `done`: there is a
  // later one, or there will be none now. Perhaps before this returns.
  void renew(std::uint64_t seen, UniqueFunction<void(const Status&)> done);
  // Nobody hears of anything any more but those of renew(): they, that there is none.
  void stop(const Status& why);

 private:
  class Reply;

  void on_answer(std::uint64_t asked, Result<Token> answer);
  void fail(Status why);
  void answer_waiting(const Status& status);
  void on_refresh();
  void on_end();

  Loop& loop_;
  const ClientOptions& options_;
  const Endpoint& endpoint_;
  TokensUser& user_;

  Result<std::string> current_;
  Clock::TimePoint end_ = Clock::TimePoint::max();  // of it
  std::uint64_t number_ = 0;                        // of tokens that there have been
  std::atomic<std::uint64_t> carried_ = 1;          // the last of them, or the one that is to come
  std::uint64_t asked_ = 0;                         // how often the source was
  bool fetching_ = false;
  std::vector<UniqueFunction<void(const Status&)>> waiting_;
  base::BackoffSchedule backoff_;
  base::Timer refresh_timer_;  // when the source is asked again, also after a failure
  base::Timer end_timer_;      // the end of the token
  base::Timer patience_;       // with a source that does not answer
};

}  // namespace tern::call
