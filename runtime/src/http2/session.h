// A server's side of one HTTP/2 connection (RFC 9113), without I/O: bytes in, callbacks; and bytes
// out. nghttp2 knows the frames, HPACK, the windows and the states of streams.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tern/buffer.h"
#include "tern/status.h"

struct nghttp2_session;

namespace tern::http2 {

using StreamId = std::int32_t;
using Fields = std::vector<std::pair<std::string, std::string>>;

// RFC 9113, section 7.
enum class ErrorCode : std::uint32_t {
  kNoError = 0,
  kProtocolError = 1,
  kInternalError = 2,
  kRefusedStream = 7,
  kCancel = 8,
  kEnhanceYourCalm = 11,
};

struct Settings {
  std::uint32_t concurrent_streams = 256;
  std::uint32_t stream_window = 64 * 1024;
  std::uint32_t connection_window = 4 * 1024 * 1024;
  // As HTTP/2 counts them: each name and value and 32. More end the stream with 431.
  std::size_t header_bytes = 64 * 1024;
};

// Told of what came, from within Session::receive(). It must not call the session from there, but
// for what says otherwise. Whatever it throws ends the connection.
class SessionUser {
 public:
  // A request has come. `ends`: it has no body.
  virtual void on_request(StreamId stream, Fields fields, bool ends) = 0;
  // A part of its body, which counts in the stream's window until Session::consume().
  virtual void on_data(StreamId stream, ByteView bytes) = 0;
  // Its body has ended.
  virtual void on_request_end(StreamId stream) = 0;
  // The peer takes so much more of it.
  virtual void on_window(StreamId stream, std::uint64_t bytes) = 0;
  // The peer takes so much more of each stream that is open; or less, if it is negative.
  virtual void on_initial_window(std::int64_t change) = 0;
  // The stream is over: `code` is not kNoError if it was reset, by the peer or for its faults.
  virtual void on_close(StreamId stream, std::uint32_t code) = 0;

 protected:
  ~SessionUser() = default;
};

// Threads: one at a time.
class Session {
 public:
  // `user` outlives this. Throws std::bad_alloc.
  Session(const Settings& settings, SessionUser& user);
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;
  ~Session();

  // Reads all of `in`. A failure is the peer's fault, and the end of the connection: what write()
  // gives then tells the peer.
  Status receive(ByteView in);
  // The peer has said that it is done, and all its streams are over.
  bool ended() const noexcept { return ended_; }
  // A frame has begun and is not complete.
  bool in_frame() const noexcept { return in_frame_; }

  // Whether write() has something.
  bool wants_write() const noexcept;
  // Appends all that may leave. Throws std::bad_alloc; the connection is of no use then.
  void write(Buffer& out);

  // --- Answers. To a stream that is over they go nowhere. ---

  // The head of an answer whose body append() gives and finish() ends.
  void respond(StreamId stream, const Fields& fields);
  // An answer that is a head alone.
  void respond_alone(StreamId stream, const Fields& fields);
  void append(StreamId stream, ByteView first, ByteView second = {});
  // Behind what was appended. A client that still sends is told that nobody reads that.
  void finish(StreamId stream, Fields trailers);
  void reset(StreamId stream, ErrorCode code);
  // The application has taken so much of the body: also from within on_data().
  void consume(StreamId stream, std::size_t bytes);
  // The peer may send so much more, whatever has come. Appends that alone: it may leave before what
  // was written before.
  void grant(StreamId stream, std::uint64_t bytes, Buffer& out);

  // The peer is to begin no more streams. In two steps, since some are on their way: the first says
  // so; when the peer has read that, the second says which stream was the last.
  void go_away();

  // Whether what the peer takes of all streams together is more than a quarter of the most that it
  // has been. The quarter is for what is short and urgent: streams should leave it.
  bool has_room_for_streams() const noexcept;
  // What it takes of a stream that begins now.
  std::uint32_t initial_window() const noexcept { return initial_window_; }
  // What was appended and waits for the peer's windows.
  std::size_t unsent_bytes() const noexcept { return unsent_bytes_; }

 private:
  struct Callbacks;
  struct Deleter {
    void operator()(nghttp2_session* session) const noexcept;
  };
  // What is to leave of one stream.
  struct Outgoing {
    Buffer body;
    Fields trailers;
    bool finished = false;
    bool deferred = false;  // nghttp2 waits to be told of more
  };

  void resume(StreamId stream, Outgoing& outgoing);
  void send(Buffer& out);
  void on_pong();
  void forget(StreamId stream) noexcept;
  // Remembers what is thrown, since nothing may pass through nghttp2.
  template <typename F>
  int guarded(F work) noexcept;
  void note_settings();
  void note_frame(std::uint8_t type, std::size_t length, std::uint8_t flags) noexcept;

  SessionUser& user_;
  std::map<StreamId, Fields> requests_;    // whose heads are coming
  std::map<StreamId, Outgoing> outgoing_;  // that respond() has begun
  std::unique_ptr<nghttp2_session, Deleter> session_;
  std::size_t header_limit_;
  std::size_t header_bytes_ = 0;  // of the head that is coming
  std::size_t unsent_bytes_ = 0;
  std::uint32_t initial_window_ = 65535;  // RFC 9113, section 6.5.2
  std::int32_t largest_window_ = 65535;   // of the connection
  Buffer* out_ = nullptr;                 // in send()
  Buffer pending_;                        // what receive() has led to
  std::string fault_;                     // what nghttp2 says of the peer's
  bool in_frame_ = false;
  bool out_of_memory_ = false;
  bool going_away_ = false;
  bool peer_goes_away_ = false;
  bool ended_ = false;
  // Frames that ask for nothing, since one that did.
  std::uint32_t idle_frames_ = 0;
};

}  // namespace tern::http2
