// A server's side of JSON-RPC over HTTP: a request or a batch of them in a POST.
#pragma once

#include <cstddef>
#include <memory>

#include "wire/json_rpc/server.h"
#include "wire/over_http/server_body.h"

namespace tern::wire::json_rpc {

class ServerBody final : public over_http::ServerBody {
 public:
  // `limits` outlive this.
  explicit ServerBody(const Limits& limits) : limits_(limits) {}

  Item take(const over_http::Call& call, Frame& frame) override;
  Status read_body(const Frame& frame, const TypeOps& type, void* argument) override;
  Status write_reply(const ReplyHead& head, const TypeOps& type, const void* value) override;
  void write_error(const ReplyHead& head, const Status& status) override;
  Status unknown_method(std::string_view name, UnknownMethod why) override;
  bool has_metadata() const noexcept override { return false; }
  bool complete() const noexcept override { return rpc_ && all_taken_ && rpc_->answered(); }
  // Notifications have no answer: then there is nothing in the response.
  void put_head(http::Response& response) override;
  ByteView answer() const noexcept override { return answer_.view(); }
  void end() noexcept override;

 private:
  const Limits& limits_;
  std::unique_ptr<ServerProtocol> rpc_;  // from a request's first call to its answer
  std::size_t taken_ = 0;                // of the body
  bool all_taken_ = false;
  Buffer answer_;
};

const over_http::Content& json_rpc_content() noexcept;

}  // namespace tern::wire::json_rpc
