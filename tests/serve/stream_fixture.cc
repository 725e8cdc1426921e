#include "serve/stream_fixture.h"

#include <fmt/format.h>

#include <array>

#include "tern/codegen/type_ops_of.h"

namespace tern::test {

namespace {

using std::chrono_literals::operator""s;

constexpr std::string_view kName = "feed.Feed";

constexpr Method make_method(std::string_view name, MethodKind kind,
                             std::chrono::nanoseconds idle = {},
                             TypeOpsOf argument = &type_ops<std::string>) {
  return {kName,
          name,
          method_id(kName, name),
          argument,
          &type_ops<std::string>,
          {},
          std::chrono::nanoseconds(0),
          false,
          kind,
          idle,
          nullptr,
          {Access::Kind::kAuthenticated}};
}

constexpr std::array<Method, 5> kMethods{{
    make_method("Watch", MethodKind::kServerStream),
    make_method("Upload", MethodKind::kClientStream),
    make_method("Chat", MethodKind::kBidiStream),
    make_method("Pause", MethodKind::kServerStream, 30s),
    make_method("Add", MethodKind::kClientStream, {}, &type_ops<std::int64_t>),
}};

std::string text_of(const Buffer& buffer) {
  return std::string(as_text(buffer.view()));
}

// The body of a reply without a result.
std::string nothing() {
  Nothing value;
  Buffer out;
  EXPECT_TRUE(native_codec().encode(type_ops<Nothing>(), &value, out).ok());
  return text_of(out);
}

std::string kind_text(const Got& got) {
  switch (got.kind) {
    case wire::FrameKind::kReplyStreamData:
      if (got.initial_metadata) return fmt::format("initial {}", got.id);
      if (got.continues || got.whole != got.body.size()) {
        return fmt::format("chunk {} {}/{}", got.id, got.body.size(), got.whole);
      }
      return got.body.size() > 40
                 ? fmt::format("data {} {}", got.id, got.body.size())
                 : fmt::format("data {} '{}'", got.id, StreamPeer::decode(got.body));
    case wire::FrameKind::kRequestCredit:
      return fmt::format("credit {} {}", got.id, got.credit);
    case wire::FrameKind::kReply:
      return got.body == nothing()
                 ? fmt::format("reply {}", got.id)
                 : fmt::format("reply {} '{}'", got.id, StreamPeer::decode(got.body));
    case wire::FrameKind::kError:
      return fmt::format("error {} {} '{}'", got.id, code_name(got.code), got.text);
    case wire::FrameKind::kPong:
      return fmt::format("pong {}", got.id);
    case wire::FrameKind::kGoingAway:
      return fmt::format("going away '{}'", got.text);
    default:
      return fmt::format("kind {}", static_cast<int>(got.kind));
  }
}

}  // namespace

std::span<const Method> FeedService::methods() const noexcept {
  return kMethods;
}

const Method& FeedService::method(Position position) {
  return kMethods[position];
}

void FeedService::dispatch(std::size_t method, ServerCall& call) {
  switch (method) {
    case kWatch:
    case kPause: {
      std::string argument;
      auto& handler = method == kWatch ? watch : pause;
      if (call.decode(argument)) {
        call.finish(handler(call, std::move(argument), call.writer<std::string>()));
      }
      return;
    }
    case kUpload:
      call.finish(upload(call, call.reader<std::string>()));
      return;
    case kAdd:
      call.finish(add(call, call.reader<std::int64_t>()));
      return;
    case kChat:
      call.finish(chat(call, call.reader<std::string>(), call.writer<std::string>()));
      return;
  }
}

// --- The peer ---

std::string StreamPeer::option(std::uint64_t window) {
  wire::Option option;
  option.version = wire::kProtocolVersion;
  option.chunked_bytes = 16 * 1024 * 1024;
  option.stream_window = window;
  return wire::to_line(option);
}

std::string StreamPeer::open_method(std::uint64_t id, const Method& method,
                                    std::string_view argument, std::chrono::nanoseconds timeout) {
  wire::RequestHead head;
  head.id = id;
  head.method = &method;
  head.timeout = timeout;
  head.opens_stream = true;
  std::string text(argument);
  const bool has_argument = !client_streams(method.kind);
  Buffer out;
  Status failure =
      frames_.write_request(head, type_ops<std::string>(), has_argument ? &text : nullptr, out);
  EXPECT_TRUE(failure.ok()) << failure.to_string();
  return text_of(out);
}

std::string StreamPeer::open(std::uint64_t id, FeedService::Position method,
                             std::string_view argument, std::chrono::nanoseconds timeout) {
  return open_method(id, FeedService::method(method), argument, timeout);
}

std::string StreamPeer::unary(std::uint64_t id, const Method& method, std::string_view argument) {
  wire::RequestHead head;
  head.id = id;
  head.method = &method;
  std::string text(argument);
  Buffer out;
  Status failure = frames_.write_request(head, type_ops<std::string>(), &text, out);
  EXPECT_TRUE(failure.ok()) << failure.to_string();
  return text_of(out);
}

std::string StreamPeer::request(std::uint64_t id, std::string_view text) {
  return unary(id, SampleService::method(SampleService::kEcho), text);
}

std::string StreamPeer::piece(const wire::StreamPiece& piece) {
  Buffer out;
  wire::native::Frames::write_stream_data(wire::FrameKind::kRequestStreamData, piece, out);
  return text_of(out);
}

std::string StreamPeer::message(std::uint64_t id, std::string_view text, bool ends_side) {
  const std::string bytes = encode(text);
  wire::StreamPiece one;
  one.id = id;
  one.bytes = as_bytes(bytes);
  one.whole = bytes.size();
  one.ends_side = ends_side;
  return piece(one);
}

std::string StreamPeer::half_close(std::uint64_t id) {
  wire::StreamPiece end;
  end.id = id;
  end.message = false;
  end.ends_side = true;
  return piece(end);
}

std::string StreamPeer::credit(std::uint64_t id, std::uint64_t bytes) {
  Buffer out;
  wire::native::Frames::write_credit(wire::FrameKind::kReplyCredit, id, bytes, out);
  return text_of(out);
}

std::string StreamPeer::cancel(std::uint64_t id) {
  Buffer out;
  frames_.write_cancel(id, out);
  return text_of(out);
}

std::string StreamPeer::ping(std::uint64_t id) {
  Buffer out;
  frames_.write_ping(id, out);
  return text_of(out);
}

std::string StreamPeer::encode(std::string_view text) {
  std::string value(text);
  Buffer out;
  EXPECT_TRUE(native_codec().encode(type_ops<std::string>(), &value, out).ok());
  return text_of(out);
}

std::string StreamPeer::decode(std::string_view bytes) {
  std::string value;
  Status failure =
      native_codec().decode(type_ops<std::string>(), as_bytes(bytes), &value, DecodeLimits());
  EXPECT_TRUE(failure.ok()) << failure.to_string();
  return value;
}

std::vector<Got> StreamPeer::got() {
  std::vector<Got> all;
  received_ += link_.left().take_received();
  if (!greeted_) {
    const std::size_t end = received_.find('\n');
    if (end == std::string::npos) return all;
    received_.erase(0, end + 1);
    greeted_ = true;
  }
  std::size_t used = 0;
  for (;;) {
    wire::Frame frame;
    Status why;
    wire::FrameProgress progress =
        frames_.next(as_bytes(std::string_view(received_).substr(used)), frame, why);
    EXPECT_NE(progress.step, wire::FrameStep::kBroken) << why.to_string();
    used += progress.consumed;
    if (progress.step == wire::FrameStep::kSkip) continue;
    if (progress.step != wire::FrameStep::kFrame) break;
    Got& one = all.emplace_back();
    one.kind = frame.kind;
    one.id = frame.id;
    one.body = as_text(frame.body);
    one.whole = frame.whole;
    one.credit = frame.credit;
    one.continues = frame.continues;
    one.initial_metadata = frame.initial_metadata;
    one.code = frame.code;
    one.ran = frame.ran;
    one.text = frame.message;
    EXPECT_TRUE(frames_.read_metadata(frame, one.metadata).ok());
  }
  received_.erase(0, used);
  return all;
}

std::string StreamPeer::seen() {
  std::string text;
  for (const Got& one : got()) {
    if (!text.empty()) text += "; ";
    text += kind_text(one);
  }
  return text;
}

// --- The server ---

std::unique_ptr<StreamPeer> StreamServer::connect_streams(std::uint64_t window) {
  if (!added_) {
    Status added = server().add(feed_);
    EXPECT_TRUE(added.ok()) << added.to_string();
    added_ = true;
  }
  auto peer = std::make_unique<StreamPeer>();
  accept(peer->server_end());
  peer->send(StreamPeer::option(window));
  settle();
  return peer;
}

MethodStats StreamServer::stats(std::string_view method) {
  for (MethodStats& one : server().stats().methods) {
    if (one.method == method) return one;
  }
  ADD_FAILURE() << "no method " << method;
  return MethodStats();
}

// --- Handlers ---

asio::awaitable<Result<void>> write_many(Writer<std::string> out, int count, std::size_t size) {
  for (int i = 0; i < count; ++i) {
    const std::string text(size, static_cast<char>('a' + i % 26));
    if (!co_await out.write(text)) co_return out.status();
  }
  co_return Status();
}

asio::awaitable<Result<std::string>> join(Reader<std::string> in) {
  std::string all;
  std::string text;
  while (co_await in.read(text)) all += text;
  if (!in.status().ok()) co_return in.status();
  co_return all;
}

asio::awaitable<Result<void>> echo(Reader<std::string> in, Writer<std::string> out) {
  std::string text;
  while (co_await in.read(text)) {
    if (!co_await out.write(text)) co_return out.status();
  }
  co_return in.status();
}

}  // namespace tern::test
