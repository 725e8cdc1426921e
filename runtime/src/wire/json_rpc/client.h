// JSON-RPC 1.0 and 2.0, the client's side.
#pragma once

#include <cstdint>
#include <string_view>

#include "wire/client_protocol.h"
#include "wire/json_rpc/error.h"
#include "wire/json_rpc/request.h"
#include "wire/json_values.h"

namespace tern::wire::json_rpc {

// Calls methods by their short names, "Arith.Multiply", as Go's servers know them. The argument is
// the one element of a list; in version 2.0 a struct is the params itself, and a method without
// argument has none. Ids are the frames' own. A frame's message, type and body are good until the
// next call of next().
class ClientProtocol final : public wire::ClientProtocol {
 public:
  ClientProtocol(Version version, const Limits& limits);

  // What next() is given from now on has nothing to do with what it was given before.
  void begin_message() noexcept { values_.restart(); }

  Progress next(ByteView in, Frame& frame, Status& why) override;
  Status read_body(const Frame& frame, const TypeOps& type, void* value) override;
  Status read_detail(const Frame& frame, const TypeOps& type, void* value) override;
  Status write_request(const RequestHead& head, const TypeOps& type, const void* argument,
                       Buffer& out) override;
  // The newline.
  std::size_t request_tail() const noexcept override { return kRequestTail; }

  // For a transport that says which request a response answers: if `text` is an error that names no
  // request, sets what a frame says of an error, but for its id and metadata.
  bool read_error_without_id(std::string_view text, Frame& frame);

 private:
  static constexpr std::size_t kRequestTail = 1;

  bool read_reply(std::string_view text, Frame& frame, Status& why);
  void read_error(std::string_view text, Frame& frame);

  Version version_;
  Limits limits_;
  JsonValues values_;
  Error error_;  // of the reply that was read last
};

}  // namespace tern::wire::json_rpc
