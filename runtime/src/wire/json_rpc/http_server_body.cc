#include "wire/json_rpc/http_server_body.h"

#include <array>

#include "tern/codec.h"
#include "wire/connect/codes.h"
#include "wire/json_rpc/error.h"
#include "wire/over_http/kept_buffer.h"
#include "wire/over_http/media_type.h"

namespace tern::wire::json_rpc {

over_http::ServerBody::Item ServerBody::take(const over_http::Call& call, Frame& frame) {
  if (!rpc_) {
    rpc_ = std::make_unique<ServerProtocol>(limits_, ServerProtocol::Input::kMessage);
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
      return all_taken_ ? Item::kLastCall : Item::kCall;
    }
    if (progress.step == FrameStep::kAnswer) {
      rpc_->write_answer(answer_);
    } else {
      rpc_->write_broken(why, answer_);
      taken_ = call.body.size();
    }
  } while (taken_ < call.body.size());
  all_taken_ = true;
  return Item::kNothing;
}

Status ServerBody::read_body(const Frame& frame, const TypeOps& type, void* argument) {
  return rpc_->read_body(frame, type, argument);
}

Status ServerBody::write_reply(const ReplyHead& head, const TypeOps& type, const void* value) {
  return rpc_->write_reply(head, type, value, answer_);
}

void ServerBody::write_error(const ReplyHead& head, const Status& status) {
  rpc_->write_error(head, status, answer_);
}

Status ServerBody::unknown_method(std::string_view name, UnknownMethod why) {
  return rpc_->unknown_method(0, name, why);
}

void ServerBody::put_head(http::Response& response) {
  response.status = answer_.empty() ? 204 : 200;
  if (!answer_.empty()) response.content_type = http::kJson;
}

void ServerBody::end() noexcept {
  rpc_.reset();
  over_http::clear_kept(answer_);
}

const over_http::Content& json_rpc_content() noexcept {
  // JSON-RPC has had two names of its own.
  static constexpr over_http::MediaType kJsonRpc{"application/json-rpc", json_codec};
  static constexpr over_http::MediaType kJsonRequest{"application/jsonrequest", json_codec};
  static constexpr std::array kTypes{&over_http::kJsonMessage, &kJsonRpc, &kJsonRequest};
  static constexpr over_http::Content kContent{
      "/rpc", &Protocols::jsonrpc, kTypes,
      [](const Status& why, int status, over_http::Request& request) {
        request.answer.status = status != 0 ? status : connect::http_status_of(why.code());
        request.answer.content_type = http::kJson;
        put_json_rpc_failure("null", ErrorCode::kServerError, why, request.answer_body);
      },
      [](const Limits& limits) -> std::unique_ptr<over_http::ServerBody> {
        return std::make_unique<ServerBody>(limits);
      }};
  return kContent;
}

}  // namespace tern::wire::json_rpc
