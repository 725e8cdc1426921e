#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "fuzz/expect.h"
#include "fuzz/session_peer.h"
#include "fuzz/session_service.h"
#include "fuzz/targets.h"
#include "support/test_loop.h"
#include "tern/server.h"

namespace fuzz {
namespace {

using namespace std::chrono_literals;
using tern::sim::Via;
using tern::test::SampleService;

constexpr std::size_t kSteps = 100;
constexpr std::size_t kPeers = 4;
constexpr std::size_t kCalls = 3;
constexpr std::size_t kMessageBytes = 256;
constexpr std::size_t kUnsentBytes = 1024;

// The input, from its front; behind its end it is zeros.
class Script {
 public:
  explicit Script(tern::ByteView bytes) noexcept : bytes_(bytes) {}

  bool ended() const noexcept { return bytes_.empty(); }
  std::uint8_t byte() noexcept {
    if (bytes_.empty()) return 0;
    const auto first = std::to_integer<std::uint8_t>(bytes_.front());
    bytes_ = bytes_.subspan(1);
    return first;
  }
  // With its length before it.
  std::string_view text() noexcept {
    const std::size_t size = std::min<std::size_t>(byte(), bytes_.size());
    const std::string_view text = tern::as_text(bytes_.first(size));
    bytes_ = bytes_.subspan(size);
    return text;
  }

 private:
  tern::ByteView bytes_;
};

// Answers when it is told to.
class LaterPages final : public tern::HttpHandler {
 public:
  std::unique_ptr<Pending> handle(const Request&, Done done) override {
    waiting_.push_back(std::move(done));
    return std::make_unique<Pending>();
  }
  void answer() {
    for (Done& done : std::exchange(waiting_, {})) done(Answer(204));
  }

 private:
  std::vector<Done> waiting_;
};

class World {
 public:
  explicit World(Script& script) : script_(script) {
    options_ = make_options(script.byte());
    server_ = std::make_unique<tern::Server>(loop_.pool(), options_);
    expect(server_->add(service_).ok() && server_->add_http("/later", pages_).ok(),
           "a service can be added");
  }

  void run() {
    connect();
    for (std::size_t step = 0; step < kSteps && !script_.ended(); ++step) {
      take_step();
      if (!hurries_) settle();
      expect_limits();
    }
    expect_every_answer();
    stop();
  }

 private:
  enum class Step : std::uint8_t {
    kRequest,
    kDamagedRequest,
    kBytes,
    kCancel,
    kPing,
    kHold,
    kLetGo,
    kTime,
    kHalfClose,
    kLeave,
    kReading,
    kStream,
    kConnect,
    kOther,
    kDrain,
    kHurry,
    kCount
  };

  tern::ServerOptions make_options(std::uint8_t choice) {
    tern::ServerOptions options;
    options.blocking_executor = loop_.io().get_executor();
    options.page_executor = loop_.io().get_executor();
    options.loop_lag_limit = 0ns;
    options.log = [](std::string_view) {};
    options.limits.option_bytes = 640;
    options.limits.method_name_bytes = 32;
    options.limits.metadata_bytes = 64;
    options.limits.message_bytes = kMessageBytes;
    options.limits.calls_in_flight = kCalls;
    options.limits.held_bytes = 1024;
    options.limits.unsent_bytes = kUnsentBytes;
    options.limits.unsent_reply_bytes = 2 * kUnsentBytes;
    options.limits.server_unsent_bytes = 3 * kUnsentBytes;
    options.pending_handshakes = 3;
    if ((choice & 1) != 0) options.idle_timeout = 20s;
    if ((choice & 2) != 0) options.handle_timeout = 500ms;
    if ((choice & 4) != 0) options.protocols.jsonrpc = options.protocols.netrpc = false;
    if ((choice & 8) != 0) options.cors.origins = {"*"};
    options.send_exception_text = (choice & 16) != 0;
    return options;
  }

  SessionPeer& peer() { return *peers_[peer_]; }

  void settle() {
    loop_.settle();
    for (auto& peer : peers_) peer->receive();
    loop_.settle();
  }

  void connect() {
    const std::uint8_t choice = script_.byte();
    if (peers_.size() == kPeers) return;
    const auto via = static_cast<Via>(choice % static_cast<std::uint8_t>(Via::kCount));
    peers_.push_back(std::make_unique<SessionPeer>(via, options_));
    peer_ = peers_.size() - 1;
    if (draining_) give_up_answers(peer());
    // The last but one is too many, if those before it have said nothing.
    if ((choice & 128) != 0 || peer_ + 1 == kPeers) peer().give_up_answers();
    server_->serve(loop_.loop(), peer().open(loop_.loop(), "peer " + std::to_string(peer_)));
    if ((choice & 128) == 0) peer().send(peer().handshake());
  }

  static void give_up_answers(SessionPeer& peer) {
    peer.give_up_answers();
    peer.ledger().allow_refusal();
  }

  std::string draw_request() {
    static const tern::Method kUnknown{"sample.Sample",
                                       "Nothing",
                                       tern::method_id("sample.Sample", "Nothing"),
                                       SampleService::method(SampleService::kEcho).argument,
                                       SampleService::method(SampleService::kEcho).result,
                                       {},
                                       0ns,
                                       false};
    const std::uint8_t choice = script_.byte();
    const std::uint64_t id = script_.byte();
    const std::string text(script_.text());
    const tern::Nothing nothing;
    tern::Metadata metadata;
    if ((choice & 4) != 0) metadata.add("key", "value");
    if ((choice & 64) != 0) metadata.add("more", text);
    const std::chrono::nanoseconds timeout = (choice & 8) != 0 ? 300ms : 0ms;
    switch (choice & 3) {
      case 0:
        return peer().request(id, SampleService::method(SampleService::kEcho), &text, metadata,
                              timeout);
      case 1:
        return peer().request(id, SampleService::method(SampleService::kMeasure), &text, metadata,
                              timeout);
      case 2:
        return peer().request(id, SampleService::method(SampleService::kTouch), &nothing, metadata,
                              timeout);
      default:
        return peer().request(id, kUnknown, &text, metadata, timeout);
    }
  }

  std::string damage(std::string bytes) {
    for (std::uint8_t times = script_.byte() % 4; times > 0 && !bytes.empty(); --times) {
      const std::uint8_t how = script_.byte();
      const std::size_t at = script_.byte() % bytes.size();
      switch (how % 4) {
        case 0:
          bytes[at] = static_cast<char>(script_.byte());
          break;
        case 1:
          bytes.erase(at, 1 + how / 4);
          break;
        case 2:
          bytes.insert(at, script_.text());
          break;
        default:
          bytes.insert(at, bytes.substr(at, 1 + how / 4));
      }
    }
    return bytes;
  }

  void take_step() {
    switch (static_cast<Step>(script_.byte() % static_cast<std::uint8_t>(Step::kCount))) {
      case Step::kRequest:
        peer().send(draw_request());
        return;
      case Step::kDamagedRequest:
        peer().give_up_answers();
        peer().send(damage(draw_request()));
        return;
      case Step::kBytes:
        peer().give_up_answers();
        peer().send(script_.text());
        return;
      case Step::kCancel:
        peer().give_up_answers();
        peer().send(peer().cancel(script_.byte()));
        return;
      case Step::kPing:
        peer().send(peer().ping(script_.byte()));
        return;
      case Step::kHold:
        peer().hold(!peer().held());
        return;
      case Step::kLetGo:
        peer().let_go(script_.byte());
        return;
      case Step::kTime:
        pass_time(script_.byte());
        return;
      case Step::kHalfClose:
        peer().give_up_answers();
        peer().half_close();
        return;
      case Step::kLeave:
        peer().give_up_answers();
        if ((script_.byte() & 1) != 0) {
          peer().reset();
        } else {
          peer().close();
        }
        return;
      case Step::kReading:
        peer().give_up_answers();
        peer().set_reads((script_.byte() & 1) != 0);
        return;
      case Step::kStream:
        disturb_stream(script_.byte());
        return;
      case Step::kConnect:
        connect();
        return;
      case Step::kOther:
        peer_ = script_.byte() % peers_.size();
        return;
      case Step::kDrain:
        drain(script_.byte());
        return;
      case Step::kHurry:
        hurries_ = !hurries_;
        pages_->answer();
        return;
      case Step::kCount:
        return;
    }
  }

  void pass_time(std::uint8_t choice) {
    constexpr std::array<std::chrono::nanoseconds, 8> kTimes = {1ns, 1ms, 100ms, 500ms,
                                                                1s,  2s,  10s,   30s};
    const std::chrono::nanoseconds time = kTimes[choice % kTimes.size()];
    for (auto& peer : peers_) {
      // What comes too late is not waited for, nor is the first word of who has said nothing.
      const bool late = peer->has_unsent() || !peer->ledger().speaks();
      if (late || options_.idle_timeout > 0ns || hurries_) peer->give_up_answers();
    }
    loop_.clock().advance(time);
  }

  void disturb_stream(std::uint8_t choice) {
    tern::test::StreamFaults faults;
    const std::size_t size = 1 + choice / 8;
    if ((choice & 1) != 0) faults.read_size = size;
    if ((choice & 2) != 0) faults.write_size = size;
    if ((choice & 4) != 0) {
      faults.capacity = 16 * size;
      peer().give_up_answers();
    }
    peer().server_end().set_faults(faults);
  }

  void drain(std::uint8_t choice) {
    draining_ = true;
    for (auto& peer : peers_) give_up_answers(*peer);
    server_->async_stop(std::chrono::milliseconds(100) * (choice % 32),
                        [this] { stopped_ = true; });
  }

  void expect_limits() {
    const tern::ServerStats stats = server_->stats();
    // One answer may be over each limit, and so may be a batch of them.
    constexpr std::size_t kSlack = kCalls * 2 * SessionService::kLongAnswer + 4096;
    expect(stats.connections <= peers_.size(), "a connection is counted once");
    expect(stats.unsent_bytes <= stats.connections * (2 * kUnsentBytes + kSlack),
           "answers that are not read are bounded");
    expect(stats.calls_running <= stats.connections * kCalls + service_->running(),
           "running calls are bounded");
  }

  // Those to whom nothing has happened get what they have asked for.
  void expect_every_answer() {
    constexpr int kPatience = 400;
    hurries_ = false;
    for (auto& peer : peers_) {
      peer->hold(false);
      peer->send("");
    }
    pages_->answer();
    settle();
    for (int wait = 0; wait < kPatience && !all_answered(); ++wait) {
      if (options_.idle_timeout > 0ns) break;
      loop_.clock().advance(500ms);
      settle();
    }
    expect(options_.idle_timeout > 0ns || all_answered(), "each request has an answer");
  }

  bool all_answered() {
    for (auto& peer : peers_) {
      if (peer->behaves() && peer->ledger().answered() < peer->ledger().expected()) return false;
    }
    return true;
  }

  void stop() {
    constexpr int kPatience = 100;
    drain(0);
    for (int wait = 0; wait < kPatience && !stopped_; ++wait) {
      settle();
      loop_.clock().advance(1s);
    }
    settle();
    expect(stopped_, "a server that is stopped comes to its end");
    const tern::ServerStats stats = server_->stats();
    expect(stats.connections == 0 && stats.calls_running == 0 && stats.unsent_bytes == 0,
           "nothing is left of connections and calls");
    expect(service_->running() == 0, "no handler is left");
    server_.reset();
    settle();
    expect(loop_.loop().timer_count() == 0, "no timer is left");
  }

  Script& script_;
  tern::test::TestLoop loop_;
  std::shared_ptr<SessionService> service_ = std::make_shared<SessionService>(kCalls);
  std::shared_ptr<LaterPages> pages_ = std::make_shared<LaterPages>();
  tern::ServerOptions options_;
  std::unique_ptr<tern::Server> server_;
  std::vector<std::unique_ptr<SessionPeer>> peers_;
  std::size_t peer_ = 0;  // whose turn it is
  bool hurries_ = false;  // takes one step after the other before the server can
  bool draining_ = false;
  bool stopped_ = false;
};

}  // namespace

void session(tern::ByteView input) {
  Script script(input);
  World(script).run();
}

}  // namespace fuzz
