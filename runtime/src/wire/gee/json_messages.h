// GeeRPC with application/json: a header and a body, each a JSON value, for every request and
// every reply. Here is what both sides of a connection do with them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "tern/buffer.h"
#include "tern/codegen/type_ops.h"
#include "tern/limits.h"
#include "wire/frame.h"
#include "wire/json_values.h"

namespace tern::wire::gee {

// {"ServiceMethod":"Arith.Multiply","Seq":1,"Error":""} and then the argument or the result; after
// an error {}. Each of ours ends with a newline, as Go's encoder writes it; what comes may have any
// white space, and leave Error out, so that a person can type it. Names of members go without
// regard to case; one that stands there twice is refused. Seq counts from 1.
class JsonFrameReader {
 public:
  // `what` the values are, for messages. Headers of up to `header_bytes` are read.
  JsonFrameReader(std::string_view what, std::size_t header_bytes, const Limits& limits)
      : header_bytes_(header_bytes), message_bytes_(limits.message_bytes), values_(what, limits) {}

  // As both seams have it; kFrame: a body is there, whose header came last. Sets the frame's id and
  // body, and clears the rest; a body so long that it is read past is refused.
  FrameProgress next(ByteView in, Frame& frame, Status& why);
  // After kFrame: refuses a body that is over the limit for messages.
  void refuse_long_body(Frame& frame) const;
  bool in_frame() const noexcept { return expected_ != Expected::kHeader; }

  // Of the header that came last; good until the next call of next().
  const std::string& method() const noexcept { return method_; }
  const std::string& error() const noexcept { return error_; }
  std::uint64_t seq() const noexcept { return seq_; }

 private:
  enum class Expected : std::uint8_t {
    kHeader,
    kBody,
    kRestOfBody  // of one that is over the limit: it is read past
  };

  FrameProgress read_header(std::string_view text, std::size_t consumed, Status& why);
  void begin_frame(Frame& frame) const;
  FrameProgress refuse_body(ByteView in, Frame& frame, Status& why);

  std::size_t header_bytes_;
  std::size_t message_bytes_;
  JsonValues values_;
  Expected expected_ = Expected::kHeader;
  std::string method_;
  std::string error_;
  std::uint64_t seq_ = 0;
};

// Appends header and body: both, or neither.
Status write_gee_json(std::string_view method, std::uint64_t seq, const TypeOps& type,
                      const void* value, Buffer& out);
// The header of an error, and its empty body.
void write_gee_json_error(std::string_view method, std::uint64_t seq, const Status& status,
                          Buffer& out);

}  // namespace tern::wire::gee
