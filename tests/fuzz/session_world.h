// The server of the session that is fuzzed, with its clients, and what holds of them after each
// step.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "fuzz/session_feed.h"
#include "fuzz/session_peer.h"
#include "fuzz/session_service.h"
#include "support/test_loop.h"
#include "tern/http_handler.h"
#include "tern/server.h"

namespace fuzz {

class SessionWorld {
 public:
  static constexpr std::size_t kPeers = 4;

  // `choice`: of the server's options.
  explicit SessionWorld(std::uint8_t choice);
  SessionWorld(const SessionWorld&) = delete;
  SessionWorld& operator=(const SessionWorld&) = delete;
  ~SessionWorld();

  // --- What befalls it ---

  // One more client, whose turn it is then; unless there are too many.
  void connect(std::uint8_t choice);
  SessionPeer& peer() { return *peers_[peer_]; }
  void give_turn(std::uint8_t to) noexcept { peer_ = to % peers_.size(); }
  void pass_time(std::chrono::nanoseconds time);
  void drain(std::chrono::nanoseconds time);
  // From now on it takes one step after the other before the server can; or not any more.
  void hurry() noexcept { hurries_ = !hurries_; }
  void answer_pages();
  SessionFeed& feed() { return *feed_; }

  // --- What holds ---

  // After each step, when the server has done all that it can.
  void expect_all_in_order();
  // Those to whom nothing has happened get what they have asked for.
  void expect_every_answer();
  // The server stops, and nothing is left.
  void stop();

 private:
  class LaterPages;

  static tern::ServerOptions make_options(asio::io_context& io, std::uint8_t choice);
  static void give_up_answers(SessionPeer& peer);
  void settle();
  void expect_limits();
  void expect_settled(SessionPeer& peer) const;
  // Everything that the client of a stream owes.
  void end_streams(SessionPeer& peer);
  bool all_answered();

  tern::test::TestLoop loop_;
  const tern::ServerOptions options_;
  StreamBook book_;
  std::shared_ptr<SessionService> service_;
  std::shared_ptr<SessionFeed> feed_;
  std::shared_ptr<LaterPages> pages_;
  std::unique_ptr<tern::Server> server_;
  std::vector<std::unique_ptr<SessionPeer>> peers_;
  std::size_t peer_ = 0;  // whose turn it is
  bool hurries_ = false;
  bool settled_ = false;  // nothing is on its way to who reads
  bool draining_ = false;
  bool stopped_ = false;
};

}  // namespace fuzz
