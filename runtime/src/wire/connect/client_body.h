// A client's side of Connect's calls.
#pragma once

#include <cstdint>

#include "tern/codec.h"
#include "wire/connect/end_of_stream.h"
#include "wire/over_http/client_body.h"
#include "wire/over_http/failed_answer.h"

namespace tern::wire::connect {

class ClientBody final : public over_http::ClientBody {
 public:
  enum class Messages : std::uint8_t { kJson, kProto };
  // How messages are written. Errors are JSON.
  explicit ClientBody(Messages messages = Messages::kJson) noexcept : messages_(messages) {}

  const over_http::MediaType& type() const noexcept override {
    return messages_ == Messages::kJson ? over_http::kJsonMessage : over_http::kProtoMessage;
  }
  const over_http::MediaType& stream_type() const noexcept override {
    return messages_ == Messages::kJson ? over_http::kConnectJson : over_http::kConnectProto;
  }
  const Codec& detail_codec() const noexcept override { return proto_codec(); }
  void add_headers(const RequestHead& head, Headers& headers) const override;
  Status put_body(const RequestHead& head, const TypeOps& type, const void* argument,
                  Buffer& body) override;
  const over_http::ClientEnvelopes* envelopes() const noexcept override {
    return &kClientEnvelopes;
  }
  void read_answer(const http::Head& head, bool stream, ByteView body, Frame& frame) override;

 private:
  const Messages messages_;
  over_http::FailedAnswer failed_;
};

}  // namespace tern::wire::connect
