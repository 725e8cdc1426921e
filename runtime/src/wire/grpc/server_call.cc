#include "wire/grpc/server_call.h"

#include <algorithm>
#include <cstring>
#include <iterator>
#include <string>
#include <utility>

#include "base/ascii.h"
#include "wire/grpc/compression.h"
#include "wire/grpc/error.h"
#include "wire/unknown_method.h"

namespace tern::wire::grpc {

namespace {

// A message behind its prefix.
Status write_message(const Codec& codec, const TypeOps& type, const void* value, Compression how,
                     Buffer& out) {
  const std::size_t start = out.size();
  out.grow(MessagePrefix::kSize);
  bool compressed = false;
  Status failure = encode_message(codec, type, value, how, out, compressed);
  if (!failure.ok()) {
    out.truncate(start);
    return failure;
  }
  const auto prefix = MessagePrefix::of(out.size() - start - MessagePrefix::kSize, compressed);
  std::copy(prefix.begin(), prefix.end(), out.data() + start);
  return {};
}

}  // namespace

bool ServerCall::asks_for(const http2::Fields& fields) noexcept {
  constexpr std::string_view kGrpc = "application/grpc";
  const std::string_view type = find_field(fields, "content-type");
  if (!base::equal_ignoring_case(type.substr(0, kGrpc.size()), kGrpc)) return false;
  return type.size() == kGrpc.size() || type[kGrpc.size()] != '-';
}

ServerCall::ServerCall(const over_http2::CallSetup& setup, http2::StreamId stream, Request request,
                       MethodKind kind, Compression compression)
    : over_http2::ServerCall(setup, stream), request_(std::move(request)), kind_(kind) {
  if (compression != Compression::kIdentity) set_compression(compression);
}

// --- The request ---

void ServerCall::add(ByteView bytes) {
  if (!reads_messages()) {
    request_.add(bytes, limits().message_bytes);
    return;
  }
  over_http2::MessagePiece piece;
  while (messages_.next(bytes, limits().message_bytes, request_.encoding(), piece)) {
    Frame frame;
    frame.kind = FrameKind::kRequestStreamData;
    frame.whole = piece.whole;
    frame.continues = piece.continues;
    frame.refused = piece.refused;
    frame.limit = piece.limit;
    events().add(stream(), frame, piece.envelope, piece.bytes);
  }
}

void ServerCall::end_body() {
  if (!reads_messages()) {
    request_.end_body();
    return;
  }
  Frame frame;
  frame.kind = FrameKind::kRequestStreamData;
  frame.refused = messages_.end();
  frame.ends_side = frame.refused.ok();
  events().add(stream(), frame);
}

over_http2::ServerCall::Taken ServerCall::take_request(Frame& frame) {
  frame = Frame();
  frame.id = id_of(0);
  frame.method_name = request_.method_name();
  frame.timeout = request_.timeout();
  frame.metadata = request_.metadata();
  frame.body = request_.message();
  frame.refused = request_.outcome();
  frame.limit = request_.limit();
  frame.opens_stream = kind_ != MethodKind::kUnary;
  note_taken(frame.id);
  return Taken::kLast;
}

over_http2::StreamTerms ServerCall::stream_terms() {
  codec_ = std::make_shared<MessageCodec>(request_.codec(), limits().message_bytes, compression_);
  over_http2::StreamTerms terms;
  terms.window = tell_window();
  terms.codec = codec_.get();
  terms.codec_owner = codec_;
  // A message of a stream begins with the first byte of its prefix.
  terms.message_cost = MessagePrefix::kSize - MessageCodec::kFlagBytes;
  terms.message_envelope = MessageCodec::kFlagBytes;
  return terms;
}

Status ServerCall::read_body(const Frame& frame, const TypeOps& type, void* argument) {
  Buffer room;
  ByteView message;
  Status failure =
      unpack_message(request_.compressed(), frame.body, limits().message_bytes, room, message);
  if (!failure.ok()) return failure;
  return request_.codec().decode(type, message, argument, limits().decode());
}

Status ServerCall::read_metadata(const Frame& frame, Metadata& metadata) {
  return grpc::read_metadata(unpack(frame.metadata), metadata);
}

// --- The answer ---

http2::Fields ServerCall::head_of_answer() const {
  http2::Fields head;
  head.reserve(4);
  head.emplace_back(":status", "200");
  head.emplace_back("content-type", request_.content_type());
  if (announced_) head.emplace_back("grpc-encoding", "gzip");
  if (request_.has_unknown_encoding()) head.emplace_back("grpc-accept-encoding", kEncodings);
  return head;
}

// What the head of an answer has not announced cannot begin behind it.
void ServerCall::set_compression(Compression how) noexcept {
  if (how == Compression::kGzip) {
    if (!announced_ && (stage() >= Stage::kBegun || !request_.accepts_gzip())) return;
    announced_ = true;
  }
  compression_ = how;
  if (codec_) codec_->set_compression(how);
}

void ServerCall::begin_answer(const Metadata* metadata) {
  if (stage() != Stage::kTold) return;
  http2::Fields head = head_of_answer();
  if (metadata) add_metadata(*metadata, head);
  session().respond(stream(), head);
  set_stage(Stage::kBegun);
}

Status ServerCall::write_reply(const ReplyHead& head, const TypeOps& type, const void* value,
                               Buffer& out) {
  End end;
  if (!server_streams(kind_)) {
    Status failure = write_message(request_.codec(), type, value, compression_, end.body);
    if (!failure.ok()) return failure;
  }
  end.trailers.emplace_back("grpc-status", "0");
  end_answer(std::move(end), head, out);
  return {};
}

void ServerCall::write_error(const ReplyHead& head, const Status& status, Buffer& out) {
  End end;
  add_error(status, end.trailers);
  end_answer(std::move(end), head, out);
}

void ServerCall::end_answer(End end, const ReplyHead& head, Buffer& out) {
  if (head.metadata) add_metadata(*head.metadata, end.trailers);
  if (!head.ends_stream) {
    end_answer(std::move(end));
    return;
  }
  const auto size = static_cast<std::uint32_t>(end.body.size());
  std::memcpy(out.grow(sizeof size), &size, sizeof size);
  out.append(end.body.view());
  pack(end.trailers, out);
}

// An error before anything else is a head alone.
void ServerCall::end_answer(End end) {
  if (stage() == Stage::kTold && end.body.empty()) {
    http2::Fields head = head_of_answer();
    head.insert(head.end(), std::make_move_iterator(end.trailers.begin()),
                std::make_move_iterator(end.trailers.end()));
    session().respond_alone(stream(), head);
  } else {
    begin_answer(nullptr);
    session().append(stream(), std::move(end.body));
    session().finish(stream(), std::move(end.trailers));
  }
  // Not before: who fails with the reply tries again with an error.
  set_stage(Stage::kAnswered);
}

void ServerCall::write_stream_data(const StreamPiece& piece) {
  if (!piece.message) return;
  begin_answer(nullptr);
  if (piece.first) {
    session().append(stream(),
                     MessagePrefix::of(piece.whole - MessageCodec::kFlagBytes,
                                       piece.bytes.front() == std::byte{1}),
                     piece.bytes.subspan(MessageCodec::kFlagBytes));
  } else {
    session().append(stream(), piece.bytes);
  }
}

void ServerCall::write_stream_end(ByteView in) {
  End end;
  std::uint32_t size = 0;
  std::memcpy(&size, in.data(), sizeof size);
  end.body.append(in.subspan(sizeof size, size));
  end.trailers = unpack(in.subspan(sizeof size + size));
  end_answer(std::move(end));
}

Status ServerCall::unknown_method(std::string_view name, UnknownMethod why) {
  return grpc_unknown_method(name, why);
}

}  // namespace tern::wire::grpc
