#include "wire/grpc/client.h"

#include <utility>

#include "tern/codec.h"
#include "wire/grpc/client_request.h"
#include "wire/grpc/response.h"
#include "wire/grpc/text.h"

namespace tern::wire::grpc {

ClientProtocol::ClientProtocol(const Limits& limits, std::string authority, std::string_view scheme)
    : over_http2::ClientProtocol(limits, "gRPC", std::move(authority), scheme),
      codec_(std::make_shared<MessageCodec>(proto_codec(), limits.message_bytes,
                                            Compression::kIdentity)),
      gzip_codec_(std::make_shared<MessageCodec>(proto_codec(), limits.message_bytes,
                                                 Compression::kGzip, codec_)) {}

Status ClientProtocol::read_metadata(const Frame& frame, Metadata& metadata) {
  return grpc::read_metadata(unpack(frame.metadata), metadata);
}

std::shared_ptr<const Codec> ClientProtocol::codec_of_stream(std::uint64_t id) const {
  return compression_of(id) == Compression::kGzip ? gzip_codec_ : codec_;
}

Status ClientProtocol::put_request(const RequestHead& head, const TypeOps& type,
                                   const void* argument, http2::Fields& fields, Buffer& body) {
  if (head.metadata) {
    Status failure = check_metadata(*head.metadata, limits().metadata_bytes);
    if (!failure.ok()) return failure;
  }
  if (!head.opens_stream || !client_streams(head.method->kind)) {
    Status failure = put_request_message(type, argument, head.compression, body);
    if (!failure.ok()) return failure;
  }
  add_request_fields(head, fields);
  return {};
}

std::unique_ptr<over_http2::ClientResponse> ClientProtocol::make_response(const RequestHead& head) {
  return std::make_unique<Response>(
      server_streams(head.method->kind) ? Response::Body::kMessages : Response::Body::kOneMessage,
      limits());
}

}  // namespace tern::wire::grpc
