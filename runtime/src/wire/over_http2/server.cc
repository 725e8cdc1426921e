#include "wire/over_http2/server.h"

#include <algorithm>
#include <new>
#include <utility>

#include "wire/over_http2/make_call.h"

namespace tern::wire::over_http2 {

namespace {

// So much is read before what it asks for is looked at.
constexpr std::size_t kSlice = 16 * 1024;
// Windows of HTTP/2 have 31 bits.
constexpr std::size_t kMostWindow = 0x7fffffff;

// A client may send so much of a stream before it has read the SETTINGS (RFC 9113, section 6.5.2).
constexpr std::size_t kLeastWindow = 65535;

std::size_t first_window(const Limits& limits) noexcept {
  return std::clamp(limits.stream_window, kLeastWindow, kMostWindow);
}

http2::Settings settings_of(const Limits& limits) {
  http2::Settings settings;
  settings.concurrent_streams = static_cast<std::uint32_t>(
      std::min<std::size_t>(limits.calls_in_flight, settings.concurrent_streams));
  settings.stream_window = static_cast<std::uint32_t>(first_window(limits));
  settings.header_bytes = limits.metadata_bytes;
  return settings;
}

}  // namespace

ServerProtocol::ServerProtocol(const ServerSetup& setup)
    : limits_(setup.limits),
      call_setup_{limits_,
                  {setup.protocols, setup.cors, setup.pages, setup.methods},
                  setup.grpc_compression,
                  session_,
                  events_},
      session_(settings_of(setup.limits), *this) {}

ServerCall* ServerProtocol::find_stream(StreamId stream) const noexcept {
  auto found = calls_.find(stream);
  return found == calls_.end() ? nullptr : found->second.get();
}

ServerCall* ServerProtocol::find_open(std::uint64_t id) const noexcept {
  ServerCall* call = find(id);
  return call && call->open() ? call : nullptr;
}

std::uint64_t ServerProtocol::own_window() const noexcept {
  return first_window(limits_);
}

// --- What comes ---

void ServerProtocol::on_head(StreamId stream, http2::Head head) {
  ServerCall& call =
      *calls_.emplace(stream, make_call(call_setup_, stream, head.fields)).first->second;
  if (call.reads_messages()) {
    call.tell();
    if (head.ends) call.end_body();
    return;
  }
  if (head.ends) call.end_body();
  if (call.complete()) call.tell();
}

template <typename F>
void ServerProtocol::gather(ServerCall& call, F work) {
  gathered_ -= call.gathered();
  work();
  if (call.complete()) {
    call.tell();
  } else {
    gathered_ += call.gathered();
  }
}

void ServerProtocol::on_data(StreamId stream, ByteView bytes) {
  ServerCall* call = find_stream(stream);
  if (call && call->reads_messages()) {
    if (call->stage() != ServerCall::Stage::kAnswered) call->add(bytes);
    return;
  }
  if (!call || call->stage() != ServerCall::Stage::kComing) {
    session_.consume(stream, bytes.size());
    return;
  }
  gather(*call, [&] { call->add(bytes); });
  if (call->complete()) {
    session_.consume(stream, bytes.size());
    windows_.end(stream);
  } else {
    windows_.add(stream, bytes.size(), call->gathered(), call->to_come());
  }
}

void ServerProtocol::on_end(StreamId stream) {
  ServerCall* call = find_stream(stream);
  if (!call) return;
  if (call->reads_messages()) {
    call->end_body();
  } else if (call->stage() == ServerCall::Stage::kComing) {
    gather(*call, [&] { call->end_body(); });
    windows_.end(stream);
  }
}

void ServerProtocol::on_window(StreamId stream, std::uint64_t bytes) {
  if (ServerCall* call = find_stream(stream)) call->on_window(bytes);
}

void ServerProtocol::on_initial_window(std::int64_t change) {
  for (auto& [stream, call] : calls_) {
    if (change > 0) {
      call->on_window(static_cast<std::uint64_t>(change));
    } else {
      call->shrink_window(static_cast<std::uint64_t>(-change));
    }
  }
}

// Who has not heard of the request hears nothing of it any more.
void ServerProtocol::on_close(StreamId stream, std::uint32_t) {
  auto found = calls_.find(stream);
  if (found == calls_.end()) return;
  const std::unique_ptr<ServerCall> call = std::move(found->second);
  calls_.erase(found);
  if (call->stage() == ServerCall::Stage::kComing) gathered_ -= call->gathered();
  windows_.end(stream);
  events_.remove(stream);
  if (!call->open()) return;
  for (std::uint64_t i = 0; i < call->taken(); ++i) {
    Frame cancel;
    cancel.kind = FrameKind::kCancel;
    cancel.id = call->taken_id(i);
    events_.add(stream, cancel);
  }
}

// --- Reading ---

// Frames are given with nothing consumed; the bytes that they came in are consumed behind the last.
wire::ServerProtocol::Progress ServerProtocol::next(ByteView in, Frame& frame, Status& why) {
  if (ServerCall* before = find_stream(std::exchange(taken_, 0))) before->release_request();
  if (slice_ == 0) {
    if (in.empty()) return {Step::kMore, 0, 0};
    slice_ = std::min(in.size(), kSlice);
    why = session_.receive(in.first(slice_));
    held_bytes_ = session_.unsent_bytes();
    if (!why.ok()) return {Step::kBroken, slice_, 0};
  }
  while (!events_.empty()) {
    if (take_event(frame)) return {Step::kFrame, 0, 0};
  }
  events_.clear();
  return {session_.wants_write() ? Step::kAnswer : Step::kSkip, std::exchange(slice_, 0), 0};
}

bool ServerProtocol::take_event(Frame& frame) {
  const StreamId stream = events_.stream();
  if (!events_.is_request()) {
    events_.take(frame);
    if (frame.kind != FrameKind::kCancel) frame.id = find_stream(stream)->first_id();
    return true;
  }
  ServerCall& call = *find_stream(stream);
  const ServerCall::Taken taken = call.take_request(frame);
  if (taken != ServerCall::Taken::kMore) events_.pop();
  if (taken == ServerCall::Taken::kNothing) return false;
  taken_ = stream;
  if (frame.opens_stream) last_terms_ = call.stream_terms();
  return true;
}

// Its stream may have been reset, and the cancel is on its way.
Status ServerProtocol::read_body(const Frame& frame, const TypeOps& type, void* argument) {
  if (ServerCall* call = find(frame.id)) return call->read_body(frame, type, argument);
  return Status(Code::kCancelled, "the caller has cancelled the call", HandlerRan::kNo);
}

Status ServerProtocol::read_metadata(const Frame& frame, Metadata& metadata) {
  if (ServerCall* call = find(frame.id)) return call->read_metadata(frame, metadata);
  return Status(Code::kCancelled, "the caller has cancelled the call", HandlerRan::kNo);
}

Status ServerProtocol::unknown_method(std::uint64_t id, std::string_view name, UnknownMethod why) {
  if (ServerCall* call = find(id)) return call->unknown_method(name, why);
  return Status(Code::kCancelled, "the caller has cancelled the call", HandlerRan::kNo);
}

Code ServerProtocol::unreadable(std::uint64_t id) const noexcept {
  const ServerCall* call = find(id);
  return call ? call->unreadable() : Code::kInternal;
}

// --- Writing ---

void ServerProtocol::set_compression(std::uint64_t id, Compression how) noexcept {
  if (ServerCall* call = find_open(id)) call->set_compression(how);
}

Status ServerProtocol::write_reply(const ReplyHead& head, const TypeOps& type, const void* value,
                                   Buffer& out) {
  ServerCall* call = find_open(head.id);
  if (!call) return {};
  Status failure = call->write_reply(head, type, value, out);
  if (failure.ok() && !head.ends_stream) write(out);
  return failure;
}

void ServerProtocol::write_error(const ReplyHead& head, const Status& status, Buffer& out) {
  if (session_.lost()) throw std::bad_alloc();
  ServerCall* call = find_open(head.id);
  if (!call) return;
  if (going_away_ && call->stage() == ServerCall::Stage::kTold && call->taken() == 1 &&
      status.code() == Code::kUnavailable && status.handler_ran() == HandlerRan::kNo) {
    call->refuse();
  } else {
    call->write_error(head, status, out);
    if (head.ends_stream) return;
  }
  write(out);
}

void ServerProtocol::write_page(std::uint64_t id, const Page& page, Buffer& out) {
  if (ServerCall* call = find_open(id)) call->write_page(page);
  write(out);
}

void ServerProtocol::write_initial_metadata(std::uint64_t id, const Metadata& metadata,
                                            Buffer& out) {
  ServerCall* call = find_open(id);
  if (!call) return;
  call->write_initial_metadata(metadata);
  write(out);
}

void ServerProtocol::write_stream_data(const StreamPiece& piece, Buffer&) {
  if (ServerCall* call = find_open(piece.id)) call->write_stream_data(piece);
}

void ServerProtocol::write_stream_end(std::uint64_t id, ByteView end, Buffer& out) {
  ServerCall* call = find_open(id);
  if (!call) return;
  call->write_stream_end(end);
  write(out);
}

void ServerProtocol::write_credit(std::uint64_t id, std::uint64_t bytes, Buffer& out) {
  if (!find_open(id)) return;
  session_.grant(ServerCall::stream_of(id), bytes);
  write(out);
}

bool ServerProtocol::wants_heartbeats(std::uint64_t id) const noexcept {
  const ServerCall* call = find_open(id);
  return call && call->wants_heartbeats();
}

void ServerProtocol::write_heartbeat(std::uint64_t id, Buffer& out) {
  ServerCall* call = find_open(id);
  if (!call) return;
  call->write_heartbeat();
  write(out);
}

void ServerProtocol::write(Buffer& out) {
  session_.write(out);
  held_bytes_ = session_.unsent_bytes();
}

void ServerProtocol::write_going_away(std::string_view, Buffer& out) {
  going_away_ = true;
  session_.go_away();
  write(out);
}

}  // namespace tern::wire::over_http2
