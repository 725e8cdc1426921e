// A server's side of GeeRPC with application/json.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "wire/gee/json_messages.h"
#include "wire/handshake.h"
#include "wire/server_protocol.h"

namespace tern::wire::gee {

// A frame's method name is good until the next call of next().
class JsonServerProtocol final : public ServerProtocol {
 public:
  explicit JsonServerProtocol(const Limits& limits);

  std::string_view codec() const noexcept override { return kJsonCodec; }
  Progress next(ByteView in, Frame& frame, Status& why) override;
  bool in_frame() const noexcept override { return reader_.in_frame(); }
  Status read_body(const Frame& frame, const TypeOps& type, void* argument) override;
  Status write_reply(const ReplyHead& head, const TypeOps& type, const void* value,
                     Buffer& out) override;
  void write_error(const ReplyHead& head, const Status& status, Buffer& out) override;
  void write_answer(Buffer& out) override;
  void write_broken(const Status& why, Buffer& out) override;
  Status unknown_method(std::uint64_t id, std::string_view name, UnknownMethod why) override;

 private:
  std::string_view method_of(const ReplyHead& head, std::string& scratch) const;

  Limits limits_;
  JsonFrameReader reader_;
  // How the requests that are not answered spelled their methods.
  std::map<std::uint64_t, std::string> methods_;
};

}  // namespace tern::wire::gee
