#include "fuzz/session_world.h"

#include <string>
#include <string_view>
#include <utility>

#include "fuzz/expect.h"
#include "wire/native/frames.h"

namespace fuzz {
namespace {

using namespace std::chrono_literals;
using tern::sim::Via;

constexpr std::size_t kCalls = 3;
constexpr std::size_t kStreams = 3;
constexpr std::size_t kStreamWindow = 1024;
constexpr std::size_t kMessageBytes = 256;
// Longer than a window; two cannot come at the same time.
constexpr std::size_t kLongMessageBytes = 3000;
constexpr std::size_t kUnsentBytes = 1024;
// What a connection is given at a time, of streams whose clients have granted much.
constexpr std::size_t kPartBytes = 96 * 1024;

}  // namespace

// Answers when it is told to.
class SessionWorld::LaterPages final : public tern::HttpHandler {
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

SessionWorld::SessionWorld(std::uint8_t choice)
    : options_(make_options(loop_.io(), choice)),
      service_(std::make_shared<SessionService>(kCalls)),
      feed_(std::make_shared<SessionFeed>(book_, kStreams)),
      pages_(std::make_shared<LaterPages>()),
      server_(std::make_unique<tern::Server>(loop_.pool(), options_)) {
  expect(server_->add(service_).ok() && server_->add(feed_).ok() &&
             server_->add_http("/later", pages_).ok(),
         "a service can be added");
}

SessionWorld::~SessionWorld() = default;

tern::ServerOptions SessionWorld::make_options(asio::io_context& io, std::uint8_t choice) {
  tern::ServerOptions options;
  options.blocking_executor = io.get_executor();
  options.page_executor = io.get_executor();
  options.loop_lag_limit = 0ns;
  options.protocols.grpc = false;  // see connect()
  options.log = [](std::string_view) {};
  options.limits.option_bytes = 640;
  options.limits.method_name_bytes = 32;
  options.limits.metadata_bytes = 64;
  options.limits.message_bytes = (choice & 32) != 0 ? kLongMessageBytes : kMessageBytes;
  options.limits.calls_in_flight = kCalls;
  options.limits.streams = kStreams;
  options.limits.stream_window = kStreamWindow;
  options.limits.stream_bytes = 0;
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
  if ((choice & 64) != 0) options.stream_idle_timeout = 5s;
  return options;
}

// --- What befalls it ---

// Until nothing more comes.
void SessionWorld::settle() {
  constexpr int kPatience = 20;
  settled_ = false;
  for (int round = 0; round < kPatience && !settled_; ++round) {
    loop_.settle();
    settled_ = true;
    for (auto& peer : peers_) settled_ = !peer->receive() && settled_;
  }
}

void SessionWorld::connect(std::uint8_t choice) {
  if (peers_.size() == kPeers) return;
  // The last ones, over HTTP/2, have targets of their own.
  static_assert(static_cast<int>(Via::kGrpc) + 2 == static_cast<int>(Via::kCount));
  const auto via = static_cast<Via>(choice % static_cast<std::uint8_t>(Via::kGrpc));
  peers_.push_back(std::make_unique<SessionPeer>(via, options_, book_));
  peer_ = peers_.size() - 1;
  if (draining_) give_up_answers(peer());
  // The last but one is too many, if those before it have said nothing.
  if ((choice & 128) != 0 || peer_ + 1 == kPeers) peer().give_up_answers();
  server_->serve(loop_.loop(), peer().open(loop_.loop(), "peer " + std::to_string(peer_)));
  if ((choice & 128) == 0) peer().send(peer().handshake());
}

void SessionWorld::give_up_answers(SessionPeer& peer) {
  peer.give_up_answers();
  peer.ledger().allow_refusal();
}

void SessionWorld::pass_time(std::chrono::nanoseconds time) {
  for (auto& peer : peers_) {
    // What comes too late is not waited for, nor is the first word of who has said nothing.
    const bool late = peer->has_unsent() || !peer->ledger().speaks();
    if (late || options_.idle_timeout > 0ns || hurries_) peer->give_up_answers();
  }
  loop_.clock().advance(time);
}

void SessionWorld::drain(std::chrono::nanoseconds time) {
  draining_ = true;
  for (auto& peer : peers_) give_up_answers(*peer);
  server_->async_stop(time, [this] { stopped_ = true; });
}

void SessionWorld::answer_pages() {
  pages_->answer();
}

// --- What holds ---

void SessionWorld::expect_all_in_order() {
  if (!hurries_) settle();
  expect_limits();
  if (hurries_ || !settled_) return;
  for (auto& peer : peers_) expect_settled(*peer);
}

void SessionWorld::expect_limits() {
  const tern::ServerStats stats = server_->stats();
  // One answer may be over each limit, and so may be a batch of them.
  constexpr std::size_t kSlack = kCalls * 2 * SessionService::kLongAnswer + 4096 + kPartBytes;
  expect(stats.connections <= peers_.size(), "a connection is counted once");
  expect(stats.unsent_bytes <= stats.connections * (2 * kUnsentBytes + kSlack),
         "answers that are not read are bounded");
  expect(stats.streams_open <= stats.connections * kStreams, "streams are bounded");
  expect(stats.calls_running <=
             stats.connections * (kCalls + kStreams) + service_->running() + feed_->running(),
         "running calls are bounded");
}

void SessionWorld::expect_settled(SessionPeer& peer) const {
  // Over HTTP nothing says which answer is whose.
  if (!peer.is_heard() || peer.streams() != tern::sim::ViaStreams::kAll) return;
  const StreamLedger::Outcome outcome = peer.ledger().outcome();
  if (peer.is_cut_off()) {
    const bool may_end = draining_ || options_.idle_timeout > 0ns || !peer.behaves() ||
                         outcome != StreamLedger::Outcome::kLives;
    expect(may_end, "no wrong frame of a stream ends the connection of the others");
    return;
  }
  expect(outcome != StreamLedger::Outcome::kEnds, "a frame that fits nowhere ends the connection");
  peer.ledger().streams().expect_settled();
}

void SessionWorld::expect_every_answer() {
  constexpr int kPatience = 400;
  hurries_ = false;
  for (auto& peer : peers_) {
    peer->hold(false);
    peer->send("");
    end_streams(*peer);
  }
  feed_->finish_kept();
  pages_->answer();
  settle();
  for (int wait = 0; wait < kPatience && !all_answered(); ++wait) {
    if (options_.idle_timeout > 0ns) break;
    // Those that have begun meanwhile.
    feed_->finish_kept();
    loop_.clock().advance(500ms);
    settle();
  }
  expect(options_.idle_timeout > 0ns || all_answered(), "each request has an answer");
  if (!settled_) return;
  for (auto& peer : peers_) expect_settled(*peer);
}

void SessionWorld::end_streams(SessionPeer& peer) {
  if (!peer.behaves() || peer.streams() != tern::sim::ViaStreams::kAll) return;
  constexpr std::uint64_t kEnough = 1024 * 1024;
  std::string words;
  peer.ledger().streams().for_each([&](std::uint64_t id, const SessionStream& stream) {
    words += peer.credit(id, kEnough);
    if (!stream.owes_end()) return;
    tern::wire::StreamPiece end;
    end.id = id;
    end.message = false;
    end.ends_side = true;
    tern::Buffer out;
    tern::wire::native::Frames::write_stream_data(tern::wire::FrameKind::kRequestStreamData, end,
                                                  out);
    words += tern::as_text(out.view());
  });
  peer.send(words);
}

bool SessionWorld::all_answered() {
  for (auto& peer : peers_) {
    if (!peer->behaves() || peer->ledger().outcome() != StreamLedger::Outcome::kLives) continue;
    if (!peer->ledger().is_answered()) return false;
  }
  return true;
}

void SessionWorld::stop() {
  constexpr int kPatience = 100;
  drain(0ns);
  for (int wait = 0; wait < kPatience && !stopped_; ++wait) {
    settle();
    loop_.clock().advance(1s);
  }
  settle();
  expect(stopped_, "a server that is stopped comes to its end");
  const tern::ServerStats stats = server_->stats();
  expect(stats.connections == 0 && stats.calls_running == 0 && stats.unsent_bytes == 0 &&
             stats.streams_open == 0,
         "nothing is left of connections, calls and streams");
  expect(service_->running() == 0 && feed_->running() == 0, "no handler is left");
  server_.reset();
  settle();
  expect(loop_.loop().timer_count() == 0, "no timer is left");
}

}  // namespace fuzz
