// A server's side of one stream over HTTP, as the bodies of a request and its answer have it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "http/head.h"
#include "tern/limits.h"
#include "tern/metadata.h"
#include "wire/frame.h"
#include "wire/over_http/request.h"
#include "wire/over_http/response_writer.h"
#include "wire/over_http/stream_body.h"
#include "wire/over_http/stream_codec.h"

namespace tern::wire::over_http {

// No I/O.
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
    body_.stop();
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
  // How much of the body belongs to the rest of the message. Nothing: that is not known.
  std::optional<std::size_t> to_come() const noexcept { return body_.to_come(); }
  // There is nothing more in the body.
  bool body_ended() const noexcept { return body_.ended(); }
  // There will be nothing more in a body whose head has not said how long it is.
  void end_body() noexcept { body_.end(); }

  // --- Writing ---

  // What a message takes of the body of the answer beside its bytes.
  std::uint8_t message_cost() const noexcept;
  // The Content-Type of the answer, and what else stands in its head for it.
  void put_head(http::Response& response) const;
  void put_piece(const StreamPiece& piece, ResponseWriter& writer, Buffer& out);
  // Of events: a comment, which no EventSource tells of.
  static ByteView heartbeat() noexcept { return as_bytes(std::string_view(": \n\n")); }
  // What write_stream_end() is given: a whole message, of the reply to a client's stream; and the
  // end, with what has gone wrong if something has.
  void put_message(ByteView message, Buffer& end) const;
  void put_end(const Status& outcome, const Metadata* metadata, Buffer& end) const;
  // Writes what those two have put there.
  void put_last(ByteView end, ResponseWriter& writer, Buffer& out) const;
  // A message has begun to leave and has not ended: no end can follow.
  bool cut() const noexcept { return cut_; }

 private:
  // Of the envelope that begins.
  Status check_prefix() const;
  void refuse(Status why, Frame& frame) const;
  // The client's fault.
  Status unreadable(std::string text) const;
  void put_envelope(ByteView prefix, ByteView bytes, ResponseWriter& writer, Buffer& out) const;

  const Limits& limits_;
  Framing framing_ = Framing::kNone;
  const MediaType* type_ = nullptr;
  std::shared_ptr<const Codec> codec_;  // of the stream that is open
  std::uint64_t id_ = 0;
  bool cut_ = false;

  EnvelopeBody body_;
  bool has_argument_ = false;
};

}  // namespace tern::wire::over_http
