#include "wire/grpc/server.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "base/peer_text.h"
#include "wire/grpc/error.h"
#include "wire/unknown_method.h"

namespace tern::wire::grpc {

namespace {

// So much is read before what it asks for is looked at.
constexpr std::size_t kSlice = 16 * 1024;
// Windows of HTTP/2 have 31 bits.
constexpr std::size_t kMostWindow = 0x7fffffff;

http2::Settings settings_of(const Limits& limits) {
  http2::Settings settings;
  settings.concurrent_streams = static_cast<std::uint32_t>(
      std::min<std::size_t>(limits.calls_in_flight, settings.concurrent_streams));
  if (limits.stream_window > 0) {
    settings.stream_window =
        static_cast<std::uint32_t>(std::min(limits.stream_window, kMostWindow));
  }
  settings.header_bytes = limits.metadata_bytes;
  return settings;
}

http2::Fields head_of(const Request& request) {
  return {{":status", "200"}, {"content-type", std::string(request.content_type())}};
}

}  // namespace

ServerProtocol::ServerProtocol(const Limits& limits)
    : limits_(limits), session_(settings_of(limits), *this) {}

// --- Reading ---

// Frames are given with nothing consumed; the bytes that they came in are consumed behind the last.
wire::ServerProtocol::Progress ServerProtocol::next(ByteView in, Frame& frame, Status& why) {
  if (Call* before = find(static_cast<std::uint64_t>(std::exchange(taken_, 0)))) {
    before->request.release_message();
  }
  if (slice_ == 0) {
    if (in.empty()) return {Step::kMore, 0, 0};
    slice_ = std::min(in.size(), kSlice);
    why = session_.receive(in.first(slice_));
    if (!why.ok()) return {Step::kBroken, slice_, 0};
  }
  if (!events_.empty()) {
    const Event event = events_.front();
    events_.pop_front();
    take(event, frame);
    return {Step::kFrame, 0, 0};
  }
  return {session_.wants_write() ? Step::kAnswer : Step::kSkip, std::exchange(slice_, 0), 0};
}

void ServerProtocol::take(const Event& event, Frame& frame) {
  frame = Frame();
  frame.kind = event.kind;
  frame.id = static_cast<std::uint64_t>(event.stream);
  Call* call = event.kind == FrameKind::kRequest ? find(frame.id) : nullptr;
  // A cancel follows a request whose stream has been reset since.
  if (!call) {
    frame.kind = FrameKind::kCancel;
    return;
  }
  taken_ = event.stream;
  const Request& request = call->request;
  frame.method_name = request.method_name();
  frame.timeout = request.timeout();
  frame.metadata = request.metadata();
  frame.body = request.message();
  frame.refused = request.outcome();
  frame.limit = request.limit();
}

void ServerProtocol::on_request(StreamId stream, http2::Fields fields, bool ends) {
  Call call;
  HeadFault fault = call.request.begin(fields);
  if (fault.http_status != 0) {
    session_.respond_alone(stream, {{":status", std::to_string(fault.http_status)}});
    return;
  }
  if (!fault.refused.ok()) call.request.refuse(std::move(fault.refused));
  Call& placed = calls_.emplace(stream, std::move(call)).first->second;
  if (ends) placed.request.end_body();
  tell_if_complete(stream, placed);
}

void ServerProtocol::on_data(StreamId stream, ByteView bytes) {
  Call* call = find(static_cast<std::uint64_t>(stream));
  if (!call || call->stage != Stage::kComing) {
    session_.consume(stream, bytes.size());
    return;
  }
  const std::size_t before = call->request.bytes();
  call->request.add(bytes, limits_.message_bytes);
  coming_bytes_ += call->request.bytes() - before;
  call->owed += bytes.size();
  tell_if_complete(stream, *call);
  give_windows_back();
}

void ServerProtocol::on_request_end(StreamId stream) {
  Call* call = find(static_cast<std::uint64_t>(stream));
  if (!call || call->stage != Stage::kComing) return;
  const std::size_t before = call->request.bytes();
  call->request.end_body();
  coming_bytes_ -= before - call->request.bytes();
  tell_if_complete(stream, *call);
  give_windows_back();
}

void ServerProtocol::tell_if_complete(StreamId stream, Call& call) {
  if (!call.request.complete()) return;
  coming_bytes_ -= call.request.bytes();
  call.stage = Stage::kTold;
  events_.push_back({FrameKind::kRequest, stream});
}

void ServerProtocol::give_windows_back() {
  bool first = true;  // one message can always come
  for (auto& [stream, call] : calls_) {
    if (call.owed > 0 &&
        (first || call.stage != Stage::kComing || coming_bytes_ <= limits_.chunked_bytes)) {
      session_.consume(stream, std::exchange(call.owed, 0));
    }
    if (call.stage == Stage::kComing) first = false;
  }
}

void ServerProtocol::on_close(StreamId stream, std::uint32_t) {
  auto found = calls_.find(stream);
  if (found == calls_.end()) return;
  const Stage stage = found->second.stage;
  if (stage == Stage::kComing) coming_bytes_ -= found->second.request.bytes();
  calls_.erase(found);
  if (stage == Stage::kTold) events_.push_back({FrameKind::kCancel, stream});
}

ServerProtocol::Call* ServerProtocol::find(std::uint64_t id) noexcept {
  auto found = calls_.find(static_cast<StreamId>(id));
  return found == calls_.end() ? nullptr : &found->second;
}

Status ServerProtocol::read_body(const Frame& frame, const TypeOps& type, void* argument) {
  const Call* call = find(frame.id);
  // Its stream has been reset, and the cancel is on its way.
  if (!call) return Status(Code::kCancelled, "the caller has cancelled the call", HandlerRan::kNo);
  return call->request.codec().decode(type, frame.body, argument, limits_.decode());
}

Status ServerProtocol::read_metadata(const Frame& frame, Metadata& metadata) {
  return grpc::read_metadata(read_packed(frame.metadata), metadata);
}

// --- Writing ---

Status ServerProtocol::write_reply(const ReplyHead& head, const TypeOps& type, const void* value,
                                   Buffer& out) {
  constexpr std::size_t kPrefix = 5;
  Call* call = find(head.id);
  if (!call) return {};
  Buffer body;
  body.grow(kPrefix);
  Status failure = call->request.codec().encode(type, value, body);
  if (!failure.ok()) return failure;
  const std::size_t size = body.size() - kPrefix;
  *body.data() = std::byte(0);
  for (std::size_t i = 1; i < kPrefix; ++i) {
    body.data()[i] = static_cast<std::byte>(size >> (8 * (kPrefix - 1 - i)));
  }
  http2::Fields trailers = {{"grpc-status", "0"}};
  if (head.metadata) add_metadata(*head.metadata, trailers);
  call->stage = Stage::kAnswered;
  const auto stream = static_cast<StreamId>(head.id);
  session_.respond(stream, head_of(call->request));
  session_.append(stream, body.view());
  session_.finish(stream, std::move(trailers));
  session_.write(out);
  return {};
}

void ServerProtocol::write_error(const ReplyHead& head, const Status& status, Buffer& out) {
  Call* call = find(head.id);
  if (!call) return;
  call->stage = Stage::kAnswered;
  const auto stream = static_cast<StreamId>(head.id);
  // In the words of HTTP/2, which every client knows for a proof that nothing has run.
  if (going_away_ && status.code() == Code::kUnavailable &&
      status.handler_ran() == HandlerRan::kNo) {
    session_.reset(stream, http2::ErrorCode::kRefusedStream);
  } else {
    http2::Fields fields = head_of(call->request);
    add_error(status, fields);
    if (head.metadata) add_metadata(*head.metadata, fields);
    session_.respond_alone(stream, fields);
  }
  session_.write(out);
}

void ServerProtocol::write_broken(const Status&, Buffer& out) {
  session_.write(out);
}

void ServerProtocol::write_going_away(std::string_view, Buffer& out) {
  going_away_ = true;
  session_.go_away();
  session_.write(out);
}

Status ServerProtocol::unknown_method(std::string_view name, UnknownMethod why) {
  const std::size_t dot = name.rfind('.');
  const std::string service = base::peer_text(name.substr(0, dot));
  const std::string method =
      dot == std::string_view::npos ? std::string() : base::peer_text(name.substr(dot + 1));
  std::string text;
  switch (why) {
    case UnknownMethod::kIllFormed:
      text = fmt::format("malformed method name: \"{}\"; expected \"/package.Service/Method\"",
                         base::peer_text(name));
      break;
    case UnknownMethod::kAmbiguous:
      text = fmt::format("service {} is in several packages; name it with its package", service);
      break;
    case UnknownMethod::kService:
      text = fmt::format("unknown service {}", service);
      break;
    case UnknownMethod::kMethod:
    case UnknownMethod::kNotIdempotent:
      text = fmt::format("unknown method {} for service {}", method, service);
      break;
  }
  return Status(Code::kUnimplemented, std::move(text), HandlerRan::kNo);
}

}  // namespace tern::wire::grpc
