// A server's side of net/rpc, and of GeeRPC with application/gob.
#pragma once

#include <cstddef>

#include "wire/go/gob_stream.h"
#include "wire/handshake.h"
#include "wire/server_protocol.h"

namespace tern::wire::go {

// Neither system has metadata, deadlines, cancellation or codes of errors: they are not sent, and
// what comes has none. A frame's method name is good until the next call of next().
class ServerProtocol final : public wire::ServerProtocol {
 public:
  ServerProtocol(Dialect dialect, const Limits& limits);

  std::string_view codec() const noexcept override { return kGobCodec; }
  Progress next(ByteView in, Frame& frame, Status& why) override;
  bool in_frame() const noexcept override { return stream_.in_frame(); }
  bool ready() const noexcept override {
    return memory_taken_ <= stream_.limits().gob_decode_overhead_bytes / 2;
  }
  Status read_body(const Frame& frame, const TypeOps& type, void* argument) override;
  void give_back_memory(std::size_t size) noexcept override { memory_taken_ -= size; }
  Status write_reply(const ReplyHead& head, const TypeOps& type, const void* value,
                     Buffer& out) override;
  void write_error(const ReplyHead& head, const Status& status, Buffer& out) override;
  Status unknown_method(std::uint64_t id, std::string_view name, UnknownMethod why) override;

 private:
  void set_reply_method(const ReplyHead& head);

  GobStream stream_;
  bool newline_may_come_;         // the one behind GeeRPC's Option
  std::size_t memory_taken_ = 0;  // by all arguments whose memory has not been given back
};

}  // namespace tern::wire::go
