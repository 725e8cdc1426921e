// One response of gRPC while it comes to a client.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "http2/session.h"
#include "tern/buffer.h"
#include "tern/compression.h"
#include "tern/limits.h"
#include "tern/status.h"
#include "wire/frame.h"
#include "wire/grpc/stream_reader.h"
#include "wire/grpc/text.h"
#include "wire/over_http2/client_response.h"

namespace tern::wire::grpc {

// How a call has ended: what its trailers say, or what is wrong with the response.
struct Outcome {
  Code code = Code::kOk;
  HandlerRan ran = HandlerRan::kUnknown;
  std::string message;
  std::string detail_type;  // the declared error's name, or ""
  Buffer detail;
};

// The head is one HEADERS or, without a body, the trailers at once; then messages behind
// their prefixes; then the trailers.
class Response final : public over_http2::ClientResponse {
 public:
  // Whether messages are given as they come; else there is to be one, which is gathered.
  enum class Body : std::uint8_t { kOneMessage, kMessages };

  // `limits` outlive this.
  Response(Body body, const Limits& limits) noexcept : body_(body), limits_(limits) {}

  void add_head(const http2::Head& head) override;
  bool next(ByteView& bytes, over_http2::MessagePiece& piece) override;
  void end_body() override;
  void reset(const over_http2::StreamReset& why) override;
  ByteView initial_metadata() const noexcept override { return initial_metadata_.view(); }
  bool complete() const noexcept override { return stage_ >= Stage::kEnded; }
  bool ended_well() const noexcept override { return stage_ == Stage::kEnded; }
  void put_outcome(Frame& frame) override;
  Status read_body(ByteView body, const TypeOps& type, void* result) const override;
  std::size_t gathered() const noexcept override { return message_.size(); }
  std::optional<std::size_t> to_come() const noexcept override {
    return messages_ > 0 ? 0 : reader_.to_come();
  }

 private:
  enum class Stage : std::uint8_t {
    kNothing,  // no head has come
    kBody,
    kEnded,  // with what the server says of the call
    kFailed  // with something else
  };

  void read_head(const Fields& fields, bool ends);
  void read_trailers(const Fields& fields);
  void add_to_message(over_http2::MessagePiece& piece);
  void check_one_message();
  void fail_as_http(std::string_view content_type);
  void fail(Code code, std::string text, HandlerRan ran = HandlerRan::kUnknown);

  const Body body_;
  const Limits& limits_;
  Stage stage_ = Stage::kNothing;
  int http_status_ = 0;
  Compression encoding_ = Compression::kIdentity;
  StreamReader reader_;
  // Of one message: it, or why it was refused.
  Buffer message_;
  bool compressed_ = false;
  int messages_ = 0;
  Status refused_;
  FrameLimit limit_ = FrameLimit::kNone;
  // For unpack().
  Buffer initial_metadata_;
  Buffer trailing_metadata_;
  Outcome outcome_;
};

}  // namespace tern::wire::grpc
