// One response to a call over HTTP while it comes in HTTP/2, as HTTP/1.1 would have it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "http/head.h"
#include "tern/buffer.h"
#include "tern/limits.h"
#include "tern/status.h"
#include "wire/client_protocol.h"
#include "wire/frame.h"
#include "wire/over_http/answer_reader.h"
#include "wire/over_http/client_body.h"
#include "wire/over_http2/client_response.h"

namespace tern::wire::over_http2 {

// A body in envelopes is read as it comes; any other is gathered, whole or up to the limit of a
// message. Its end is that of the server's side of the stream.
class HttpResponse final : public ClientResponse {
 public:
  // `limits` and `calls` outlive this.
  HttpResponse(const RequestHead& head, const Limits& limits, over_http::ClientBody& calls);

  void add_head(const http2::Head& head) override;
  bool next(ByteView& bytes, MessagePiece& piece) override;
  std::size_t take_own_bytes() noexcept override;
  std::size_t gathered() const noexcept override { return body_.size(); }
  std::optional<std::size_t> to_come() const noexcept override;
  void end_body() override;
  void reset(const StreamReset& why) override;
  ByteView initial_metadata() const noexcept override;
  bool complete() const noexcept override { return stage_ >= Stage::kEnded; }
  bool ended_well() const noexcept override { return stage_ == Stage::kEnded; }
  void put_outcome(Frame& frame) override;
  Status read_body(ByteView body, const TypeOps& type, void* result) const override;

 private:
  enum class Stage : std::uint8_t {
    kNothing,    // no head has come
    kBody,       // it is gathered
    kEnvelopes,  // they are read
    kLast,       // likewise, and the last one has come
    kEnded,      // with what the server says of the call
    kCut,        // the body that is gathered is too long
    kFailed      // with something else
  };

  void begin(const http2::Fields& fields);
  void gather(ByteView bytes);
  void read_end();
  void take_end(const Frame& end);
  void fail(Code code, std::string text);

  const Limits& limits_;
  over_http::ClientBody& calls_;
  const bool stream_;
  const over_http::AnswerReader::Expected expected_;
  Stage stage_ = Stage::kNothing;
  bool in_envelopes_ = false;
  http::Head head_;
  Buffer metadata_;  // of the head, packed
  // Of a body that is gathered.
  Buffer body_;
  // Of one in envelopes.
  over_http::AnswerReader answer_;
  Frame end_;  // what the last one says; views are into answer_
  Buffer end_metadata_;

  std::size_t gathered_ = 0;
  std::size_t told_bytes_ = 0;  // by take_own_bytes()
  Status failure_;              // with kFailed
};

}  // namespace tern::wire::over_http2
