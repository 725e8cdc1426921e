// A server's side of one stream over HTTP/1.1: of the one request that a connection has at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "http/head.h"
#include "tern/limits.h"
#include "tern/metadata.h"
#include "wire/frame.h"
#include "wire/over_http/request.h"
#include "wire/over_http/stream_body.h"
#include "wire/over_http/stream_codec.h"

namespace tern::wire::over_http {

// No I/O. What it writes is in chunks of HTTP, but for a client of HTTP/1.0.
class ServerStream {
 public:
  // `limits` outlive this.
  explicit ServerStream(const Limits& limits) : limits_(limits) {}

  // A request with a framing has come, and its head has been read.
  void begin(const Request& request, const http::Head& head);
  void set_id(std::uint64_t id) noexcept { id_ = id; }
  // Nothing of it is left.
  void end() noexcept {
    framing_ = Framing::kNone;
    body_.end();
  }
  // Between begin() and end().
  bool open() const noexcept { return framing_ != Framing::kNone; }
  Framing framing() const noexcept { return framing_; }
  // Whether an error before the answer has begun is an answer of its own.
  bool errors_alone() const noexcept {
    return framing_ != Framing::kEnvelopes || type_->envelopes->errors_alone;
  }
  const Codec& codec() const noexcept { return *codec_; }
  // Messages of a stream may be read when this is gone.
  std::shared_ptr<const Codec> share_codec() const noexcept { return codec_; }

  // --- Reading envelopes ---

  enum class Step : std::uint8_t {
    kMore,
    kFrame,    // a message, or a chunk of one
    kLast,     // the same, and the body ends with it: or its end alone. Behind a message of no
               // bytes it always comes alone, though body_ended() by then
    kRefused,  // the client's fault, or a message over a limit: nothing more is to be read
    kBroken    // it is not HTTP
  };
  // Takes from the front of the body. Sets `frame`; with kRefused its `refused`.
  Step take_message(ByteView in, std::size_t& used, Frame& frame, http::Fault& fault);
  // The same where the client sends one message, which is appended to `argument`: kLast when it is
  // there and the body has ended. With kRefused `why` is set.
  Step take_argument(ByteView in, std::size_t& used, Buffer& argument, Status& why,
                     http::Fault& fault);
  bool in_message() const noexcept { return body_.in_envelope(); }
  // There is nothing more in the body.
  bool body_ended() const noexcept { return body_.ended(); }

  // --- Writing ---

  // The Content-Type of the answer, and what else stands in its head for it.
  void put_head(http::Response& response) const;
  void put_piece(const StreamPiece& piece, Buffer& out);
  // A whole message: of the reply to a client's stream.
  void put_message(ByteView message, Buffer& out);
  // Of events: a comment, which no EventSource tells of.
  void put_heartbeat(Buffer& out) const;
  // The end, with what has gone wrong if something has; and of the body of HTTP.
  void put_end(const Status& outcome, const Metadata* metadata, Buffer& out) const;
  // A message has begun to leave and has not ended: no end can follow.
  bool cut() const noexcept { return cut_; }

 private:
  // Of the envelope that begins.
  Status check_prefix() const;
  void refuse(Status why, Frame& frame) const;
  // The client's fault.
  Status unreadable(std::string text) const;
  void put_envelope(ByteView prefix, ByteView bytes, Buffer& out) const;
  void put_chunk(ByteView first, ByteView second, Buffer& out) const;

  const Limits& limits_;
  Framing framing_ = Framing::kNone;
  const MediaType* type_ = nullptr;
  std::shared_ptr<const Codec> codec_;  // of the stream that is open
  std::uint64_t id_ = 0;
  bool chunked_ = true;  // the answer
  bool cut_ = false;

  EnvelopeBody body_;
  bool has_argument_ = false;
};

}  // namespace tern::wire::over_http
