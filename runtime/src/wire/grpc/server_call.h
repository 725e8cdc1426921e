// A call of gRPC's as a server has it.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string_view>

#include "http2/session.h"
#include "tern/codegen/method.h"
#include "wire/grpc/message_codec.h"
#include "wire/grpc/request.h"
#include "wire/grpc/stream_reader.h"
#include "wire/over_http2/server_call.h"

namespace tern::wire::grpc {

class ServerCall final : public over_http2::ServerCall {
 public:
  // Whether a request is gRPC's own, by its content-type; gRPC-Web is not.
  static bool asks_for(const http2::Fields& fields) noexcept;

  // `request` has begun. `kind`: of the method. `compression`: of an answer to a call that says
  // nothing else.
  ServerCall(const over_http2::CallSetup& setup, http2::StreamId stream, Request request,
             MethodKind kind, Compression compression);

  bool reads_messages() const noexcept override { return client_streams(kind_); }
  void add(ByteView bytes) override;
  void end_body() override;
  bool complete() const noexcept override { return request_.complete(); }
  std::size_t gathered() const noexcept override { return request_.bytes(); }
  std::optional<std::size_t> to_come() const noexcept override { return request_.to_come(); }
  Taken take_request(Frame& frame) override;
  void release_request() noexcept override { request_.release(); }
  Status read_body(const Frame& frame, const TypeOps& type, void* argument) override;
  Status read_metadata(const Frame& frame, Metadata& metadata) override;
  Status unknown_method(std::string_view name, UnknownMethod why) override;
  Code unreadable() const noexcept override { return Code::kInternal; }
  over_http2::StreamTerms stream_terms() override;

  Status write_reply(const ReplyHead& head, const TypeOps& type, const void* value,
                     Buffer& end) override;
  void write_error(const ReplyHead& head, const Status& status, Buffer& end) override;
  void set_compression(Compression how) noexcept override;
  void write_initial_metadata(const Metadata& metadata) override { begin_answer(&metadata); }
  void write_stream_data(const StreamPiece& piece) override;
  void write_stream_end(ByteView end) override;

 private:
  // What an answer ends with: for one that is not streamed, its message.
  struct End {
    Buffer body;
    http2::Fields trailers;
  };

  http2::Fields head_of_answer() const;
  void begin_answer(const Metadata* metadata);
  // Now, or behind the messages of the stream.
  void end_answer(End end, const ReplyHead& head, Buffer& out);
  void end_answer(End end);

  Request request_;
  StreamReader messages_;                // of a client that streams
  std::shared_ptr<MessageCodec> codec_;  // of one that streams, since the server has it
  const MethodKind kind_;
  Compression compression_ = Compression::kIdentity;  // of the answer
  bool announced_ = false;  // the head of the answer says, or will say, that it may be compressed
};

}  // namespace tern::wire::grpc
