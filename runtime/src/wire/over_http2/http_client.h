// A client's side of calls that HTTP/1.1 carries, too, over HTTP/2: of Connect.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "wire/connect/envelopes.h"
#include "wire/over_http/client_body.h"
#include "wire/over_http2/client.h"

namespace tern::wire::over_http2 {

// Unlike HTTP/1.1 it has streams in both directions at a time, and calls beside them.
class HttpClientProtocol final : public ClientProtocol {
 public:
  // As ClientProtocol has them. `calls`: what is in the bodies; it has streams.
  HttpClientProtocol(const Limits& limits, std::string_view name, std::string authority,
                     std::string_view scheme, std::unique_ptr<over_http::ClientBody> calls);

  Status read_metadata(const Frame& frame, Metadata& metadata) override;

  const Codec& message_codec() const noexcept override { return calls_->stream_type().codec(); }
  std::uint8_t message_cost() const noexcept override { return connect::kPrefixBytes; }

 private:
  Status put_request(const RequestHead& head, const TypeOps& type, const void* argument,
                     http2::Fields& fields, Buffer& body) override;
  std::unique_ptr<ClientResponse> make_response(const RequestHead& head) override;

  const std::unique_ptr<over_http::ClientBody> calls_;
};

}  // namespace tern::wire::over_http2
