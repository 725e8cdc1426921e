// A server on streams in memory, and a client that writes its frames by hand.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "serve/sample_service.h"
#include "support/memory_stream.h"
#include "support/test_loop.h"
#include "tern/server.h"
#include "wire/handshake.h"
#include "wire/native/client.h"

namespace tern::test {

// One frame of the server's, read and copied.
struct Answer {
  wire::FrameKind kind = wire::FrameKind::kReply;
  std::uint64_t id = 0;
  std::string text;  // of a reply that is a string; of an error its message
  Code code = Code::kOk;
  HandlerRan ran = HandlerRan::kUnknown;
  Metadata metadata;
};

struct RequestOptions {
  RequestOptions() = default;
  std::chrono::nanoseconds timeout{0};
  Metadata metadata;
};

// The far end of a connection, in the test's hand.
class Peer {
 public:
  explicit Peer(const Codec& codec = native_codec()) : frames_(codec, Limits()), codec_(codec) {}

  MemoryEnd& end() { return link_.left(); }
  MemoryEnd& server_end() { return link_.right(); }

  // What a client would send, for send() or to be cut into pieces.
  std::string option(std::chrono::nanoseconds handle_timeout = {}) const;
  std::string request(std::uint64_t id, std::string_view text,
                      const RequestOptions& options = RequestOptions(),
                      SampleService::Position method = SampleService::kEcho);
  std::string request_by_name(std::uint64_t id, std::string_view name, std::string_view text);
  std::string cancel(std::uint64_t id);
  std::string ping(std::uint64_t id);

  void send(std::string_view bytes) { link_.left().send(bytes); }

  // The line that answers the Option; nothing while it has not come whole.
  std::optional<wire::OptionReply> option_reply();
  // All frames that have come since the last call. The Option's answer is taken off first.
  std::vector<Answer> answers();
  // The one frame that has come; a failure of the test if there is not exactly one.
  Answer answer();
  double number(const Answer& answer) const;

 private:
  void receive() { received_ += link_.left().take_received(); }

  MemoryLink link_;
  wire::native::ClientProtocol frames_;
  const Codec& codec_;
  std::string received_;
  std::optional<wire::OptionReply> option_reply_;
};

class ServerFixture : public ::testing::Test {
 protected:
  ~ServerFixture() override;

  // Of the server that the first connect() makes.
  ServerOptions& options() { return options_; }
  ScriptedService& service() { return *service_; }
  // For a fixture that adds services of its own, before connect().
  Server& server();

  // A connection without a byte sent.
  std::unique_ptr<Peer> connect_silent(const Codec& codec = native_codec());
  // A connection past its handshake.
  std::unique_ptr<Peer> connect(const Codec& codec = native_codec(),
                                std::chrono::nanoseconds handle_timeout = {});

  void settle() { loop_.settle(); }
  void advance(std::chrono::nanoseconds by) { loop_.advance(by); }
  TestLoop& loop() { return loop_; }

  // Begins stop() on a thread of its own; settle() and advance() carry it on.
  void begin_stop(std::chrono::nanoseconds drain);
  // The same; returns when every connection has been told, as one has that is made for it.
  void begin_drain(std::chrono::nanoseconds drain);
  // Runs the loop until stop() has returned. Time does not pass.
  void finish_stop();
  bool stopped() const { return stopped_; }
  // A connection from now on, also of a server that stops.
  void accept(MemoryEnd& end) { server().serve(loop_.loop(), end.open(loop_.loop(), "the test")); }

  std::uint64_t refused(std::string_view reason);

 private:
  ServerOptions options_;
  TestLoop loop_;
  std::shared_ptr<ScriptedService> service_ = std::make_shared<ScriptedService>();
  std::unique_ptr<Server> server_;
  std::thread stopper_;
  std::atomic<bool> stopped_ = false;
};

}  // namespace tern::test
