#include "call/read_outcome.h"

#include <fmt/format.h>

#include <exception>
#include <memory>
#include <string>
#include <utility>

#include "call/failure_text.h"

namespace tern::call {

namespace {

Status read_error(const AnswerSource& source, const wire::Frame& frame, const Method& method) {
  // A server of our frames was given a number, and has no better name.
  const bool unknown_id =
      source.native && frame.code == Code::kUnimplemented && frame.ran == HandlerRan::kNo;
  std::string message =
      unknown_id ? failure_text(method, source.address, frame.message) : std::string(frame.message);
  for (TypeOpsOf declared : method.errors) {
    const TypeOps& type = declared();
    if (type.name != frame.detail_type) continue;
    std::shared_ptr<void> detail(type.create(), type.destroy);
    Status failure = source.protocol.read_detail(frame, type, detail.get());
    if (!failure.ok()) break;  // the text is still good
    return Status::with_detail(frame.code, std::move(message), type, std::move(detail), frame.ran);
  }
  return Status(frame.code, std::move(message), frame.ran);
}

// It is the server's mistake, unless the answer is over a limit of this side.
Status unreadable(const AnswerSource& source, const wire::Frame& frame, const Method& method,
                  const Status& failure) {
  const bool limit = failure.code() == Code::kResourceExhausted;
  return Status(limit ? Code::kResourceExhausted : Code::kInternal,
                failure_text(method, source.address, fmt::format("reply: {}", failure.message())),
                frame.kind == wire::FrameKind::kReply ? HandlerRan::kYes : HandlerRan::kUnknown);
}

// `read_result` reads the body of a reply.
template <typename ReadResult>
Status read_answer(const AnswerSource& source, const wire::Frame& frame, StartedCall& call,
                   ReadResult read_result) {
  const Method& method = *call.method;
  try {
    if (!frame.refused.ok()) return unreadable(source, frame, method, frame.refused);
    if (!frame.metadata.empty()) {
      Status failure = source.protocol.read_metadata(frame, call.call->reply_metadata());
      if (!failure.ok()) return unreadable(source, frame, method, failure);
    }
    if (frame.kind == wire::FrameKind::kError) return read_error(source, frame, method);
    Status failure = read_result();
    return failure.ok() ? Status() : unreadable(source, frame, method, failure);
  } catch (const std::exception& thrown) {
    return unreadable(source, frame, method, Status(Code::kInternal, thrown.what()));
  }
}

}  // namespace

Status read_outcome(const AnswerSource& source, const wire::Frame& frame, StartedCall& call) {
  return read_answer(source, frame, call, [&] {
    return source.protocol.read_body(frame, call.method->result(), call.call->reply_slot());
  });
}

Status read_end(const AnswerSource& source, const wire::Frame& frame, StartedCall& call) {
  return read_answer(source, frame, call, [] { return Status(); });
}

}  // namespace tern::call
