// A client's side of calls in gRPC-Web: protobuf in envelopes, over HTTP/1.1.
#pragma once

#include <string>

#include "tern/limits.h"
#include "wire/grpc_web/answer.h"
#include "wire/over_http/client_body.h"

namespace tern::wire::grpc_web {

class ClientBody final : public over_http::ClientBody {
 public:
  // `limits` outlive this.
  explicit ClientBody(const Limits& limits) noexcept : limits_(limits) {}

  void add_headers(const RequestHead& head, Headers& headers) const override;
  Status put_body(const RequestHead& head, const TypeOps& type, const void* argument,
                  Buffer& body) override;
  const over_http::MediaType& type() const noexcept override { return over_http::kGrpcWebProto; }
  const over_http::MediaType& stream_type() const noexcept override { return type(); }
  const Codec& detail_codec() const noexcept override { return proto_codec(); }
  const over_http::ClientEnvelopes* envelopes() const noexcept override {
    return &kClientEnvelopes;
  }
  bool is_in_envelopes(const http::Head& head, bool stream) const noexcept override;
  Status add_metadata(const Metadata& metadata, Headers& headers) const override;
  Status read_metadata(const http::Head& head, Metadata& metadata) const override;
  // Of what is no answer of gRPC-Web's.
  void read_answer(const http::Head& head, bool stream, ByteView body, Frame& frame) override;

 private:
  const Limits& limits_;
  // Of the answer that was read last.
  std::optional<over_http::AnswerEnd> end_;
  std::string message_;
};

}  // namespace tern::wire::grpc_web
