#include "wire/go/gob_client.h"

#include <fmt/format.h>

#include "wire/rpc_error_text.h"

namespace tern::wire::go {

wire::ClientProtocol::Progress ClientProtocol::next(ByteView in, Frame& frame, Status& why) {
  const Progress progress = stream_.next(in, frame, why);
  if (progress.step != Step::kFrame) return progress;
  const Header& header = stream_.header();
  if (header.error.empty()) {
    frame.kind = FrameKind::kReply;
    stream_.refuse_long_body(frame);
  } else {
    frame.kind = FrameKind::kError;
    frame.code = code_of_rpc_error(header.error);
    frame.ran = HandlerRan::kUnknown;
    frame.message = header.error;
  }
  return progress;
}

// Nobody knows how long the caller has the result: what it keeps of the memory is not counted.
Status ClientProtocol::read_body(const Frame& frame, const TypeOps& type, void* result) {
  return stream_.read_body(frame.body, type, result, stream_.limits().decode());
}

Status ClientProtocol::read_detail(const Frame&, const TypeOps& type, void*) {
  return Status(Code::kInternal, fmt::format("{} carries no {} with an error",
                                             dialect_name(stream_.dialect()), type.name));
}

Status ClientProtocol::write_request(const RequestHead& head, const TypeOps& type,
                                     const void* argument, Buffer& out) {
  Header& header = stream_.outgoing();
  set_service_method(*head.method, header.service_method);
  header.seq = head.id;
  stream_.clear_outgoing_error();
  return stream_.write(type, argument, out);
}

}  // namespace tern::wire::go
