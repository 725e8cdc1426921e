#include "wire/grpc/client.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <new>
#include <utility>

#include "base/peer_text.h"
#include "wire/grpc/compression.h"
#include "wire/grpc/error.h"
#include "wire/grpc/text.h"

namespace tern::wire::grpc {

namespace {

// So much is read before what it tells is given.
constexpr std::size_t kSlice = 16 * 1024;
constexpr std::size_t kMostWindow = 0x7fffffff;
// gRPC's servers close connections whose clients ping more often without data.
constexpr std::chrono::minutes kLeastPingInterval(5);
// With so few ids left the connection is to be followed by another one.
constexpr http2::StreamId kFewStreams = 2 * 100'000;
// Stands for the end of a side until its turn comes.
constexpr std::byte kEnd{0};
// What a server says then, with ENHANCE_YOUR_CALM.
constexpr std::string_view kTooManyPings = "too_many_pings";
constexpr std::string_view kHttp1 = "HTTP/";
constexpr std::string_view kUserAgent = "grpc-c++-tern/0.1.0";

http2::Settings settings_of(const Limits& limits) {
  http2::Settings settings;
  if (limits.stream_window > 0) {
    settings.stream_window =
        static_cast<std::uint32_t>(std::min(limits.stream_window, kMostWindow));
  }
  settings.header_bytes = limits.metadata_bytes;
  return settings;
}

// A message behind its prefix.
Status write_message(const TypeOps& type, const void* value, Compression how, Buffer& out) {
  out.grow(MessagePrefix::kSize);
  bool compressed = false;
  Status failure = encode_message(proto_codec(), type, value, how, out, compressed);
  if (!failure.ok()) return failure;
  const auto prefix = MessagePrefix::of(out.size() - MessagePrefix::kSize, compressed);
  std::copy(prefix.begin(), prefix.end(), out.data());
  return {};
}

}  // namespace

ClientProtocol::ClientProtocol(const Limits& limits, std::string authority, std::string_view scheme)
    : limits_(limits),
      authority_(std::move(authority)),
      scheme_(scheme),
      codec_(std::make_shared<MessageCodec>(proto_codec(), limits.message_bytes,
                                            Compression::kIdentity)),
      gzip_codec_(
          std::make_shared<MessageCodec>(proto_codec(), limits.message_bytes, Compression::kGzip)),
      session_(settings_of(limits), *this) {}

bool ClientProtocol::has_last_words() const {
  std::lock_guard lock(mutex_);
  return !broken_.ok() && !unusable_ && session_.wants_write();
}

bool ClientProtocol::finished() const noexcept {
  std::lock_guard lock(mutex_);
  return phase_ == Phase::kEnded && events_.empty();
}

// --- Calls ---

ClientProtocol::Call* ClientProtocol::find(StreamId stream) noexcept {
  auto found = calls_.find(stream);
  return found == calls_.end() ? nullptr : &found->second;
}

ClientProtocol::Calls::iterator ClientProtocol::find_call(std::uint64_t id) noexcept {
  auto found = streams_.find(id);
  return found == streams_.end() ? calls_.end() : calls_.find(found->second);
}

const ClientProtocol::Call* ClientProtocol::find_call(std::uint64_t id) const noexcept {
  auto found = streams_.find(id);
  return found == streams_.end() ? nullptr : &calls_.find(found->second)->second;
}

ClientProtocol::Calls::node_type ClientProtocol::take_out(Calls::iterator at) noexcept {
  streams_.erase(at->second.id);
  return calls_.extract(at);
}

// --- What comes ---

void ClientProtocol::on_head(StreamId stream, http2::Head head) {
  Call* call = find(stream);
  if (!call || call->response.complete()) return;
  const bool told = !call->response.initial_metadata().empty();
  call->response.add_head(head);
  if (!told && !call->response.initial_metadata().empty()) {
    Event event{FrameKind::kReplyStreamData, stream};
    event.initial_metadata = true;
    events_.push_back(std::move(event));
  }
  tell_if_complete(stream, *call, false);
}

void ClientProtocol::on_data(StreamId stream, ByteView bytes) {
  Call* call = find(stream);
  const bool streams = call && server_streams(call->kind);
  // What a program reads is granted by write_credit().
  if (!streams) session_.consume(stream, bytes.size());
  if (!call || call->response.complete()) return;
  Event event{FrameKind::kReplyStreamData, stream};
  while (call->response.next(bytes, limits_.message_bytes, event.piece)) {
    if (!streams) continue;
    event.start = data_.size();
    if (event.piece.whole > 0) data_.push_back(event.piece.flag);
    data_.append(event.piece.bytes);
    event.size = data_.size() - event.start;
    event.piece.bytes = {};
    events_.push_back(event);
  }
  tell_if_complete(stream, *call, false);
}

void ClientProtocol::on_end(StreamId stream) {
  Call* call = find(stream);
  if (!call) return;
  const bool was = call->response.complete();
  call->response.end_body();
  tell_if_complete(stream, *call, was);
}

void ClientProtocol::on_close(StreamId stream, std::uint32_t code) {
  Call* call = find(stream);
  if (!call) return;
  call->open = false;
  const bool was = call->response.complete();
  // A server that has ended its side before this has completed the response.
  call->response.reset(code, now_ >= call->deadline, going_away_);
  tell_if_complete(stream, *call, was);
}

void ClientProtocol::tell_if_complete(StreamId stream, const Call& call, bool was) {
  if (!was && call.response.complete()) events_.push_back({FrameKind::kReply, stream});
}

void ClientProtocol::on_window(StreamId stream, std::uint64_t bytes) {
  Call* call = find(stream);
  if (!call || !client_streams(call->kind)) return;
  const std::uint64_t more = call->window.grow(bytes);
  if (more == 0) return;
  Event event{FrameKind::kRequestCredit, stream};
  event.number = more;
  events_.push_back(std::move(event));
}

void ClientProtocol::on_initial_window(std::int64_t change) {
  for (auto& [stream, call] : calls_) {
    if (change > 0) {
      on_window(stream, static_cast<std::uint64_t>(change));
    } else {
      call.window.shrink(static_cast<std::uint64_t>(-change));
    }
  }
}

void ClientProtocol::on_sent_head(StreamId stream) {
  Call* call = find(stream);
  if (!call) return;
  call->sent = Sent::kHead;
  if (client_streams(call->kind)) sent_.push_back({call->id, session_.written_bytes()});
}

void ClientProtocol::on_sent_end(StreamId stream) {
  Call* call = find(stream);
  if (!call) return;
  call->sent = Sent::kAll;
  if (!client_streams(call->kind)) sent_.push_back({call->id, session_.written_bytes()});
}

void ClientProtocol::on_pong(std::uint64_t number) {
  Event event{FrameKind::kPong};
  event.number = number;
  events_.push_back(std::move(event));
}

void ClientProtocol::on_going_away(std::uint32_t code, std::string_view text) {
  going_away_ = fmt::format("the server is going away ({}{}{})", http2::error_name(code),
                            text.empty() ? "" : ": ", base::peer_text(text));
  tell_going_away(code == static_cast<std::uint32_t>(http2::ErrorCode::kEnhanceYourCalm) &&
                  text == kTooManyPings);
}

// A server may say more than once that it goes away, and why at last.
void ClientProtocol::tell_going_away(bool too_many_pings) {
  const bool again = phase_ >= Phase::kGoingAway;
  if (again && (!too_many_pings || pings_less_)) return;
  phase_ = std::max(phase_, Phase::kGoingAway);
  pings_less_ |= too_many_pings;
  Event event{FrameKind::kGoingAway};
  event.too_many_pings = too_many_pings;
  events_.push_back(std::move(event));
}

// --- Reading ---

void ClientProtocol::set_time(Clock::TimePoint now) {
  std::lock_guard lock(mutex_);
  now_ = now;
  session_.set_time(now);
}

// Frames are given with nothing consumed; the bytes that they came in are consumed behind the last.
wire::ClientProtocol::Progress ClientProtocol::next(ByteView in, Frame& frame, Status& why) {
  std::lock_guard lock(mutex_);
  current_ = {};
  if (slice_ == 0) {
    if (in.empty()) return {Step::kMore, 0, 0};
    if (phase_ == Phase::kFresh &&
        as_text(in.first(std::min(in.size(), kHttp1.size()))) == kHttp1.substr(0, in.size())) {
      if (in.size() < kHttp1.size()) return {Step::kMore, 0, kHttp1.size()};
      const std::string_view line = as_text(in).substr(0, as_text(in).find_first_of("\r\n"));
      why = Status(Code::kUnavailable,
                   fmt::format("the server speaks HTTP/1.1 (\"{}\"); expected gRPC's HTTP/2 with "
                               "prior knowledge",
                               base::peer_text(line)));
      return {Step::kBroken, 0, 0};
    }
    phase_ = std::max(phase_, Phase::kOpen);
    slice_ = std::min(in.size(), kSlice);
    broken_ = session_.receive(in.first(slice_));
    if (session_.ended()) phase_ = Phase::kEnded;
  }
  while (!events_.empty()) {
    const Event event = std::move(events_.front());
    events_.pop_front();
    if (take(event, frame)) return {Step::kFrame, 0, 0};
  }
  data_.clear();
  if (data_.capacity() > kSlice) data_.release();
  const std::size_t consumed = std::exchange(slice_, 0);
  if (!broken_.ok()) {
    why = broken_;
    return {Step::kBroken, consumed, 0};
  }
  return {Step::kSkip, consumed, 0};
}

// False: its call has ended meanwhile.
bool ClientProtocol::take(const Event& event, Frame& frame) {
  frame = Frame();
  frame.kind = event.kind;
  if (event.kind == FrameKind::kPong) {
    frame.id = event.number;
    return true;
  }
  if (event.kind == FrameKind::kGoingAway) {
    frame.message = going_away_;
    frame.too_many_pings = event.too_many_pings;
    return true;
  }
  auto at = calls_.find(event.stream);
  if (at == calls_.end()) return false;
  frame.id = at->second.id;
  if (event.kind == FrameKind::kReply) {
    take_outcome(at, frame);
    return true;
  }
  if (event.initial_metadata) {
    frame.initial_metadata = true;
    frame.metadata = at->second.response.initial_metadata();
    return true;
  }
  frame.body = data_.view().subspan(event.start, event.size);
  frame.whole = event.piece.whole;
  frame.continues = event.piece.continues;
  frame.refused = event.piece.refused;
  frame.limit = event.piece.limit;
  frame.credit = event.kind == FrameKind::kRequestCredit ? event.number : 0;
  return true;
}

void ClientProtocol::take_outcome(Calls::iterator at, Frame& frame) {
  const StreamId stream = at->first;
  current_ = take_out(at);
  const Call& call = current_.mapped();
  const Response& response = call.response;
  // The server has said all, or what it says is of no use.
  if (call.open) {
    session_.reset(stream,
                   response.ended_well() ? http2::ErrorCode::kNoError : http2::ErrorCode::kCancel);
  }
  frame.metadata = response.trailing_metadata();
  if (!response.refused().ok()) {
    frame.refused = response.refused();
    frame.limit = response.limit();
    return;
  }
  const Outcome& outcome = response.outcome();
  if (outcome.code == Code::kOk) {
    frame.body = response.message();
    return;
  }
  frame.kind = FrameKind::kError;
  frame.code = outcome.code;
  frame.ran = outcome.ran;
  frame.message = outcome.message;
  frame.detail_type = outcome.detail_type;
  frame.body = outcome.detail.view();
}

Status ClientProtocol::read_body(const Frame& frame, const TypeOps& type, void* result) {
  Buffer room;
  ByteView message;
  Status failure = unpack_message(current_.mapped().response.compressed(), frame.body,
                                  limits_.message_bytes, room, message);
  if (!failure.ok()) return failure;
  return proto_codec().decode(type, message, result, limits_.decode());
}

Status ClientProtocol::read_detail(const Frame& frame, const TypeOps& type, void* detail) {
  return proto_codec().decode(type, frame.body, detail, limits_.decode());
}

Status ClientProtocol::read_metadata(const Frame& frame, Metadata& metadata) {
  return grpc::read_metadata(unpack(frame.metadata), metadata);
}

// --- Writing ---

http2::Fields ClientProtocol::head_of(const RequestHead& head) const {
  http2::Fields fields = {{":method", "POST"},
                          {":scheme", std::string(scheme_)},
                          {":path", fmt::format("/{}/{}", head.method->service, head.method->name)},
                          {":authority", authority_},
                          {"te", "trailers"},
                          {"content-type", "application/grpc"},
                          {"grpc-accept-encoding", std::string(kEncodings)},
                          {"user-agent", std::string(kUserAgent)}};
  if (head.compression == Compression::kGzip) fields.emplace_back("grpc-encoding", "gzip");
  if (head.timeout.count() > 0) fields.emplace_back("grpc-timeout", timeout_text(head.timeout));
  if (head.metadata) add_metadata(*head.metadata, fields);
  return fields;
}

Status ClientProtocol::write_request(const RequestHead& head, const TypeOps& type,
                                     const void* argument, Buffer&) {
  if (head.metadata) {
    Status failure = check_metadata(*head.metadata, limits_.metadata_bytes);
    if (!failure.ok()) return failure;
  }
  const bool streams = head.opens_stream && client_streams(head.method->kind);
  Buffer body;
  if (!streams) {
    Status failure = write_message(type, argument, head.compression, body);
    if (!failure.ok()) return failure;
  }
  const http2::Fields fields = head_of(head);
  std::lock_guard lock(mutex_);
  const StreamId stream = session_.next_stream();
  auto at = calls_.try_emplace(calls_.end(), stream, head);
  at->second.window = http2::SendWindow(session_.initial_window());
  try {
    streams_.emplace(head.id, stream);
    if (session_.request(fields, std::move(body), !streams) == 0) {
      take_out(at);
      return Status(Code::kUnavailable,
                    "the connection takes no new calls: its server is going away, or it has had as "
                    "many as HTTP/2 can number",
                    HandlerRan::kNo);
    }
  } catch (...) {
    take_out(at);
    throw;
  }
  if (stream > http2::ClientSession::kLastStream - kFewStreams) tell_going_away();
  held_bytes_ = session_.unsent_bytes();
  return {};
}

// Header compression has a memory: where one write is lost, nothing may follow it.
void ClientProtocol::write(Buffer& out) {
  if (unusable_) throw std::bad_alloc();
  try {
    session_.write(out);
  } catch (...) {
    unusable_ = true;
    throw;
  }
  held_bytes_ = session_.unsent_bytes();
}

std::optional<SentRequest> ClientProtocol::take_sent() noexcept {
  std::lock_guard lock(mutex_);
  if (sent_.empty()) return std::nullopt;
  const SentRequest sent = sent_.front();
  sent_.pop_front();
  return sent;
}

void ClientProtocol::write_answer(Buffer& out) {
  std::lock_guard lock(mutex_);
  write(out);
}

std::shared_ptr<const Codec> ClientProtocol::codec_of_stream(std::uint64_t id) const {
  std::lock_guard lock(mutex_);
  const Call* call = find_call(id);
  return call && call->compression == Compression::kGzip ? gzip_codec_ : codec_;
}

std::uint64_t ClientProtocol::begin_stream_window(std::uint64_t id) {
  std::lock_guard lock(mutex_);
  auto at = find_call(id);
  return at == calls_.end() ? 0 : at->second.window.tell();
}

bool ClientProtocol::takes_stream_data() const noexcept {
  std::lock_guard lock(mutex_);
  return session_.has_room_for_streams();
}

void ClientProtocol::write_stream_data(const StreamPiece& piece, Buffer& out) {
  if (!piece.message) {
    out.push_back(kEnd);
    return;
  }
  std::lock_guard lock(mutex_);
  auto at = find_call(piece.id);
  if (at == calls_.end()) return;
  const StreamId stream = at->first;
  if (piece.first) {
    session_.append(stream,
                    MessagePrefix::of(piece.whole - MessageCodec::kFlagBytes,
                                      piece.bytes.front() == std::byte{1}),
                    piece.bytes.subspan(MessageCodec::kFlagBytes));
  } else {
    session_.append(stream, piece.bytes);
  }
  if (piece.ends_side) session_.finish(stream);
}

void ClientProtocol::write_stream_end(std::uint64_t id, ByteView, Buffer&) {
  std::lock_guard lock(mutex_);
  auto at = find_call(id);
  if (at != calls_.end()) session_.finish(at->first);
}

void ClientProtocol::write_credit(std::uint64_t id, std::uint64_t bytes, Buffer& out) {
  std::lock_guard lock(mutex_);
  auto at = find_call(id);
  if (at == calls_.end()) return;
  session_.grant(at->first, bytes);
  write(out);
}

std::chrono::nanoseconds ClientProtocol::least_ping_interval() const noexcept {
  return kLeastPingInterval;
}

// A server acts on a stream when its head has come, and on any other request when all of it has.
bool ClientProtocol::holds(std::uint64_t id) const {
  std::lock_guard lock(mutex_);
  const Call* call = find_call(id);
  return call && call->sent < (client_streams(call->kind) ? Sent::kHead : Sent::kAll);
}

void ClientProtocol::write_cancel(std::uint64_t id, Buffer& out) {
  std::lock_guard lock(mutex_);
  auto at = find_call(id);
  if (at == calls_.end()) return;
  const StreamId stream = at->first;
  if (take_out(at).mapped().open) session_.reset(stream, http2::ErrorCode::kCancel);
  write(out);
}

void ClientProtocol::write_ping(std::uint64_t number, Buffer& out) {
  std::lock_guard lock(mutex_);
  session_.ping(number);
  write(out);
}

}  // namespace tern::wire::grpc
