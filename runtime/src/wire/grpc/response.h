// One response of gRPC while it comes to a client.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "http2/session.h"
#include "tern/buffer.h"
#include "tern/compression.h"
#include "tern/status.h"
#include "wire/frame.h"
#include "wire/grpc/stream_reader.h"
#include "wire/grpc/text.h"

namespace tern::wire::grpc {

// How a call has ended: what its trailers say, or what is wrong with the response.
struct Outcome {
  Code code = Code::kOk;
  HandlerRan ran = HandlerRan::kUnknown;
  std::string message;
  std::string detail_type;  // the declared error's name, or ""
  Buffer detail;
};

// No I/O. The head is one HEADERS or, without a body, the trailers at once; then messages behind
// their prefixes; then the trailers.
class Response {
 public:
  // Whether the message is given as it comes; else it is gathered, and there is to be one.
  enum class Body : std::uint8_t { kOneMessage, kMessages };

  explicit Response(Body body) noexcept : body_(body) {}

  // Head or trailers have come.
  void add_head(const http2::Head& head);
  // Takes from the front of a part of the body; `piece` is of a message, if messages are given as
  // they come. `message_bytes` is the limit. False: there is nothing more in `bytes`.
  bool next(ByteView& bytes, std::size_t message_bytes, StreamReader::Piece& piece);
  // The server's side of the stream has ended, without trailers.
  void end_body();
  // The stream was reset with this code of HTTP/2. `late`: the call's deadline has passed, and a
  // server that cancels does so for that.
  void reset(std::uint32_t code, bool late, std::string_view going_away = {});

  // The metadata of the head, for unpack(); empty if there is none.
  ByteView initial_metadata() const noexcept { return initial_metadata_.view(); }

  // Whether nothing more is to come: the outcome stands.
  bool complete() const noexcept { return stage_ >= Stage::kEnded; }
  // Whether the server has ended it, as gRPC has it.
  bool ended_well() const noexcept { return stage_ == Stage::kEnded; }
  // Likewise, of the trailers.
  ByteView trailing_metadata() const noexcept { return trailing_metadata_.view(); }
  const Outcome& outcome() const noexcept { return outcome_; }
  // Of one message: it, or why it was refused.
  ByteView message() const noexcept { return message_.view(); }
  // How much of it is still to come. Nothing: that is not known yet.
  std::optional<std::size_t> to_come() const noexcept {
    return messages_ > 0 ? 0 : reader_.to_come();
  }
  bool compressed() const noexcept { return compressed_; }
  const Status& refused() const noexcept { return refused_; }
  FrameLimit limit() const noexcept { return limit_; }

 private:
  enum class Stage : std::uint8_t {
    kNothing,  // no head has come
    kBody,
    kEnded,  // with what the server says of the call
    kFailed  // with something else
  };

  void read_head(const Fields& fields, bool ends);
  void read_trailers(const Fields& fields);
  void check_one_message();
  void fail_as_http(std::string_view content_type);
  void fail(Code code, std::string text, HandlerRan ran = HandlerRan::kUnknown);

  const Body body_;
  Stage stage_ = Stage::kNothing;
  int http_status_ = 0;
  Compression encoding_ = Compression::kIdentity;
  StreamReader reader_;
  Buffer message_;
  bool compressed_ = false;
  int messages_ = 0;
  Status refused_;
  FrameLimit limit_ = FrameLimit::kNone;
  Buffer initial_metadata_;
  Buffer trailing_metadata_;
  Outcome outcome_;
};

}  // namespace tern::wire::grpc
