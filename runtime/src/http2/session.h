// One side of an HTTP/2 connection (RFC 9113), without I/O: bytes in, callbacks; and bytes out.
// nghttp2 knows the frames, HPACK, the windows and the states of streams.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "http2/flood_guard.h"
#include "http2/frame_heads.h"
#include "http2/session_memory.h"
#include "http2/unsent_body.h"
#include "tern/buffer.h"
#include "tern/clock.h"
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

// "CANCEL" and so on.
std::string_view error_name(std::uint32_t code) noexcept;

struct Settings {
  std::uint32_t concurrent_streams = 256;  // that the peer may begin
  std::uint32_t stream_window = 64 * 1024;
  std::uint32_t connection_window = 4 * 1024 * 1024;
  // As HTTP/2 counts them: each name and value and 32.
  std::size_t header_bytes = 64 * 1024;
};

// The fields that begin or end a message.
struct Head {
  Fields fields;
  bool ends = false;        // the peer's side of the stream ends with them
  bool over_limit = false;  // there are more than Settings::header_bytes, and some are missing
};

// Told of what came, from within Session::receive(). It must not call the session from there, but
// for what says otherwise. Whatever it throws ends the connection.
class SessionUser {
 public:
  // A request; of a server, a response, or the trailers behind one.
  virtual void on_head(StreamId stream, Head head) = 0;
  // A part of the body, which counts in the stream's window until Session::consume().
  virtual void on_data(StreamId stream, ByteView bytes) = 0;
  // The peer's side has ended, and no head has said so.
  virtual void on_end(StreamId stream) = 0;
  // The peer takes so much more of it.
  virtual void on_window(StreamId stream, std::uint64_t bytes) = 0;
  // The peer takes so much more of each stream that is open; or less, if it is negative.
  virtual void on_initial_window(std::int64_t change) = 0;
  // The stream is over: `code` is not kNoError if it was reset, by the peer or for its faults.
  virtual void on_close(StreamId stream, std::uint32_t code) = 0;

 protected:
  ~SessionUser() = default;
};

struct BodySource;

// What both roles have: see ServerSession and ClientSession. Threads: one at a time.
class Session {
 public:
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  // The time of what receive() is given next: floods are counted by it.
  void set_time(Clock::TimePoint now) noexcept { guard_.set_time(now); }
  // Reads all of `in`. A failure is the peer's fault, and the end of the connection: what write()
  // gives then tells the peer.
  Status receive(ByteView in);
  // One side has said that it is done, and all streams are over.
  bool ended() const noexcept { return ended_; }
  // A frame has begun and is not complete.
  bool in_frame() const noexcept { return frame_heads_.in_frame(); }

  // Whether write() has something.
  bool wants_write() const noexcept;
  // Appends all that may leave. Throws std::bad_alloc: header compression has a memory, so where
  // one write is lost, nothing may follow it, and each one throws.
  void write(Buffer& out);
  // A write has been lost.
  bool lost() const noexcept { return sending_ != Sending::kGood; }
  // How many bytes have been made, in all: write() has appended them, or will begin with them.
  std::uint64_t written_bytes() const noexcept { return written_bytes_; }

  // --- Streams. What is for one that is over goes nowhere. ---

  // Behind what was appended.
  void append(StreamId stream, ByteView first, ByteView second = {});
  void append(StreamId stream, Buffer bytes);
  void reset(StreamId stream, ErrorCode code);
  // The application has taken so much of the body: also from within on_data().
  void consume(StreamId stream, std::size_t bytes);
  // The peer may send so much more, whatever has come: also from within on_data().
  void grant(StreamId stream, std::uint64_t bytes);
  // What the peer may still send of it.
  std::size_t window(StreamId stream) const noexcept;

  // Whether what the peer takes of all streams together is more than a quarter of the most that it
  // has been. The quarter is for what is short and urgent: streams should leave it.
  bool has_room_for_streams() const noexcept;
  // What it takes of a stream that begins now.
  std::uint32_t initial_window() const noexcept { return initial_window_; }
  // What was appended and waits for the peer's windows.
  std::size_t unsent_bytes() const noexcept { return unsent_bytes_; }

 protected:
  enum class Role : std::uint8_t { kServer, kClient };

  // `user` outlives this. Throws std::bad_alloc.
  Session(Role role, const Settings& settings, SessionUser& user);
  ~Session();

  SessionUser& user() noexcept { return user_; }
  nghttp2_session* native() const noexcept { return session_.get(); }
  // This side has sent its last GOAWAY.
  void note_last_words() noexcept { last_words_sent_ = true; }
  // Has what nghttp2 returned: throws std::bad_alloc if that is what it says.
  static void check(int result);

  enum class Sending : std::uint8_t {
    kGood,
    kLost,  // for want of memory
    kStuck  // likewise, and nghttp2's session cannot be deleted
  };

  // What is to leave of one stream.
  struct Outgoing {
    UnsentBody body;
    Fields trailers;        // of a server
    bool finished = false;  // nothing more is appended
    bool deferred = false;  // nghttp2 waits to be told of more
  };
  // Null: nothing of the stream is to leave.
  Outgoing* find_outgoing(StreamId stream) noexcept;
  // Gives nghttp2, by `submit`, the head of a body that append() will give. Returns what nghttp2
  // does: less than 0, and there is no such body.
  using SubmitBody = std::function<int(const BodySource& body)>;
  int begin_body(StreamId stream, const SubmitBody& submit, Outgoing outgoing);
  void finish_body(StreamId stream, Outgoing& outgoing);

 private:
  // --- What the roles make of frames, from within receive() and write() ---

  // Whether the fields of a head of this category of nghttp2's are to be kept.
  virtual bool wants_head(int category) const noexcept = 0;
  virtual void take_head(StreamId stream, Head head) { user_.on_head(stream, std::move(head)); }
  // The answer to a PING; and the peer begins no more streams, or takes none.
  virtual void take_pong(std::uint64_t number) = 0;
  virtual void take_goaway(std::uint32_t code, std::string_view text) = 0;
  // A head has left; and the end of this side of a stream, with DATA or a head.
  virtual void on_sent_head(StreamId /*stream*/) {}
  virtual void on_sent_end(StreamId stream) = 0;

  struct Callbacks;
  struct Deleter {
    void operator()(nghttp2_session* session) const noexcept;
  };

  bool end_head(StreamId stream, bool ends);
  void resume(StreamId stream, Outgoing& outgoing);
  void send(Buffer& out);
  void forget(StreamId stream) noexcept;
  // Remembers what is thrown, since nothing may pass through nghttp2.
  template <typename F>
  int guarded(F work) noexcept;
  void note_settings();
  void note_frame(std::uint8_t type, std::size_t length, std::uint8_t flags) noexcept;
  // The end, in HTTP/2's words, if the peer sends too much that carries nothing.
  void end_flood();
  // Whether a frame that begins may go on: nghttp2 knows no more of streams that are over.
  bool look_at_frame(std::uint8_t type, StreamId stream);
  // The same of DATA, also if nghttp2 will ignore it.
  void look_at_data(StreamId stream);
  // Of one that the peer of a server has begun.
  bool is_over(StreamId stream) const noexcept;
  // Gives nghttp2 all of `in`; less than 0 is its error.
  std::ptrdiff_t feed(ByteView in);

  SessionUser& user_;
  // The head that is coming: no other frame comes between its frames (RFC 9113, section 6.10).
  Fields head_;
  StreamId head_stream_ = 0;               // 0: none is to be kept
  std::map<StreamId, Outgoing> outgoing_;  // whose heads were given
  SessionMemory memory_;                   // of session_
  std::unique_ptr<nghttp2_session, Deleter> session_;
  std::size_t header_limit_;
  std::size_t header_bytes_ = 0;  // of the head that is coming
  std::size_t unsent_bytes_ = 0;
  std::uint64_t written_bytes_ = 0;
  std::uint32_t initial_window_ = 65535;  // RFC 9113, section 6.5.2
  std::int32_t largest_window_ = 65535;   // of the connection
  Buffer* out_ = nullptr;                 // in send()
  Buffer pending_;                        // what receive() has led to
  std::string fault_;                     // what nghttp2 says of the peer's
  Sending sending_ = Sending::kGood;
  bool out_of_memory_ = false;  // in a callback
  bool broken_rule_ = false;    // that nghttp2 does not look after
  bool peer_goes_away_ = false;
  bool last_words_sent_ = false;
  bool ended_ = false;
  const Role role_;
  FrameHeads frame_heads_;
  StreamId last_begun_ = 0;   // by the peer, of a server
  StreamId last_closed_ = 0;  // that the peer was told of when it went on
  FloodGuard guard_;
};

}  // namespace tern::http2
