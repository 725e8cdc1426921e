#include "wire/gee/json_server.h"

#include "tern/codec.h"
#include "wire/check_limits.h"
#include "wire/go/rpc_header.h"

namespace tern::wire::gee {

namespace {

// A request's header is a name and a number.
constexpr std::size_t kLongestHeader = 64 * 1024;

}  // namespace

JsonServerProtocol::JsonServerProtocol(const Limits& limits)
    : limits_(limits), reader_("request", kLongestHeader, limits) {}

ServerProtocol::Progress JsonServerProtocol::next(ByteView in, Frame& frame, Status& why) {
  const Progress progress = reader_.next(in, frame, why);
  if (progress.step != Step::kFrame) return progress;
  if (reader_.seq() == 0 && frame.refused.ok()) return {Step::kAnswer, progress.consumed, 0};
  const std::string& method = reader_.method();
  frame.kind = FrameKind::kRequest;
  frame.method_name = method;
  if (method.size() <= limits_.method_name_bytes) {
    methods_.insert_or_assign(reader_.seq(), method);
  } else if (frame.refused.ok()) {
    check_limits({.method_name = method.size()}, limits_, frame.refused, frame.limit);
  }
  reader_.refuse_long_body(frame);
  return progress;
}

Status JsonServerProtocol::read_body(const Frame& frame, const TypeOps& type, void* argument) {
  return json_codec().decode(type, frame.body, argument, limits_.decode());
}

Status JsonServerProtocol::write_reply(const ReplyHead& head, const TypeOps& type,
                                       const void* value, Buffer& out) {
  std::string scratch;
  Status failure = write_gee_json(method_of(head, scratch), head.id, type, value, out);
  if (failure.ok()) methods_.erase(head.id);
  return failure;
}

void JsonServerProtocol::write_error(const ReplyHead& head, const Status& status, Buffer& out) {
  std::string scratch;
  write_gee_json_error(method_of(head, scratch), head.id, status, out);
  methods_.erase(head.id);
}

void JsonServerProtocol::write_answer(Buffer& out) {
  write_gee_json_error(
      reader_.method(), 0,
      Status(Code::kInvalidArgument, "rpc server: Seq is 0; expected 1 or more", HandlerRan::kNo),
      out);
}

void JsonServerProtocol::write_broken(const Status& why, Buffer& out) {
  write_gee_json_error({}, 0, why, out);
}

Status JsonServerProtocol::unknown_method(std::uint64_t /*id*/, std::string_view name,
                                          UnknownMethod why) {
  return gee_rpc_unknown_method(name, why);
}

// As the request spelled it.
std::string_view JsonServerProtocol::method_of(const ReplyHead& head, std::string& scratch) const {
  if (auto found = methods_.find(head.id); found != methods_.end()) return found->second;
  if (head.method) go::set_service_method(*head.method, scratch);
  return scratch;
}

}  // namespace tern::wire::gee
