// JSON-RPC 1.0 and 2.0, the client's side.
#pragma once

#include <cstdint>
#include <string_view>

#include "wire/frame_codec.h"
#include "wire/json_rpc/error.h"
#include "wire/json_rpc/request.h"
#include "wire/json_values.h"

namespace tern {

// Calls methods by their short names, "Arith.Multiply", as Go's servers know them. The argument is
// the one element of a list; in version 2.0 a struct is the params itself, and a method without
// argument has none. Ids are the frames' own. A frame's message, type and body are good until the
// next call of next().
class JsonRpcClientFrames final : public FrameCodec {
 public:
  JsonRpcClientFrames(JsonRpcVersion version, const Limits& limits);

  // What next() is given from now on has nothing to do with what it was given before.
  void begin_message() noexcept { values_.restart(); }

  std::string_view protocol() const noexcept override { return "JSON-RPC"; }
  std::string_view codec() const noexcept override { return "json"; }
  Progress next(ByteView in, Frame& frame, Status& why) override;
  bool has_metadata() const noexcept override { return false; }
  Status read_body(const Frame& frame, const TypeOps& type, void* value) override;
  Status read_detail(const Frame& frame, const TypeOps& type, void* value) override;
  Status write_request(const RequestHead& head, const TypeOps& type, const void* argument,
                       Buffer& out) override;
  Status write_reply(const ReplyHead& head, const TypeOps& type, const void* value,
                     Buffer& out) override;
  void write_error(const ReplyHead&, const Status&, Buffer&) override {}

  // For a transport that says which request a response answers: if `text` is an error that names no
  // request, sets what a frame says of an error, but for its id and metadata.
  bool read_error_without_id(std::string_view text, Frame& frame);

 private:
  bool read_reply(std::string_view text, Frame& frame, Status& why);
  void read_error(std::string_view text, Frame& frame);

  JsonRpcVersion version_;
  Limits limits_;
  JsonValues values_;
  JsonRpcError error_;  // of the reply that was read last
};

}  // namespace tern
