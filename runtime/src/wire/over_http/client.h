// A client's side of calls over HTTP/1.1, whatever protocol they are of.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "http/chunks.h"
#include "http/head.h"
#include "tern/endpoint.h"
#include "tern/limits.h"
#include "wire/client_protocol.h"
#include "wire/over_http/answer_reader.h"
#include "wire/over_http/client_body.h"

namespace tern::wire::over_http {

// For the Host header.
std::string http_host(const Endpoint& endpoint);

// Requests go out without waiting for the responses before them, which come in the same order. A
// stream has the connection for itself until it ends: requests behind it are refused.
class ClientProtocol final : public wire::ClientProtocol {
 public:
  // `host`: for the Host header. `calls`: what is in the bodies.
  ClientProtocol(const Limits& limits, std::string host, std::unique_ptr<ClientBody> calls);

  Progress next(ByteView in, Frame& frame, Status& why) override;
  bool finished() const noexcept override { return last_ && stage_ == Stage::kHead; }
  Status read_body(const Frame& frame, const TypeOps& type, void* value) override;
  Status read_detail(const Frame& frame, const TypeOps& type, void* value) override;
  Status read_metadata(const Frame& frame, Metadata& metadata) override;
  Status write_request(const RequestHead& head, const TypeOps& type, const void* argument,
                       Buffer& out) override;

  bool has_streams() const noexcept override { return calls_->envelopes() != nullptr; }
  // The connection itself is the window.
  bool has_credit() const noexcept override { return false; }
  const Codec& message_codec() const noexcept override { return calls_->stream_type().codec(); }
  void write_stream_data(const StreamPiece& piece, Buffer& out) override;
  bool cancel_ends_connection(std::uint64_t id) const override;

 private:
  // The last byte of a head is taken with what follows it: a head alone can be a frame.
  enum class Stage : std::uint8_t { kHead, kLastOfHead, kBody, kEnvelopes };
  // The stream that has the connection.
  struct OpenStream {
    OpenStream() noexcept {}  // else clang 19 finds std::optional without emplace()
    std::uint64_t id = 0;
    bool server_streams = false;
    bool request_ended = false;
  };

  Progress read_head(ByteView in, Frame& frame, Status& why);
  Progress read_response(ByteView in, Frame& frame, Status& why);
  Progress read_envelopes(ByteView in, Frame& frame, Status& why);
  // The call whose response is the next, and the stream that it is, if it is one. take_call(): it
  // has been answered.
  struct NextCall {
    std::uint64_t id = 0;
    std::optional<OpenStream> stream;
  };
  std::optional<NextCall> next_call() const;
  std::optional<NextCall> take_call();

  Limits limits_;
  std::string host_;
  std::unique_ptr<ClientBody> calls_;
  Buffer argument_;  // for write_request

  // Those whose responses have not come. Requests are written on any thread.
  mutable std::mutex mutex_;
  std::deque<std::uint64_t> ids_;
  std::optional<OpenStream> open_;  // its id is the last of them

  // The response that is being read.
  Stage stage_ = Stage::kHead;
  http::HeadReader head_reader_{http::HeadReader::Side::kResponse};
  http::Head head_;
  http::Chunks chunks_;
  Buffer body_;  // of chunks
  AnswerReader answer_;
  bool last_ = false;  // the server closes behind it
};

}  // namespace tern::wire::over_http
