// JSON-RPC 1.0 and 2.0, the server's side: docs/json-rpc.md has what is read and what is answered.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

#include "wire/json_rpc/calls.h"
#include "wire/json_rpc/error.h"
#include "wire/json_rpc/request.h"
#include "wire/json_values.h"
#include "wire/server_protocol.h"

namespace tern::wire::json_rpc {

// Each request says its version, and is answered in it. Answers end with a newline. The answers of
// a batch go out when the last of them is there.
class ServerProtocol final : public wire::ServerProtocol {
 public:
  // What next() is given.
  enum class Input : std::uint8_t {
    kStream,  // a connection: values one after another
    // One message from its first byte to its last, for instance the body of an HTTP request: next()
    // is called at least once, and until all of it is consumed. What is written is the answer to
    // it, once answered() says so; nothing is written for notifications alone.
    kMessage
  };

  explicit ServerProtocol(const Limits& limits, Input input = Input::kStream);

  // Everything that has been read is answered.
  bool answered() const noexcept { return !batch_ && !answer_due_ && calls_.empty(); }

  std::string_view codec() const noexcept override { return "json"; }
  Progress next(ByteView in, Frame& frame, Status& why) override;
  bool in_frame() const noexcept override { return batch_ != nullptr; }
  bool honours_half_close() const noexcept override { return true; }
  Status read_body(const Frame& frame, const TypeOps& type, void* value) override;
  Status write_reply(const ReplyHead& head, const TypeOps& type, const void* value,
                     Buffer& out) override;
  void write_error(const ReplyHead& head, const Status& status, Buffer& out) override;
  void write_answer(Buffer& out) override;
  void write_broken(const Status& why, Buffer& out) override;
  Status unknown_method(std::uint64_t id, std::string_view name, UnknownMethod why) override;

 private:
  class Answer;

  Progress read_message(ByteView text, Frame& frame);
  Progress begin_batch(ByteView text, Frame& frame);
  Progress read_next_of_batch(ByteView in, Frame& frame);
  Progress read_request(std::string_view text, std::size_t consumed, Frame& frame);
  Progress answer(ErrorCode code, Status why);
  void refuse_over_limits(Frame& frame) const;

  Limits limits_;
  Input input_;
  JsonValues values_;
  Request request_;                       // the one that was read last
  Version likely_version_ = Version::k2;  // of what cannot be read
  Calls calls_;
  std::size_t kept_ = 0;          // bytes of answers that wait for their batch
  std::shared_ptr<Batch> batch_;  // the one that is being read

  // For write_answer().
  bool answer_due_ = false;
  ErrorCode answer_code_ = ErrorCode::kInvalidRequest;
  Status answer_why_;
  std::shared_ptr<Batch> answer_batch_;
};

}  // namespace tern::wire::json_rpc
