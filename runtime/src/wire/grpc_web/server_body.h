// A server's side of calls in gRPC-Web: one in a request, which the path names. Of streams it has
// the argument, and an answer that is an error alone.
#pragma once

#include <cstdint>
#include <utility>

#include "wire/grpc/text.h"
#include "wire/over_http/media_type.h"
#include "wire/over_http/server_body.h"

namespace tern::wire::grpc_web {

class ServerBody final : public over_http::ServerBody {
 public:
  // `limits` outlive this.
  explicit ServerBody(const Limits& limits) : limits_(limits) {}

  Item take(const over_http::Call& call, Frame& frame) override;
  Status read_body(const Frame& frame, const TypeOps& type, void* argument) override;
  Status read_metadata(const http::Head& head, Metadata& metadata) const override;
  void add_headers(const Metadata& metadata, http::Headers& headers) const override;
  Code unreadable() const noexcept override { return kEnvelopes.unreadable; }
  Status write_reply(const ReplyHead& head, const TypeOps& type, const void* value) override;
  void write_error(const ReplyHead& head, const Status& status) override;
  Status unknown_method(std::string_view name, UnknownMethod why) override;
  bool has_metadata() const noexcept override { return true; }
  bool complete() const noexcept override { return true; }
  void put_head(http::Response& response) override;
  ByteView answer() const noexcept override { return answer_.view(); }
  void end() noexcept override;

 private:
  // `body` is in base64 if the call is.
  void set_answer(grpc::Fields headers, Buffer body);

  const Limits& limits_;
  std::uint64_t id_ = 0;
  const over_http::MediaType* type_ = &over_http::kGrpcWeb;  // of the call

  // The answer: a message and trailers, or trailers alone, which are headers unless they are long.
  grpc::Fields headers_;
  Buffer answer_;
};

const over_http::Content& grpc_web_content() noexcept;

}  // namespace tern::wire::grpc_web
