// A client's side of net/rpc, and of GeeRPC with application/gob.
#pragma once

#include "wire/client_protocol.h"
#include "wire/go/gob_stream.h"

namespace tern::wire::go {

// Neither system has metadata, deadlines, cancellation or codes of errors: they are not sent, and
// what comes has none. A frame's message is good until the next call of next().
class ClientProtocol final : public wire::ClientProtocol {
 public:
  ClientProtocol(Dialect dialect, const Limits& limits)
      : stream_(dialect, GobStream::Headers::kOfReplies, GobStream::Headers::kOfRequests, limits) {}

  Progress next(ByteView in, Frame& frame, Status& why) override;
  Status read_body(const Frame& frame, const TypeOps& type, void* result) override;
  Status read_detail(const Frame& frame, const TypeOps& type, void* detail) override;
  Status write_request(const RequestHead& head, const TypeOps& type, const void* argument,
                       Buffer& out) override;

 private:
  GobStream stream_;
};

}  // namespace tern::wire::go
