#include "wire/json_rpc/http_client_body.h"

#include <fmt/format.h>

#include <utility>

#include "base/peer_text.h"

namespace tern::wire::json_rpc {

Status ClientBody::put_body(const RequestHead& head, const TypeOps& type, const void* argument,
                            Buffer& body) {
  Status failure = rpc_.write_request(head, type, argument, body);
  // A server that reads the body as it comes acts at the end of the object.
  if (failure.ok()) body.truncate(body.size() - rpc_.request_tail());
  return failure;
}

void ClientBody::read_answer(const http::Head& head, bool, ByteView body, Frame& frame) {
  const bool json = over_http::is_http_json(head.get("content-type"));
  if (json && read_rpc(body, frame)) return;
  if (!json || head.status != 200) {
    failed_.read(head, body, frame);
    return;
  }
  frame.kind = FrameKind::kError;
  frame.code = Code::kInternal;
  message_ = fmt::format("http: the response is not a JSON-RPC answer to request {}: \"{}\"",
                         frame.id, base::peer_text(as_text(body)));
  frame.message = message_;
}

// One answer, to the request that was sent. An error without an id answers it, too: the server
// could not read the request, or has not looked at it.
bool ClientBody::read_rpc(ByteView body, Frame& frame) {
  if (rpc_.read_error_without_id(as_text(body), frame)) return true;
  Frame answer;
  Status why;
  rpc_.begin_message();
  FrameProgress progress = rpc_.next(body, answer, why);
  while (progress.step == FrameStep::kSkip && progress.consumed > 0) {
    body = body.subspan(progress.consumed);
    progress = rpc_.next(body, answer, why);
  }
  if (progress.step != FrameStep::kFrame || answer.id != frame.id) return false;
  answer.metadata = frame.metadata;
  frame = std::move(answer);
  return true;
}

}  // namespace tern::wire::json_rpc
