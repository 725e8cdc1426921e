// A client's side of JSON-RPC 2.0 over HTTP: a request in each POST.
#pragma once

#include <string>

#include "wire/json_rpc/client.h"
#include "wire/over_http/client_body.h"
#include "wire/over_http/failed_answer.h"

namespace tern {

class JsonRpcClientBody final : public HttpClientBody {
 public:
  // Requests are posted to `path`.
  JsonRpcClientBody(const Limits& limits, std::string path)
      : path_(std::move(path)), rpc_(JsonRpcVersion::k2, limits) {}

  void put_head(const RequestHead& head, Buffer& out) const override;
  Status put_body(const RequestHead& head, const TypeOps& type, const void* argument,
                  Buffer& body) override;
  void read_answer(const HttpHead& head, ByteView body, Frame& frame) override;

 private:
  bool read_rpc(ByteView body, Frame& frame);

  std::string path_;
  JsonRpcClientProtocol rpc_;
  HttpFailedAnswer failed_;
  std::string message_;
};

}  // namespace tern
