#include "wire/over_http2/client.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/peer_text.h"
#include "tern/codec.h"
#include "wire/grpc/message_prefix.h"
#include "wire/over_http/client.h"

namespace tern::wire::over_http2 {

namespace {

// So much is read before what it tells is given.
constexpr std::size_t kSlice = 16 * 1024;
constexpr std::size_t kMostWindow = 0x7fffffff;
// gRPC's servers close connections whose clients ping more often without data, and any server of
// HTTP/2 may count pings.
constexpr std::chrono::minutes kLeastPingInterval(5);
// With so few ids left the connection is to be followed by another one.
constexpr http2::StreamId kFewStreams = 2 * 100'000;
// Stands for the end of a side until its turn comes.
constexpr std::byte kEnd{0};
constexpr std::string_view kHttp1 = "HTTP/";

http2::Settings settings_of(const Limits& limits) {
  http2::Settings settings;
  if (limits.stream_window > 0) {
    settings.stream_window =
        static_cast<std::uint32_t>(std::min(limits.stream_window, kMostWindow));
  }
  settings.header_bytes = limits.metadata_bytes;
  return settings;
}

}  // namespace

ClientProtocol::ClientProtocol(const Limits& limits, std::string_view name, std::string authority,
                               std::string_view scheme)
    : limits_(limits),
      name_(name),
      authority_(std::move(authority)),
      scheme_(scheme),
      events_(limits_, calls_, session_),
      session_(settings_of(limits), events_) {}

bool ClientProtocol::has_last_words() const {
  std::lock_guard lock(mutex_);
  return !broken_.ok() && !session_.lost() && session_.wants_write();
}

bool ClientProtocol::finished() const noexcept {
  std::lock_guard lock(mutex_);
  return phase_ == Phase::kEnded && events_.empty();
}

// --- Reading ---

void ClientProtocol::set_time(Clock::TimePoint now) {
  std::lock_guard lock(mutex_);
  events_.set_time(now);
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
                   fmt::format("the server speaks HTTP/1.1 (\"{}\"); expected {}'s HTTP/2 with "
                               "prior knowledge",
                               base::peer_text(line), name_));
      return {Step::kBroken, 0, 0};
    }
    phase_ = std::max(phase_, Phase::kOpen);
    slice_ = std::min(in.size(), kSlice);
    broken_ = session_.receive(in.first(slice_));
    if (session_.ended()) phase_ = Phase::kEnded;
  }
  while (!events_.empty()) {
    const ClientEvent event = events_.take();
    if (take(event, frame)) return {Step::kFrame, 0, 0};
  }
  events_.clear();
  const std::size_t consumed = std::exchange(slice_, 0);
  if (!broken_.ok()) {
    why = broken_;
    return {Step::kBroken, consumed, 0};
  }
  return {Step::kSkip, consumed, 0};
}

// False: its call has ended meanwhile.
bool ClientProtocol::take(const ClientEvent& event, Frame& frame) {
  frame = Frame();
  frame.kind = event.kind;
  if (event.kind == FrameKind::kPong) {
    frame.id = event.number;
    return true;
  }
  if (event.kind == FrameKind::kGoingAway) {
    frame.message = events_.going_away();
    frame.too_many_pings = event.too_many_pings;
    return true;
  }
  const ClientCall* call = calls_.on_stream(event.stream);
  if (!call) return false;
  frame.id = call->id;
  if (event.kind == FrameKind::kReply) {
    take_outcome(*call, frame);
    return true;
  }
  if (event.initial_metadata) {
    frame.initial_metadata = true;
    frame.metadata = call->response->initial_metadata();
    return true;
  }
  frame.body = events_.bytes_of(event);
  frame.whole = event.piece.whole;
  frame.continues = event.piece.continues;
  frame.refused = event.piece.refused;
  frame.limit = event.piece.limit;
  frame.credit = event.kind == FrameKind::kRequestCredit ? event.number : 0;
  return true;
}

void ClientProtocol::take_outcome(const ClientCall& call, Frame& frame) {
  current_ = calls_.take(call);
  ClientResponse& response = *call.response;
  // The server has said all, or what it says is of no use.
  if (call.open) {
    session_.reset(call.stream,
                   response.ended_well() ? http2::ErrorCode::kNoError : http2::ErrorCode::kCancel);
  }
  response.put_outcome(frame);
}

Status ClientProtocol::read_body(const Frame& frame, const TypeOps& type, void* result) {
  return current_.mapped().response->read_body(frame.body, type, result);
}

Status ClientProtocol::read_detail(const Frame& frame, const TypeOps& type, void* detail) {
  return proto_codec().decode(type, frame.body, detail, limits_.decode());
}

// --- Writing ---

Status ClientProtocol::write_request(const RequestHead& head, const TypeOps& type,
                                     const void* argument, Buffer&) {
  http2::Fields fields = {
      {":method", "POST"}, {":scheme", std::string(scheme_)}, {":authority", authority_}};
  Buffer body;
  Status failure = put_request(head, type, argument, fields, body);
  if (!failure.ok()) return failure;
  const bool streams = head.opens_stream && client_streams(head.method->kind);
  std::unique_ptr<ClientResponse> response = make_response(head);
  std::lock_guard lock(mutex_);
  const http2::StreamId stream = session_.next_stream();
  ClientCall& call = calls_.add(stream, head, std::move(response));
  call.window = http2::SendWindow(session_.initial_window());
  try {
    if (session_.request(fields, std::move(body), !streams) == 0) {
      calls_.take(call);
      return Status(Code::kUnavailable,
                    "the connection takes no new calls: its server is going away, or it has had as "
                    "many as HTTP/2 can number",
                    HandlerRan::kNo);
    }
  } catch (...) {
    calls_.take(call);
    throw;
  }
  if (stream > http2::ClientSession::kLastStream - kFewStreams) events_.tell_going_away();
  held_bytes_ = session_.unsent_bytes();
  return {};
}

void ClientProtocol::write(Buffer& out) {
  session_.write(out);
  held_bytes_ = session_.unsent_bytes();
}

std::optional<SentRequest> ClientProtocol::take_sent() noexcept {
  std::lock_guard lock(mutex_);
  return events_.take_sent();
}

void ClientProtocol::write_answer(Buffer& out) {
  std::lock_guard lock(mutex_);
  write(out);
}

Compression ClientProtocol::compression_of(std::uint64_t id) const {
  std::lock_guard lock(mutex_);
  const ClientCall* call = calls_.find(id);
  return call ? call->compression : Compression::kIdentity;
}

std::uint64_t ClientProtocol::begin_stream_window(std::uint64_t id) {
  std::lock_guard lock(mutex_);
  ClientCall* call = calls_.find(id);
  return call ? call->window.tell() : 0;
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
  const ClientCall* call = calls_.find(piece.id);
  if (!call) return;
  if (piece.first) {
    // An envelope is the flag of what is compressed.
    const std::size_t envelope = message_envelope();
    const bool compressed = envelope > 0 && piece.bytes.front() == std::byte{1};
    session_.append(call->stream, grpc::MessagePrefix::of(piece.whole - envelope, compressed),
                    piece.bytes.subspan(envelope));
  } else {
    session_.append(call->stream, piece.bytes);
  }
  if (piece.ends_side) session_.finish(call->stream);
}

void ClientProtocol::write_stream_end(std::uint64_t id, ByteView, Buffer&) {
  std::lock_guard lock(mutex_);
  const ClientCall* call = calls_.find(id);
  if (call) session_.finish(call->stream);
}

void ClientProtocol::write_credit(std::uint64_t id, std::uint64_t bytes, Buffer& out) {
  std::lock_guard lock(mutex_);
  const ClientCall* call = calls_.find(id);
  if (!call) return;
  session_.grant(call->stream, bytes);
  write(out);
}

std::chrono::nanoseconds ClientProtocol::least_ping_interval() const noexcept {
  return kLeastPingInterval;
}

bool ClientProtocol::holds(std::uint64_t id) const {
  std::lock_guard lock(mutex_);
  const ClientCall* call = calls_.find(id);
  return call && call->held();
}

void ClientProtocol::write_cancel(std::uint64_t id, Buffer& out) {
  std::lock_guard lock(mutex_);
  const ClientCall* call = calls_.find(id);
  if (!call) return;
  const ClientCalls::Taken taken = calls_.take(*call);
  if (call->open) session_.reset(call->stream, http2::ErrorCode::kCancel);
  write(out);
}

void ClientProtocol::write_ping(std::uint64_t number, Buffer& out) {
  std::lock_guard lock(mutex_);
  session_.ping(number);
  write(out);
}

std::string authority_of(const Endpoint& endpoint) {
  return endpoint.transport == Endpoint::Transport::kUnix ? std::string("localhost")
                                                          : over_http::http_host(endpoint);
}

std::string_view scheme_of(const Endpoint& endpoint) noexcept {
  return endpoint.over_tls() ? "https" : "http";
}

}  // namespace tern::wire::over_http2
