#include "wire/json_rpc/http_server_body.h"

#include <array>

#include "wire/json_rpc/error.h"
#include "wire/over_http/kept_buffer.h"

namespace tern {

HttpServerBody::Taken JsonRpcServerBody::take(const HttpCall& call, Frame& frame) {
  if (!rpc_) {
    rpc_ = std::make_unique<JsonRpcServerProtocol>(limits_, JsonRpcServerProtocol::Input::kMessage);
    taken_ = 0;
    all_taken_ = false;
  }
  do {
    Status why;
    FrameProgress progress = rpc_->next(call.body.subspan(taken_), frame, why);
    taken_ += progress.consumed;
    if (progress.step == FrameStep::kFrame) {
      frame.timeout = call.request.timeout;
      frame.metadata = as_bytes(call.head.text);
      all_taken_ = taken_ >= call.body.size();
      return all_taken_ ? Taken::kLastCall : Taken::kCall;
    }
    if (progress.step == FrameStep::kAnswer) {
      rpc_->write_answer(answer_);
    } else {
      rpc_->write_broken(why, answer_);
      taken_ = call.body.size();
    }
  } while (taken_ < call.body.size());
  all_taken_ = true;
  return Taken::kNothing;
}

Status JsonRpcServerBody::read_body(const Frame& frame, const TypeOps& type, void* argument) {
  return rpc_->read_body(frame, type, argument);
}

Status JsonRpcServerBody::write_reply(const ReplyHead& head, const TypeOps& type,
                                      const void* value) {
  return rpc_->write_reply(head, type, value, answer_);
}

void JsonRpcServerBody::write_error(const ReplyHead& head, const Status& status) {
  rpc_->write_error(head, status, answer_);
}

Status JsonRpcServerBody::unknown_method(std::string_view name, UnknownMethod why) {
  return rpc_->unknown_method(name, why);
}

void JsonRpcServerBody::put_head(HttpResponse& response) {
  response.status = answer_.empty() ? 204 : 200;
  if (!answer_.empty()) response.content_type = kHttpJson;
}

void JsonRpcServerBody::end() noexcept {
  rpc_.reset();
  clear_kept(answer_);
}

const HttpContent& json_rpc_content() noexcept {
  // JSON-RPC has had two names of its own.
  static constexpr std::array<std::string_view, 3> kTypes{kHttpJson, "application/json-rpc",
                                                          "application/jsonrequest"};
  static constexpr HttpContent kContent{
      "/rpc", &Protocols::jsonrpc, kTypes,
      [](const Status& why, Buffer& out) {
        put_json_rpc_failure("null", JsonRpcCode::kServerError, why, out);
      },
      [](const Limits& limits) -> std::unique_ptr<HttpServerBody> {
        return std::make_unique<JsonRpcServerBody>(limits);
      }};
  return kContent;
}

}  // namespace tern
