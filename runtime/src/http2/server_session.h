// A server's side of an HTTP/2 connection, without I/O.
#pragma once

#include "http2/session.h"

namespace tern::http2 {

// Its user's on_head() has requests; of trailers a server makes nothing. A request whose head is
// over the limit is answered with 431, and its user hears nothing of it.
class ServerSession final : public Session {
 public:
  // `user` outlives this. Throws std::bad_alloc.
  ServerSession(const Settings& settings, SessionUser& user);
  ~ServerSession() = default;

  // --- Answers. To a stream that is over they go nowhere. ---

  // The head of an answer whose body append() gives and finish() ends.
  void respond(StreamId stream, const Fields& fields);
  // An answer that is a head alone.
  void respond_alone(StreamId stream, const Fields& fields);
  // Behind what was appended. A client that still sends is told that nobody reads that.
  void finish(StreamId stream, Fields trailers);

  // The peer is to begin no more streams. In two steps, since some are on their way: the first says
  // so; when the peer has read that, the second says which stream was the last.
  void go_away();

 private:
  bool wants_head(int category) const noexcept override;
  void take_head(StreamId stream, Head head) override;
  void take_pong(std::uint64_t number) override;
  void take_goaway(std::uint32_t, std::string_view) override {}
  void on_sent_end(StreamId stream) override;

  bool going_away_ = false;
};

}  // namespace tern::http2
