// A client's side of Connect's calls.
#pragma once

#include "wire/over_http/client_body.h"
#include "wire/over_http/failed_answer.h"

namespace tern::wire::connect {

class ClientBody final : public over_http::ClientBody {
 public:
  void put_head(const RequestHead& head, Buffer& out) const override;
  Status put_body(const RequestHead& head, const TypeOps& type, const void* argument,
                  Buffer& body) override;
  bool has_streams() const noexcept override { return true; }
  void read_answer(const http::Head& head, ByteView body, Frame& frame) override;

 private:
  over_http::FailedAnswer failed_;
};

}  // namespace tern::wire::connect
