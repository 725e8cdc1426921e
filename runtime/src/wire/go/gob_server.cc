#include "wire/go/gob_server.h"

#include <optional>
#include <string_view>

#include "wire/check_limits.h"

namespace tern::wire::go {

namespace {

// How much of `in` is the end of the line that the Option stands on, "\n" or "\r\n"; nothing if
// that needs another byte. No definition of a type begins like either.
std::optional<std::size_t> end_of_option(ByteView in) noexcept {
  const std::string_view text = as_text(in);
  if (text.starts_with('\n')) return 1;
  if (text == "\r") return std::nullopt;
  return text.starts_with("\r\n") ? 2 : 0;
}

// Go's struct{}{}, which follows the header of an error.
const Nothing kNothing;

}  // namespace

ServerProtocol::ServerProtocol(Dialect dialect, const Limits& limits)
    : stream_(dialect, GobStream::Headers::kOfRequests, GobStream::Headers::kOfReplies, limits),
      newline_may_come_(dialect == Dialect::kGeeRpc) {}

wire::ServerProtocol::Progress ServerProtocol::next(ByteView in, Frame& frame, Status& why) {
  // Go's client writes it, and others need not.
  if (newline_may_come_ && !in.empty()) {
    const std::optional<std::size_t> newline = end_of_option(in);
    if (!newline) return {Step::kMore, 0, 2};
    newline_may_come_ = false;
    if (*newline > 0) return {Step::kSkip, *newline, 0};
  }
  const Progress progress = stream_.next(in, frame, why);
  if (progress.step != Step::kFrame) return progress;
  frame.kind = FrameKind::kRequest;
  std::string& method = stream_.header().service_method;
  if (!check_limits({.method_name = method.size()}, stream_.limits(), frame.refused, frame.limit)) {
    method = std::string();
  }
  frame.method_name = method;
  stream_.refuse_long_body(frame);
  return progress;
}

Status ServerProtocol::read_body(const Frame& frame, const TypeOps& type, void* argument) {
  Status failure =
      stream_.read_body(frame.body, type, argument, stream_.limits().decode_gob(memory_taken_));
  memory_kept_ = stream_.overhead_taken();
  memory_taken_ += memory_kept_;
  return failure;
}

// A reply repeats the method as the request has it, if that was the last one that came; later, as
// the method is called in its file.
void ServerProtocol::set_reply_method(const ReplyHead& head) {
  const Header& request = stream_.header();
  Header& reply = stream_.outgoing();
  reply.seq = head.id;
  if (request.seq == head.id && stream_.header_is_read() && !request.service_method.empty()) {
    reply.service_method = request.service_method;
  } else if (head.method != nullptr) {
    set_service_method(*head.method, reply.service_method);
  } else {
    reply.service_method.clear();
  }
}

Status ServerProtocol::write_reply(const ReplyHead& head, const TypeOps& type, const void* value,
                                   Buffer& out) {
  set_reply_method(head);
  stream_.clear_outgoing_error();
  return stream_.write(type, value, out);
}

void ServerProtocol::write_error(const ReplyHead& head, const Status& status, Buffer& out) {
  set_reply_method(head);
  set_error_text(status, stream_.outgoing().error);
  const Status failure = stream_.write(type_ops<Nothing>(), &kNothing, out);
  (void)failure.ok();  // strings and a number can always be encoded
}

Status ServerProtocol::unknown_method(std::uint64_t /*id*/, std::string_view name,
                                      UnknownMethod why) {
  return stream_.dialect() == Dialect::kNetRpc ? net_rpc_unknown_method(name, why)
                                               : gee_rpc_unknown_method(name, why);
}

}  // namespace tern::wire::go
