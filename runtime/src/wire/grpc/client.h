// A client's side of gRPC over HTTP/2.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "wire/grpc/message_codec.h"
#include "wire/grpc/message_prefix.h"
#include "wire/over_http2/client.h"

namespace tern::wire::grpc {

// A call ends with its trailers, or with its stream.
class ClientProtocol final : public over_http2::ClientProtocol {
 public:
  // As over_http2::ClientProtocol has them.
  ClientProtocol(const Limits& limits, std::string authority, std::string_view scheme = "http");

  Status read_metadata(const Frame& frame, Metadata& metadata) override;

  std::shared_ptr<const Codec> codec_of_stream(std::uint64_t id) const override;
  std::uint8_t message_cost() const noexcept override {
    return MessagePrefix::kSize - MessageCodec::kFlagBytes;
  }
  std::uint8_t message_envelope() const noexcept override { return MessageCodec::kFlagBytes; }

 private:
  Status put_request(const RequestHead& head, const TypeOps& type, const void* argument,
                     http2::Fields& fields, Buffer& body) override;
  std::unique_ptr<over_http2::ClientResponse> make_response(const RequestHead& head) override;

  // Of all streams that are not compressed, and of all others.
  const std::shared_ptr<const MessageCodec> codec_;
  const std::shared_ptr<const MessageCodec> gzip_codec_;
};

}  // namespace tern::wire::grpc
