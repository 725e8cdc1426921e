// GeeRPC with application/json: a header and a body, each a JSON value, for every request and
// every reply.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>

#include "wire/frame_codec.h"
#include "wire/json_values.h"

namespace tern {

// {"ServiceMethod":"Arith.Multiply","Seq":1,"Error":""} and then the argument or the result; after
// an error {}. Each of ours ends with a newline, as Go's encoder writes it; what comes may have any
// white space, and leave Error out, so that a person can type it. Names of members go without
// regard to case; one that stands there twice is refused. Seq counts from 1.
// A frame's method name and message are good until the next call of next().
class GeeJsonFrames final : public FrameCodec {
 public:
  enum class Role : std::uint8_t { kClient, kServer };

  GeeJsonFrames(Role role, const Limits& limits);

  std::string_view protocol() const noexcept override { return "GeeRPC"; }
  std::string_view codec() const noexcept override { return "application/json"; }
  Progress next(ByteView in, Frame& frame, Status& why) override;
  bool in_frame() const noexcept override { return expected_ != Expected::kHeader; }
  bool has_metadata() const noexcept override { return false; }
  Status read_body(const Frame& frame, const TypeOps& type, void* value) override;
  Status read_detail(const Frame& frame, const TypeOps& type, void* value) override;
  Status write_request(const RequestHead& head, const TypeOps& type, const void* argument,
                       Buffer& out) override;
  Status write_reply(const ReplyHead& head, const TypeOps& type, const void* value,
                     Buffer& out) override;
  void write_error(const ReplyHead& head, const Status& status, Buffer& out) override;
  void write_answer(Buffer& out) override;
  void write_broken(const Status& why, Buffer& out) override;

 private:
  enum class Expected : std::uint8_t {
    kHeader,
    kBody,
    kRestOfBody  // of one that is over the limit: it is read past
  };

  Progress read_header(std::string_view text, std::size_t consumed, Status& why);
  Progress read_frame(ByteView body, std::size_t consumed, Frame& frame);
  void begin_frame(Frame& frame);
  Progress refuse_body(ByteView in, Frame& frame, Status& why);
  std::string_view method_of(const ReplyHead& head, std::string& scratch) const;
  Status write(std::string_view method, std::uint64_t seq, const TypeOps& type, const void* value,
               Buffer& out) const;

  Role role_;
  Limits limits_;
  JsonValues values_;
  Expected expected_ = Expected::kHeader;

  // The header that came last.
  std::string method_;
  std::string error_;
  std::uint64_t seq_ = 0;

  // A server's: how the requests that are not answered spelled their methods.
  std::unordered_map<std::uint64_t, std::string> methods_;
};

}  // namespace tern
