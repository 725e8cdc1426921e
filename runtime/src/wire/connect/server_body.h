// A server's side of Connect's unary calls: one call in a request, which the path names.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "wire/over_http/media_type.h"
#include "wire/over_http/server_body.h"

namespace tern::wire::connect {

class ServerBody final : public over_http::ServerBody {
 public:
  // `limits` outlive this.
  explicit ServerBody(const Limits& limits) : limits_(limits) {}

  Item take(const over_http::Call& call, Frame& frame) override;
  Status read_body(const Frame& frame, const TypeOps& type, void* argument) override;
  Status write_reply(const ReplyHead& head, const TypeOps& type, const void* value) override;
  void write_error(const ReplyHead& head, const Status& status) override;
  Status unknown_method(std::string_view name, UnknownMethod why) override;
  bool has_metadata() const noexcept override { return true; }
  bool complete() const noexcept override { return true; }
  void put_head(http::Response& response) override;
  ByteView answer() const noexcept override { return answer_.view(); }
  void end() noexcept override;

 private:
  const Limits& limits_;
  std::uint64_t id_ = 0;
  int error_status_ = 0;  // of an error, if not the one of its code

  const over_http::MediaType* type_ = &over_http::kJsonMessage;  // of the call

  // The answer.
  int status_ = 200;
  std::string_view content_type_;
  std::vector<std::pair<std::string, std::string>> headers_;
  Buffer answer_;
};

const over_http::Content& connect_content() noexcept;

}  // namespace tern::wire::connect
