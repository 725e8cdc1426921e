#include "wire/gee/json_client.h"

#include <limits>

#include "tern/codec.h"
#include "wire/go/rpc_header.h"
#include "wire/rpc_error_text.h"

namespace tern::wire::gee {

namespace {

// Of the request that ends `out`: the newline. A number that is cut is a number, too, for a server
// that takes the end of the stream for its end, as Go's decoder does: it can act at any digit.
std::size_t tail_of(const Buffer& out) {
  constexpr std::size_t kNewline = 1;
  std::string_view text = as_text(out.view());
  text.remove_suffix(kNewline);
  if (text.ends_with('}') || text.ends_with(']') || text.ends_with('"')) return kNewline;
  const std::size_t number = text.rfind('\n') + 1;
  return out.size() - number - 1;
}

}  // namespace

// The header of a reply has the text of an error, as long as that is.
JsonClientProtocol::JsonClientProtocol(const Limits& limits)
    : limits_(limits), reader_("reply", std::numeric_limits<std::size_t>::max(), limits) {}

ClientProtocol::Progress JsonClientProtocol::next(ByteView in, Frame& frame, Status& why) {
  const Progress progress = reader_.next(in, frame, why);
  if (progress.step != Step::kFrame) return progress;
  if (reader_.error().empty()) {
    frame.kind = FrameKind::kReply;
  } else {
    frame.kind = FrameKind::kError;
    frame.code = code_of_rpc_error(reader_.error());
    frame.ran = HandlerRan::kUnknown;
    frame.message = reader_.error();
  }
  reader_.refuse_long_body(frame);
  return progress;
}

Status JsonClientProtocol::read_body(const Frame& frame, const TypeOps& type, void* result) {
  return json_codec().decode(type, frame.body, result, limits_.decode());
}

Status JsonClientProtocol::read_detail(const Frame& frame, const TypeOps& type, void* detail) {
  return read_body(frame, type, detail);
}

Status JsonClientProtocol::write_request(const RequestHead& head, const TypeOps& type,
                                         const void* argument, Buffer& out) {
  std::string method;
  go::set_service_method(*head.method, method);
  Status failure = write_gee_json(method, head.id, type, argument, out);
  if (failure.ok()) request_tail_ = tail_of(out);
  return failure;
}

}  // namespace tern::wire::gee
