// A client's side of GeeRPC with application/json.
#pragma once

#include <cstddef>

#include "wire/client_protocol.h"
#include "wire/gee/json_messages.h"

namespace tern::wire::gee {

// A frame's message is good until the next call of next().
class JsonClientProtocol final : public ClientProtocol {
 public:
  explicit JsonClientProtocol(const Limits& limits);

  Progress next(ByteView in, Frame& frame, Status& why) override;
  Status read_body(const Frame& frame, const TypeOps& type, void* result) override;
  Status read_detail(const Frame& frame, const TypeOps& type, void* detail) override;
  Status write_request(const RequestHead& head, const TypeOps& type, const void* argument,
                       Buffer& out) override;
  std::size_t request_tail() const noexcept override { return request_tail_; }

 private:
  Limits limits_;
  JsonFrameReader reader_;
  std::size_t request_tail_ = 0;
};

}  // namespace tern::wire::gee
