// A service whose methods stream, and a client that writes the frames of streams by hand.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "serve/server_fixture.h"
#include "tern/stream.h"

namespace tern::test {

// As rpcgen writes it, by hand; the tests choose the handlers.
class FeedService final : public Service {
 public:
  enum Position : std::size_t { kWatch, kUpload, kChat, kPause, kAdd };

  std::string_view name() const noexcept override { return "feed.Feed"; }
  std::span<const Method> methods() const noexcept override;
  void dispatch(std::size_t method, ServerCall& call) override;

  static const Method& method(Position position);

  std::function<Reply<void>(ServerContext&, std::string, Writer<std::string>)> watch;
  std::function<Reply<std::string>(ServerContext&, Reader<std::string>)> upload;
  std::function<Reply<void>(ServerContext&, Reader<std::string>, Writer<std::string>)> chat;
  std::function<Reply<std::string>(ServerContext&, Reader<std::int64_t>)> add;
  // Like `watch`, with an idle_timeout of 30 s.
  std::function<Reply<void>(ServerContext&, std::string, Writer<std::string>)> pause;
};

// One frame of the server's, read and copied.
struct Got {
  Got() = default;
  wire::FrameKind kind = wire::FrameKind::kReply;
  std::uint64_t id = 0;
  std::string body;
  std::uint64_t whole = 0;
  std::uint64_t credit = 0;
  bool continues = false;
  bool initial_metadata = false;
  Code code = Code::kOk;
  HandlerRan ran = HandlerRan::kUnknown;
  std::string text;  // of an error, or of going away
  Metadata metadata;
};

class StreamPeer {
 public:
  static constexpr std::uint64_t kWindow = 64 * 1024;

  StreamPeer() : frames_(native_codec(), Limits()) {}

  MemoryEnd& end() { return link_.left(); }
  MemoryEnd& server_end() { return link_.right(); }
  void send(std::string_view bytes) { link_.left().send(bytes); }

  // --- What a client sends ---

  static std::string option(std::uint64_t window = kWindow);
  std::string open(std::uint64_t id, FeedService::Position method, std::string_view argument = "",
                   std::chrono::nanoseconds timeout = {});
  // A request of SampleService's Echo, or of a method that streams, as if it were unary.
  std::string request(std::uint64_t id, std::string_view text);
  std::string unary(std::uint64_t id, const Method& method, std::string_view argument);
  std::string open_method(std::uint64_t id, const Method& method, std::string_view argument,
                          std::chrono::nanoseconds timeout = {});
  static std::string message(std::uint64_t id, std::string_view text, bool ends_side = false);
  static std::string piece(const wire::StreamPiece& piece);
  static std::string half_close(std::uint64_t id);
  static std::string credit(std::uint64_t id, std::uint64_t bytes);
  std::string cancel(std::uint64_t id);
  std::string ping(std::uint64_t id);

  // A text as a message has it, and back.
  static std::string encode(std::string_view text);
  static std::string decode(std::string_view bytes);

  // All frames that have come since the last call. The Option's answer is taken off first.
  std::vector<Got> got();
  // The same as text: "data 1 'x'; credit 1 100; reply 1 'x'; error 1 not_found 'why'; ...".
  std::string seen();

 private:
  MemoryLink link_;
  wire::native::ClientProtocol frames_;
  std::string received_;
  bool greeted_ = false;
};

class StreamServer : public ServerFixture {
 protected:
  FeedService& feed() { return *feed_; }
  // A connection past its handshake.
  std::unique_ptr<StreamPeer> connect_streams(std::uint64_t window = StreamPeer::kWindow);
  // Sends, runs until nothing is left to do, and says what came back.
  std::string say(StreamPeer& peer, std::string_view bytes) {
    peer.send(bytes);
    settle();
    return peer.seen();
  }
  std::uint64_t streams_open() { return server().stats().streams_open; }
  MethodStats stats(std::string_view method);

 private:
  std::shared_ptr<FeedService> feed_ = std::make_shared<FeedService>();
  bool added_ = false;
};

// Handlers that tests have in common.

// Writes `count` messages, each of `size` bytes of the letter that is its turn.
asio::awaitable<Result<void>> write_many(Writer<std::string> out, int count, std::size_t size);
// Answers with all that came, joined.
asio::awaitable<Result<std::string>> join(Reader<std::string> in);
// Writes back each message.
asio::awaitable<Result<void>> echo(Reader<std::string> in, Writer<std::string> out);

}  // namespace tern::test
