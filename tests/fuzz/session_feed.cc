#include "fuzz/session_feed.h"

#include <array>
#include <chrono>
#include <optional>
#include <stdexcept>
#include <utility>

#include "fuzz/expect.h"
#include "tern/codegen/type_ops_of.h"
#include "tern/sleep.h"

namespace fuzz {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view kName = "feed.Feed";
constexpr std::size_t kMostMessages = 24;
constexpr std::size_t kLettersTimes = 4;

constexpr tern::Method make_method(std::string_view name, tern::MethodKind kind) {
  return {kName,
          name,
          tern::method_id(kName, name),
          &tern::type_ops<std::string>,
          &tern::type_ops<std::string>,
          {},
          0ns,
          true,
          kind};
}

constexpr std::array<tern::Method, 3> kMethods{{
    make_method("Watch", tern::MethodKind::kServerStream),
    make_method("Upload", tern::MethodKind::kClientStream),
    make_method("Chat", tern::MethodKind::kBidiStream),
}};

unsigned number(std::string_view text, std::size_t at) {
  return at < text.size() ? static_cast<unsigned char>(text[at]) : 1u;
}

}  // namespace

// A handler, from its beginning to its end; or what it has kept.
class SessionFeed::Running {
 public:
  Running(SessionFeed& feed, const tern::ServerContext& context)
      : feed_(&feed), of_peer_(&feed.of_peer_[std::string(context.peer())]) {
    ++feed.running_;
    expect(++*of_peer_ <= feed.streams_,
           "no more handlers of streams of a connection run than may");
    serial_ = context.metadata().get(StreamBook::kKey);
    stream_ = feed.book_.find(serial_);
    if (stream_) stream_->begins();
  }
  Running(Running&& other) noexcept
      : feed_(std::exchange(other.feed_, nullptr)),
        of_peer_(other.of_peer_),
        serial_(std::move(other.serial_)),
        stream_(std::move(other.stream_)),
        written_(other.written_) {}
  Running& operator=(Running&&) = delete;
  ~Running() {
    if (stream_) {
      stream_->waits_to_read(false);
      stream_->drops_reader();
    }
    leave();
  }

  // The handler has ended, and its stream has not.
  void leave() noexcept {
    if (!feed_) return;
    --feed_->running_;
    --*of_peer_;
    feed_ = nullptr;
  }

  SessionStream* stream() const noexcept { return stream_.get(); }
  std::string next_text(std::size_t letters) const {
    return stream_text(serial_, written_, letters);
  }
  void wrote() noexcept { ++written_; }

 private:
  SessionFeed* feed_;
  std::size_t* of_peer_;
  std::string serial_;
  std::shared_ptr<SessionStream> stream_;
  std::size_t written_ = 0;
};

struct SessionFeed::Kept {
  Kept(Running of, Writer writer) : running(std::move(of)), out(std::move(writer)) {
    running.leave();
  }

  Running running;
  Writer out;
};

SessionFeed::SessionFeed(StreamBook& book, std::size_t streams) noexcept
    : book_(book), streams_(streams) {}

SessionFeed::~SessionFeed() = default;

std::span<const tern::Method> SessionFeed::methods() const noexcept {
  return kMethods;
}

const tern::Method& SessionFeed::method(Position position) {
  return kMethods[position];
}

void SessionFeed::dispatch(std::size_t method, tern::ServerCall& call) {
  switch (method) {
    case kWatch: {
      std::string text;
      if (call.decode(text)) {
        call.finish(watch(call, std::move(text), call.writer<std::string>()));
      }
      return;
    }
    case kUpload:
      call.finish(tern::Reply<std::string>(upload(call, call.reader<std::string>())));
      return;
    case kChat:
      call.finish(
          tern::Reply<void>(chat(call, call.reader<std::string>(), call.writer<std::string>())));
      return;
  }
}

tern::Reply<void> SessionFeed::watch(tern::ServerContext& context, std::string text, Writer out) {
  if (!text.starts_with('k')) return write_all(context, std::move(text), std::move(out));
  Running running(*this, context);
  tern::Reply<void> reply = tern::kept(out);
  kept_.push_back(std::make_unique<Kept>(std::move(running), std::move(out)));
  return reply;
}

asio::awaitable<tern::Result<void>> SessionFeed::write_all(tern::ServerContext& context,
                                                           std::string text, Writer out) {
  Running running(*this, context);
  const Next next = co_await obey(context, running, text);
  const bool writes = text.starts_with('w') || text.starts_with('b') || text.starts_with('i') ||
                      text.starts_with('s') || text.starts_with('e');
  if (writes && !co_await write(running, out, text)) co_return out.status();
  if (next == Next::kFails) co_return tern::Status(tern::Code::kAborted, text);
  co_return tern::Result<void>();
}

asio::awaitable<tern::Result<std::string>> SessionFeed::upload(tern::ServerContext& context,
                                                               Reader in) {
  Running running(*this, context);
  std::optional<Reader> reader(std::move(in));
  std::string text;
  std::size_t count = 0;
  while (co_await read(running, *reader, text)) {
    ++count;
    const Next next = co_await obey(context, running, text);
    if (next == Next::kFails) co_return tern::Status(tern::Code::kAborted, text);
    if (next == Next::kReturns) co_return std::to_string(count);
    if (next != Next::kDropsReader) continue;
    if (running.stream()) running.stream()->drops_reader();
    reader.reset();
    static_cast<void>(co_await tern::sleep(context, 1s));
    co_return std::to_string(count);
  }
  if (!reader->status().ok()) co_return reader->status();
  co_return std::to_string(count);
}

asio::awaitable<tern::Result<void>> SessionFeed::chat(tern::ServerContext& context, Reader in,
                                                      Writer out) {
  Running running(*this, context);
  std::optional<Reader> reader(std::move(in));
  std::string text;
  while (co_await read(running, *reader, text)) {
    const Next next = co_await obey(context, running, text);
    if (next == Next::kFails) co_return tern::Status(tern::Code::kAborted, text);
    if (next == Next::kReturns) break;
    if (next == Next::kDropsReader) {
      if (running.stream()) running.stream()->drops_reader();
      reader.reset();
      static_cast<void>(co_await tern::sleep(context, 1s));
    }
    if (!co_await write(running, out, text)) co_return out.status();
    if (!reader) break;
  }
  if (reader && !reader->status().ok()) co_return reader->status();
  co_return tern::Result<void>();
}

// --- What handlers do ---

asio::awaitable<bool> SessionFeed::read(Running& running, Reader& in, std::string& text) {
  SessionStream* stream = running.stream();
  if (stream) stream->waits_to_read(true);
  const bool come = co_await in.read(text);
  if (stream && come) stream->takes(text);
  if (stream && !come && in.status().ok()) stream->sees_end();
  if (stream) stream->waits_to_read(false);
  co_return come;
}

asio::awaitable<bool> SessionFeed::write(Running& running, Writer& out, const std::string& text) {
  const std::size_t letters = kLettersTimes * number(text, 2);
  for (std::size_t left = number(text, 1) % kMostMessages; left > 0; --left) {
    const std::string message = running.next_text(letters);
    const bool queued = text.starts_with('b') && out.try_write(message);
    if (!queued && !co_await out.write(message)) co_return false;
    running.wrote();
  }
  if (text.starts_with('e')) co_await out.flushed();
  co_return true;
}

asio::awaitable<SessionFeed::Next> SessionFeed::obey(tern::ServerContext& context, Running& running,
                                                     const std::string& text) {
  switch (text.empty() ? ' ' : text.front()) {
    case 'i':
      context.initial_metadata().add("i", "1");
      break;
    case 's':
      static_cast<void>(co_await tern::sleep(context, 100ms));
      break;
    case 'o':
      static_cast<void>(co_await tern::sleep(context, 2s));
      break;
    case 'n':
      for (int wait = 0; wait < 30 && !context.draining() && !context.cancelled(); ++wait) {
        static_cast<void>(co_await tern::sleep(context, 100ms));
      }
      co_return Next::kReturns;
    case 'r':
      co_return Next::kReturns;
    case 'e':
      co_return Next::kFails;
    case 't':
      if (running.stream()) running.stream()->throws();
      throw std::runtime_error(text);
    case 'd':
      co_return Next::kDropsReader;
    default:
      break;
  }
  co_return Next::kGoesOn;
}

void SessionFeed::act(std::uint8_t which, std::uint8_t what) {
  if (kept_.empty()) return;
  const auto at = kept_.begin() + which % static_cast<std::ptrdiff_t>(kept_.size());
  Kept& kept = **at;
  switch (what % 4) {
    case 0:
      kept.out.finish();
      break;
    case 1:
      kept.out.finish(tern::Status(tern::Code::kAborted, "kept"));
      break;
    case 2:
      // Then the server ends the stream, with `internal`.
      if (kept.running.stream()) kept.running.stream()->throws();
      break;
    default:
      if (kept.out.try_write(kept.running.next_text(what))) kept.running.wrote();
      return;
  }
  kept_.erase(at);
}

void SessionFeed::finish_kept() {
  for (auto& kept : kept_) kept->out.finish();
  kept_.clear();
}

}  // namespace fuzz
