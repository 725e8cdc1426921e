#include "wire/grpc/server.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <iterator>
#include <new>
#include <string>
#include <utility>

#include "base/peer_text.h"
#include "wire/grpc/compression.h"
#include "wire/grpc/error.h"
#include "wire/unknown_method.h"

namespace tern::wire::grpc {

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

ServerProtocol::ServerProtocol(const Limits& limits, const MethodFinder* methods,
                               Compression compression)
    : limits_(limits),
      methods_(methods),
      compression_(compression),
      session_(settings_of(limits), *this) {}

ServerProtocol::Call* ServerProtocol::find(std::uint64_t id) noexcept {
  auto found = calls_.find(static_cast<StreamId>(id));
  return found == calls_.end() ? nullptr : &found->second;
}

ServerProtocol::Call* ServerProtocol::find_open(std::uint64_t id) noexcept {
  Call* call = find(id);
  return call && (call->stage == Stage::kTold || call->stage == Stage::kBegun) ? call : nullptr;
}

std::uint64_t ServerProtocol::own_window() const noexcept {
  return first_window(limits_);
}

// --- What comes ---

void ServerProtocol::on_head(StreamId stream, http2::Head head) {
  Call call;
  HeadFault fault = call.request.begin(head.fields);
  if (fault.http_status != 0) {
    if (head.ends) {
      answer_other(stream, fault.http_status);
    } else {
      others_.emplace(stream, fault.http_status);
    }
    return;
  }
  if (!fault.refused.ok()) call.request.refuse(fault.refused);
  if (const Method* method =
          methods_ ? methods_->find_method(call.request.method_name()) : nullptr) {
    call.kind = method->kind;
  }
  call.window = SendWindow(session_.initial_window());
  if (compression_ != Compression::kIdentity) compress(call, compression_);
  Call& placed = calls_.emplace(stream, std::move(call)).first->second;
  if (reads_messages(placed)) {
    tell(stream, placed);
    if (head.ends) end_messages(stream, placed);
    return;
  }
  if (head.ends) placed.request.end_body();
  tell_if_complete(stream, placed);
}

void ServerProtocol::on_data(StreamId stream, ByteView bytes) {
  Call* call = find(static_cast<std::uint64_t>(stream));
  if (call && reads_messages(*call)) {
    take_messages(stream, *call, bytes);
    return;
  }
  if (!call || call->stage != Stage::kComing) {
    session_.consume(stream, bytes.size());
    return;
  }
  const std::size_t before = call->request.bytes();
  call->request.add(bytes, limits_.message_bytes);
  coming_bytes_ += call->request.bytes();
  coming_bytes_ -= before;
  tell_if_complete(stream, *call);
  if (coming_bytes_ <= limits_.chunked_bytes) {
    session_.consume(stream, bytes.size());
  } else {
    call->owed += bytes.size();
    owed_ += bytes.size();
  }
  give_windows_back();
}

void ServerProtocol::answer_other(StreamId stream, int http_status) {
  const std::string_view text = http_status == 405
                                    ? "this is gRPC: expected POST\n"
                                    : "this is gRPC: expected content-type application/grpc\n";
  session_.respond(stream,
                   {{":status", std::to_string(http_status)}, {"content-type", "text/plain"}});
  session_.append(stream, as_bytes(text));
  session_.finish(stream, {});
}

void ServerProtocol::on_end(StreamId stream) {
  if (auto other = others_.find(stream); other != others_.end()) {
    answer_other(stream, other->second);
    others_.erase(other);
    return;
  }
  Call* call = find(static_cast<std::uint64_t>(stream));
  if (call && reads_messages(*call)) {
    end_messages(stream, *call);
    return;
  }
  if (!call || call->stage != Stage::kComing) return;
  const std::size_t before = call->request.bytes();
  call->request.end_body();
  coming_bytes_ += call->request.bytes();
  coming_bytes_ -= before;
  tell_if_complete(stream, *call);
  give_windows_back();
}

// Windows are given back by write_credit().
void ServerProtocol::take_messages(StreamId stream, Call& call, ByteView bytes) {
  if (call.stage == Stage::kAnswered) return;
  Event event{FrameKind::kRequestStreamData, stream};
  while (call.messages.next(bytes, limits_.message_bytes, call.request.encoding(), event.piece)) {
    event.start = data_.size();
    if (event.piece.whole > 0) data_.push_back(event.piece.flag);
    data_.append(event.piece.bytes);
    event.size = data_.size() - event.start;
    event.piece.bytes = {};
    events_.push_back(event);
  }
}

void ServerProtocol::end_messages(StreamId stream, Call& call) {
  Event event{FrameKind::kRequestStreamData, stream};
  event.piece.refused = call.messages.end();
  event.ends_side = event.piece.refused.ok();
  events_.push_back(std::move(event));
}

void ServerProtocol::tell(StreamId stream, Call& call) {
  call.stage = Stage::kTold;
  call.first_window = call.window.tell();
  events_.push_back({FrameKind::kRequest, stream});
}

void ServerProtocol::tell_if_complete(StreamId stream, Call& call) {
  if (!call.request.complete()) return;
  coming_bytes_ -= call.request.bytes();
  tell(stream, call);
}

void ServerProtocol::give_windows_back() {
  if (owed_ == 0) return;
  bool first = true;  // one message can always come
  for (auto& [stream, call] : calls_) {
    if (call.owed > 0 &&
        (first || call.stage != Stage::kComing || coming_bytes_ <= limits_.chunked_bytes)) {
      owed_ -= call.owed;
      session_.consume(stream, std::exchange(call.owed, 0));
    }
    if (call.stage == Stage::kComing) first = false;
  }
}

void ServerProtocol::on_window(StreamId stream, std::uint64_t bytes) {
  Call* call = find(static_cast<std::uint64_t>(stream));
  if (!call || call->kind == MethodKind::kUnary) return;
  const std::uint64_t more = call->window.grow(bytes);
  if (more == 0 || call->stage == Stage::kAnswered) return;
  Event event{FrameKind::kReplyCredit, stream};
  event.credit = more;
  events_.push_back(std::move(event));
}

void ServerProtocol::on_initial_window(std::int64_t change) {
  for (auto& [stream, call] : calls_) {
    if (change > 0) {
      on_window(stream, static_cast<std::uint64_t>(change));
    } else {
      call.window.shrink(static_cast<std::uint64_t>(-change));
    }
  }
}

void ServerProtocol::on_close(StreamId stream, std::uint32_t) {
  others_.erase(stream);
  auto found = calls_.find(stream);
  if (found == calls_.end()) return;
  const Stage stage = found->second.stage;
  if (stage == Stage::kComing) coming_bytes_ -= found->second.request.bytes();
  owed_ -= found->second.owed;
  calls_.erase(found);
  give_windows_back();
  // Who has not heard of the request hears nothing of it any more.
  bool told = stage == Stage::kTold || stage == Stage::kBegun;
  std::erase_if(events_, [stream, &told](const Event& event) {
    if (event.stream != stream) return false;
    if (event.kind == FrameKind::kRequest) told = false;
    return true;
  });
  if (told) events_.push_back({FrameKind::kCancel, stream});
}

// --- Reading ---

// Frames are given with nothing consumed; the bytes that they came in are consumed behind the last.
wire::ServerProtocol::Progress ServerProtocol::next(ByteView in, Frame& frame, Status& why) {
  if (Call* before = find(static_cast<std::uint64_t>(std::exchange(taken_, 0)))) {
    before->request.release();
  }
  if (slice_ == 0) {
    if (in.empty()) return {Step::kMore, 0, 0};
    slice_ = std::min(in.size(), kSlice);
    why = session_.receive(in.first(slice_));
    held_bytes_ = session_.unsent_bytes();
    if (!why.ok()) return {Step::kBroken, slice_, 0};
  }
  if (!events_.empty()) {
    const Event event = std::move(events_.front());
    events_.pop_front();
    take(event, frame);
    return {Step::kFrame, 0, 0};
  }
  data_.clear();
  if (data_.capacity() > kSlice) data_.release();
  return {session_.wants_write() ? Step::kAnswer : Step::kSkip, std::exchange(slice_, 0), 0};
}

void ServerProtocol::take(const Event& event, Frame& frame) {
  frame = Frame();
  frame.kind = event.kind;
  frame.id = static_cast<std::uint64_t>(event.stream);
  if (event.kind == FrameKind::kRequest) {
    taken_ = event.stream;
    take_request(*find(frame.id), frame);
    return;
  }
  frame.body = data_.view().subspan(event.start, event.size);
  frame.whole = event.piece.whole;
  frame.continues = event.piece.continues;
  frame.refused = event.piece.refused;
  frame.limit = event.piece.limit;
  frame.ends_side = event.ends_side;
  frame.credit = event.credit;
}

void ServerProtocol::take_request(Call& call, Frame& frame) {
  const Request& request = call.request;
  frame.method_name = request.method_name();
  frame.timeout = request.timeout();
  frame.metadata = request.metadata();
  frame.body = request.message();
  frame.refused = request.outcome();
  frame.limit = request.limit();
  frame.opens_stream = call.kind != MethodKind::kUnary;
  last_window_ = call.first_window;
  if (!frame.opens_stream) return;
  call.codec =
      std::make_shared<MessageCodec>(request.codec(), limits_.message_bytes, call.compression);
  last_codec_ = call.codec;
}

Status ServerProtocol::read_body(const Frame& frame, const TypeOps& type, void* argument) {
  const Call* call = find(frame.id);
  // Its stream has been reset, and the cancel is on its way.
  if (!call) return Status(Code::kCancelled, "the caller has cancelled the call", HandlerRan::kNo);
  Buffer room;
  ByteView message;
  Status failure =
      unpack_message(call->request.compressed(), frame.body, limits_.message_bytes, room, message);
  if (!failure.ok()) return failure;
  return call->request.codec().decode(type, message, argument, limits_.decode());
}

Status ServerProtocol::read_metadata(const Frame& frame, Metadata& metadata) {
  return grpc::read_metadata(unpack(frame.metadata), metadata);
}

// --- Writing ---

http2::Fields ServerProtocol::head_of(const Call& call) const {
  http2::Fields head = {{":status", "200"},
                        {"content-type", std::string(call.request.content_type())}};
  if (call.announced) head.emplace_back("grpc-encoding", "gzip");
  if (call.request.has_unknown_encoding()) head.emplace_back("grpc-accept-encoding", kEncodings);
  return head;
}

// What the head of an answer has not announced cannot begin behind it.
void ServerProtocol::compress(Call& call, Compression how) noexcept {
  if (how == Compression::kGzip) {
    if (!call.announced && (call.stage >= Stage::kBegun || !call.request.accepts_gzip())) return;
    call.announced = true;
  }
  call.compression = how;
  if (call.codec) call.codec->set_compression(how);
}

void ServerProtocol::set_compression(std::uint64_t id, Compression how) noexcept {
  if (Call* call = find_open(id)) compress(*call, how);
}

void ServerProtocol::begin_answer(StreamId stream, Call& call, const Metadata* metadata) {
  if (call.stage != Stage::kTold) return;
  http2::Fields head = head_of(call);
  if (metadata) add_metadata(*metadata, head);
  session_.respond(stream, head);
  call.stage = Stage::kBegun;
}

Status ServerProtocol::write_reply(const ReplyHead& head, const TypeOps& type, const void* value,
                                   Buffer& out) {
  Call* call = find_open(head.id);
  if (!call) return {};
  End end;
  if (!server_streams(call->kind)) {
    Status failure = write_message(call->request.codec(), type, value, call->compression, end.body);
    if (!failure.ok()) return failure;
  }
  end.trailers = {{"grpc-status", "0"}};
  if (head.metadata) add_metadata(*head.metadata, end.trailers);
  if (head.ends_stream) {
    put_end(end, out);
  } else {
    end_answer(static_cast<StreamId>(head.id), *call, std::move(end), out);
  }
  return {};
}

void ServerProtocol::write_error(const ReplyHead& head, const Status& status, Buffer& out) {
  if (unusable_) throw std::bad_alloc();
  Call* call = find_open(head.id);
  if (!call) return;
  const auto stream = static_cast<StreamId>(head.id);
  // In the words of HTTP/2, which every client knows for a proof that nothing has run.
  if (going_away_ && call->stage == Stage::kTold && status.code() == Code::kUnavailable &&
      status.handler_ran() == HandlerRan::kNo) {
    call->stage = Stage::kAnswered;
    session_.reset(stream, http2::ErrorCode::kRefusedStream);
    write(out);
    return;
  }
  End end;
  add_error(status, end.trailers);
  if (head.metadata) add_metadata(*head.metadata, end.trailers);
  if (head.ends_stream) {
    put_end(end, out);
  } else {
    end_answer(stream, *call, std::move(end), out);
  }
}

// An error before anything else is a head alone.
void ServerProtocol::end_answer(StreamId stream, Call& call, End end, Buffer& out) {
  if (call.stage == Stage::kTold && end.body.empty()) {
    http2::Fields head = head_of(call);
    head.insert(head.end(), std::make_move_iterator(end.trailers.begin()),
                std::make_move_iterator(end.trailers.end()));
    session_.respond_alone(stream, head);
  } else {
    begin_answer(stream, call, nullptr);
    session_.append(stream, end.body.view());
    session_.finish(stream, std::move(end.trailers));
  }
  // Not before: who fails with the reply tries again with an error.
  call.stage = Stage::kAnswered;
  write(out);
}

void ServerProtocol::put_end(const End& end, Buffer& out) {
  const auto size = static_cast<std::uint32_t>(end.body.size());
  std::memcpy(out.grow(sizeof size), &size, sizeof size);
  out.append(end.body.view());
  pack(end.trailers, out);
}

void ServerProtocol::write_initial_metadata(std::uint64_t id, const Metadata& metadata,
                                            Buffer& out) {
  Call* call = find_open(id);
  if (!call) return;
  begin_answer(static_cast<StreamId>(id), *call, &metadata);
  write(out);
}

void ServerProtocol::write_stream_data(const StreamPiece& piece, Buffer&) {
  Call* call = find_open(piece.id);
  if (!call || !piece.message) return;
  const auto stream = static_cast<StreamId>(piece.id);
  begin_answer(stream, *call, nullptr);
  if (piece.first) {
    session_.append(stream,
                    MessagePrefix::of(piece.whole - MessageCodec::kFlagBytes,
                                      piece.bytes.front() == std::byte{1}),
                    piece.bytes.subspan(MessageCodec::kFlagBytes));
  } else {
    session_.append(stream, piece.bytes);
  }
}

void ServerProtocol::write_stream_end(std::uint64_t id, ByteView in, Buffer& out) {
  Call* call = find_open(id);
  if (!call) return;
  End end;
  std::uint32_t size = 0;
  std::memcpy(&size, in.data(), sizeof size);
  end.body.append(in.subspan(sizeof size, size));
  end.trailers = unpack(in.subspan(sizeof size + size));
  end_answer(static_cast<StreamId>(id), *call, std::move(end), out);
}

void ServerProtocol::write_credit(std::uint64_t id, std::uint64_t bytes, Buffer& out) {
  if (!find_open(id)) return;
  session_.grant(static_cast<StreamId>(id), bytes);
  write(out);
}

// Header compression has a memory: where one write is lost, nothing may follow it.
void ServerProtocol::write(Buffer& out) {
  if (unusable_) throw std::bad_alloc();
  try {
    session_.write(out);
  } catch (...) {
    unusable_ = true;
    throw;
  }
  held_bytes_ = session_.unsent_bytes();
}

void ServerProtocol::write_broken(const Status&, Buffer& out) {
  write(out);
}

void ServerProtocol::write_going_away(std::string_view, Buffer& out) {
  going_away_ = true;
  session_.go_away();
  write(out);
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
