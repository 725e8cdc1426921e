// What a connection's client has asked for, and what it has been answered.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "fuzz/session_answers.h"
#include "fuzz/session_stream_ledger.h"
#include "http/paths.h"
#include "serve/handshake.h"
#include "tern/buffer.h"
#include "tern/server.h"
#include "wire/server_protocol.h"

namespace fuzz {

// Reads what was sent with the readers that the server has, and answers all of it at once: no
// server may answer more than that, whatever it refuses, leaves out or answers later.
class SessionLedger {
 public:
  // `options` and `book` outlive this.
  SessionLedger(const tern::ServerOptions& options, StreamBook& book)
      : options_(options), streams_(book, options_.limits) {}

  void sent(std::string_view bytes);
  // Ends the program unless all of it was asked for, and is whole and one answer each.
  void received(std::string_view bytes);
  // The server may refuse a handshake that it would have taken before.
  void allow_refusal() noexcept { may_be_refused_ = true; }

  // The handshake is over: from now on the server waits for requests as long as it takes.
  bool speaks() const noexcept { return reader_ != nullptr; }
  // What was asked for, and what was answered.
  std::size_t expected() const noexcept { return expected_.total(); }
  std::size_t answered() const noexcept { return answered_.total(); }
  // Whether all was answered that must be.
  bool is_answered() const noexcept {
    return answered_.total() + streams_.given_up() >= expected_.total();
  }

  // What a frame of our own has done to the connection, or to its answers; of other protocols
  // nothing is said.
  StreamLedger::Outcome outcome() const noexcept { return outcome_; }
  const StreamLedger& streams() const noexcept { return streams_; }
  std::size_t take_pings() noexcept { return streams_.take_pings(); }

 private:
  void read_first_bytes();
  void read_frames();
  // What is answered to a frame, at most; nothing of it is counted yet.
  void answer(const tern::wire::Frame& frame, tern::Buffer& out);
  void may_end() noexcept;
  void ask(const tern::wire::Frame& frame, tern::Buffer& out);
  void take_stream_frame(const tern::wire::Frame& frame, tern::Buffer& out);
  void write_refusal(std::uint64_t id, tern::Buffer& out);
  bool is_pending(std::uint64_t id) const;

  const tern::ServerOptions& options_;
  const tern::http::Paths pages_{"/later"};

  std::string in_;  // that the reader has not consumed
  tern::serve::HandshakeStage stage_ = tern::serve::HandshakeStage::kAnything;
  std::string answer_;  // what is said to the handshake
  std::unique_ptr<tern::wire::ServerProtocol> reader_;
  bool frames_are_ours_ = false;
  bool ended_ = false;  // nothing more is read
  const SessionMethods methods_;
  StreamLedger streams_;
  StreamLedger::Outcome outcome_ = StreamLedger::Outcome::kLives;
  AnswerCount expected_;

  std::string out_;  // what came and is not read yet
  std::size_t answer_read_ = 0;
  bool may_be_refused_ = false;
  bool refused_ = false;
  AnswerCount answered_;
};

}  // namespace fuzz
