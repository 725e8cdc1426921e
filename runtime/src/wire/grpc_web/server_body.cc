#include "wire/grpc_web/server_body.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <memory>
#include <utility>

#include "codec/base64.h"
#include "wire/grpc/message_prefix.h"
#include "wire/grpc_web/request.h"
#include "wire/grpc_web/trailers.h"
#include "wire/over_http/kept_buffer.h"
#include "wire/over_http/metadata.h"

namespace tern::wire::grpc_web {

namespace {

// Clients read heads of 8 KiB and more; what is longer than this is in the body.
constexpr std::size_t kMostInHead = 4096;

std::size_t size_of(const grpc::Fields& fields) noexcept {
  std::size_t size = 0;
  for (const auto& [name, value] : fields) size += name.size() + value.size();
  return size;
}

}  // namespace

over_http::ServerBody::Item ServerBody::take(const over_http::Call& call, Frame& frame) {
  type_ = call.request.type;
  frame = Frame();
  frame.id = ++id_;
  frame.method_name = call.request.name;
  frame.timeout = call.request.timeout;
  frame.body = call.body;
  const std::size_t metadata = metadata_size(call.head);
  if (metadata > 0) frame.metadata = as_bytes(call.head.text);
  check_limits({.method_name = frame.method_name.size(), .metadata = metadata}, limits_,
               frame.refused, frame.limit);
  return Item::kLastCall;
}

Status ServerBody::read_body(const Frame& frame, const TypeOps& type, void* argument) {
  ByteView body = frame.body.empty() ? as_bytes(type_->nothing) : frame.body;
  return type_->codec().decode(type, body, argument, limits_.decode());
}

Status ServerBody::read_metadata(const http::Head& head, Metadata& metadata) const {
  return grpc_web::read_metadata(head, metadata);
}

// What no header can carry is left out.
void ServerBody::add_headers(const Metadata& metadata, http::Headers& headers) const {
  add_metadata(metadata, headers);
}

Status ServerBody::write_reply(const ReplyHead& head, const TypeOps& type, const void* value) {
  Buffer body;
  body.grow(grpc::MessagePrefix::kSize);
  Status failure = type_->codec().encode(type, value, body);
  if (!failure.ok()) return failure;
  const auto prefix = grpc::MessagePrefix::of(body.size() - grpc::MessagePrefix::kSize);
  std::copy(prefix.begin(), prefix.end(), body.data());
  put_trailers(Status(), head.metadata, body);
  set_answer({}, std::move(body));
  return {};
}

void ServerBody::write_error(const ReplyHead& head, const Status& status) {
  grpc::Fields trailers = trailers_of(status, head.metadata);
  if (size_of(trailers) <= kMostInHead) {
    set_answer(std::move(trailers), {});
    return;
  }
  Buffer body;
  put_trailers(status, head.metadata, body);
  set_answer({}, std::move(body));
}

void ServerBody::set_answer(grpc::Fields headers, Buffer body) {
  headers_ = std::move(headers);
  if (!type_->text) {
    answer_ = std::move(body);
    return;
  }
  over_http::clear_kept(answer_);
  codec::append_base64(body.view(), answer_);
}

void ServerBody::put_head(http::Response& response) {
  response.status = 200;
  response.content_type = type_->name;
  over_http::move_headers(headers_, response);
}

void ServerBody::end() noexcept {
  over_http::clear_kept(answer_);
}

Status ServerBody::unknown_method(std::string_view name, UnknownMethod why) {
  return grpc_unknown_method(name, why);
}

const over_http::Content& grpc_web_content() noexcept {
  static constexpr std::array kTypes{&over_http::kGrpcWeb, &over_http::kGrpcWebProto,
                                     &over_http::kGrpcWebJson, &over_http::kGrpcWebText,
                                     &over_http::kGrpcWebTextProto};
  static constexpr over_http::Content kContent{
      "", &Protocols::grpc, kTypes,
      // Whatever is wrong, HTTP's status is 200, and the trailers alone are in the head.
      [](const Status& why, int, over_http::Request& request) {
        request.answer.content_type =
            request.type->envelopes == &kEnvelopes ? request.type->name : over_http::kGrpcWeb.name;
        request.answer.headers = trailers_of(why, nullptr);
      },
      [](const Limits& limits) -> std::unique_ptr<over_http::ServerBody> {
        return std::make_unique<ServerBody>(limits);
      }};
  return kContent;
}

}  // namespace tern::wire::grpc_web
