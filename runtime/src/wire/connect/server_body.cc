#include "wire/connect/server_body.h"

#include <fmt/format.h>

#include <array>

#include "base/ascii.h"
#include "tern/codec.h"
#include "wire/connect/codes.h"
#include "wire/connect/end_of_stream.h"
#include "wire/connect/error.h"
#include "wire/over_http/kept_buffer.h"
#include "wire/over_http/metadata.h"

namespace tern::wire::connect {

namespace {

// How long the headers are that are metadata.
std::size_t metadata_size(const http::Head& head) {
  std::size_t size = 0;
  for (const http::Header& header : head.headers) {
    if (!over_http::is_http_own(base::to_lower(header.name)))
      size += header.name.size() + header.value.size();
  }
  return size;
}

// A stream has its errors in its end, whatever they are.
void answer_error(const Status& why, int status, over_http::Request& request) {
  if (request.framing == over_http::Framing::kEnvelopes && status == 0) {
    request.answer.content_type = request.type->name;
    kStreamEnvelopes.put_end(why, nullptr, request.answer_body);
    return;
  }
  request.answer.status = status != 0 ? status : http_status_of(why.code());
  request.answer.content_type = http::kJson;
  write_connect_error(why, request.answer_body);
}

}  // namespace

over_http::ServerBody::Item ServerBody::take(const over_http::Call& call, Frame& frame) {
  type_ = call.request.type;
  error_status_ = call.too_long ? 413 : 0;
  frame = Frame();
  frame.id = ++id_;
  frame.method_name = call.request.name;
  frame.timeout = call.request.timeout;
  frame.idempotent_only = call.request.idempotent_only;
  frame.body = call.request.argument ? as_bytes(*call.request.argument) : call.body;
  std::size_t metadata = metadata_size(call.head);
  if (metadata > 0) frame.metadata = as_bytes(call.head.text);
  if (call.too_long) {
    frame.refused =
        Status(Code::kResourceExhausted,
               fmt::format("the message is longer than the limit, {} bytes", limits_.message_bytes),
               HandlerRan::kNo);
    frame.limit = FrameLimit::kMessage;
  } else {
    check_limits({.method_name = frame.method_name.size(), .metadata = metadata}, limits_,
                 frame.refused, frame.limit);
  }
  return Item::kLastCall;
}

Status ServerBody::read_body(const Frame& frame, const TypeOps& type, void* argument) {
  ByteView body = frame.body.empty() ? as_bytes(type_->nothing) : frame.body;
  return type_->codec().decode(type, body, argument, limits_.decode());
}

Status ServerBody::write_reply(const ReplyHead& head, const TypeOps& type, const void* value) {
  status_ = 200;
  content_type_ = type_->name;
  headers_.clear();
  if (head.metadata) {
    Status failure = over_http::add_metadata(*head.metadata, headers_);
    if (!failure.ok()) return failure;
  }
  over_http::clear_kept(answer_);
  return type_->codec().encode(type, value, answer_);
}

void ServerBody::write_error(const ReplyHead& head, const Status& status) {
  content_type_ = http::kJson;  // whatever the call is in
  status_ = error_status_ != 0 ? error_status_ : http_status_of(status.code());
  headers_.clear();
  if (error_status_ == 405) headers_.emplace_back("Allow", "POST");
  if (head.metadata) {
    // An error is worth more than the metadata that cannot go with it.
    Status unfit = over_http::add_metadata(*head.metadata, headers_);
    static_cast<void>(unfit);
  }
  over_http::clear_kept(answer_);
  write_connect_error(status, answer_);
}

void ServerBody::put_head(http::Response& response) {
  response.status = status_;
  response.content_type = content_type_;
  over_http::move_headers(headers_, response);
}

void ServerBody::end() noexcept {
  over_http::clear_kept(answer_);
}

Status ServerBody::unknown_method(std::string_view name, UnknownMethod why) {
  error_status_ = why == UnknownMethod::kNotIdempotent ? 405 : 404;
  return gee_rpc_unknown_method(name, why);
}

const over_http::Content& connect_content() noexcept {
  static constexpr std::array kTypes{&over_http::kJsonMessage, &over_http::kProtoMessage,
                                     &over_http::kConnectJson, &over_http::kConnectProto};
  static constexpr over_http::Content kContent{
      "", &Protocols::http, kTypes, answer_error,
      [](const Limits& limits) -> std::unique_ptr<over_http::ServerBody> {
        return std::make_unique<ServerBody>(limits);
      }};
  return kContent;
}

}  // namespace tern::wire::connect
