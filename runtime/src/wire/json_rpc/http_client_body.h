// A client's side of JSON-RPC 2.0 over HTTP: a request in each POST.
#pragma once

#include <string>

#include "wire/json_rpc/client.h"
#include "wire/over_http/client_body.h"
#include "wire/over_http/failed_answer.h"

namespace tern::wire::json_rpc {

class ClientBody final : public over_http::ClientBody {
 public:
  // Requests are posted to `path`.
  ClientBody(const Limits& limits, std::string path)
      : path_(std::move(path)), rpc_(Version::k2, limits) {}

  std::string path(const RequestHead&) const override { return path_; }
  void add_headers(const RequestHead&, Headers&) const override {}
  Status put_body(const RequestHead& head, const TypeOps& type, const void* argument,
                  Buffer& body) override;
  void read_answer(const http::Head& head, bool stream, ByteView body, Frame& frame) override;

 private:
  bool read_rpc(ByteView body, Frame& frame);

  std::string path_;
  ClientProtocol rpc_;
  over_http::FailedAnswer failed_;
  std::string message_;
};

}  // namespace tern::wire::json_rpc
