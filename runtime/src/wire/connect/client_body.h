// A client's side of Connect's unary calls.
#pragma once

#include "wire/over_http/client_body.h"
#include "wire/over_http/failed_answer.h"

namespace tern {

class ConnectClientBody final : public HttpClientBody {
 public:
  void put_head(const RequestHead& head, Buffer& out) const override;
  Status put_body(const RequestHead& head, const TypeOps& type, const void* argument,
                  Buffer& body) override;
  void read_answer(const HttpHead& head, ByteView body, Frame& frame) override;

 private:
  HttpFailedAnswer failed_;
};

}  // namespace tern
