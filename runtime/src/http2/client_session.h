// A client's side of an HTTP/2 connection, without I/O.
#pragma once

#include <cstdint>
#include <string_view>

#include "http2/session.h"

namespace tern::http2 {

// Told also of what concerns a client alone, from within receive() and write().
class ClientSessionUser : public SessionUser {
 public:
  // A request's head has left; and its end. Before that the server knows of none.
  virtual void on_sent_head(StreamId stream) = 0;
  virtual void on_sent_end(StreamId stream) = 0;
  virtual void on_pong(std::uint64_t number) = 0;
  // The server begins no work on streams that come now: the first of its words, or the last. `code`
  // as in ErrorCode, `text` for people. Streams that it has not begun are closed as refused.
  virtual void on_going_away(std::uint32_t code, std::string_view text) = 0;

 protected:
  ~ClientSessionUser() = default;
};

// Its user's on_head() has responses, those with a status below 200, too, and trailers. What is
// over the limit ends the stream: on_head() says so, and the stream is reset.
class ClientSession final : public Session {
 public:
  // The last id that a stream can have; see set_next_stream().
  static constexpr StreamId kLastStream = 0x7fffffff;

  // `user` outlives this. Throws std::bad_alloc.
  ClientSession(const Settings& settings, ClientSessionUser& user);
  ~ClientSession() = default;

  // Begins a stream with `body`, to which append() adds, unless the request `ends` with it. It
  // leaves when the server has room for one more. Returns its id, which was next_stream(); or 0:
  // there are no ids left, or the server is going away. Throws std::bad_alloc; then nothing was
  // begun.
  StreamId request(const Fields& head, Buffer body, bool ends);
  // Behind what was appended.
  void finish(StreamId stream);
  // Its answer comes to on_pong().
  void ping(std::uint64_t number);
  // The id of the next stream.
  StreamId next_stream() const noexcept;
  // To be odd, and higher than those that were.
  void set_next_stream(StreamId stream) noexcept;

 private:
  bool wants_head(int category) const noexcept override;
  void take_pong(std::uint64_t number) override { user_.on_pong(number); }
  void take_goaway(std::uint32_t code, std::string_view text) override {
    user_.on_going_away(code, text);
  }
  void on_sent_head(StreamId stream) override { user_.on_sent_head(stream); }
  void on_sent_end(StreamId stream) override { user_.on_sent_end(stream); }

  ClientSessionUser& user_;
};

}  // namespace tern::http2
