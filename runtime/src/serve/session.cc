#include "serve/session.h"

#include <fmt/format.h>

#include <algorithm>
#include <new>
#include <utility>

#include "net/duplex.h"
#include "serve/caller_factory.h"
#include "serve/server_core.h"
#include "wire/check_limits.h"
#include "wire/protocols.h"
#include "wire/server_setup.h"

namespace tern::serve {

namespace {

net::ConnectionOptions connection_options(const ServerOptions& options) {
  net::ConnectionOptions result;
  result.write_timeout = options.write_timeout;
  return result;
}

// The shorter of two limits of which 0 is none.
std::chrono::nanoseconds shorter(std::chrono::nanoseconds a, std::chrono::nanoseconds b) {
  if (a.count() <= 0) return b;
  if (b.count() <= 0) return a;
  return std::min(a, b);
}

// 10 % more or less; `random` is in [0, 1).
Clock::Duration jittered(Clock::Duration time, double random) {
  constexpr double kJitter = 0.1;
  const double factor = 1 - kJitter + 2 * kJitter * random;
  return Clock::Duration(
      static_cast<Clock::Duration::rep>(static_cast<double>(time.count()) * factor));
}

}  // namespace

Session::Session(std::shared_ptr<ServerCore> core, ServeLoop& serve_loop,
                 std::unique_ptr<ByteStream> stream)
    : core_(std::move(core)),
      serve_loop_(serve_loop),
      connection_(std::make_shared<net::Connection>(serve_loop.loop(), std::move(stream), *this,
                                                    connection_options(core_->options()))),
      outbox_(serve_loop.loop()),
      life_(*this, core_->options(), serve_loop.loop().now()) {}

Session::~Session() = default;

void Session::start() {
  try {
    life_.arm();
    connection_->start();
  } catch (const std::bad_alloc&) {
    connection_->close(Status::without_memory(Code::kResourceExhausted, HandlerRan::kNo));
  }
}

void Session::start_dialed(UniqueFunction<void(bool)> on_closed) {
  life_.set_dialed();
  life_.set_on_closed(std::move(on_closed));
  start();
}

void Session::start_frames(const Codec& codec, const wire::PeerTerms& peer) {
  life_.set_dialed();
  calls_.set_handle_timeout(core_->options().handle_timeout);
  speak(wire::protocol_of_address(Endpoint::Protocol::kFrames, codec.name()), &codec, peer);
  start();
}

void Session::speak(const wire::Protocol& protocol, const Codec* codec,
                    const wire::PeerTerms& peer) {
  const ServerOptions& options = core_->options();
  wire::ServerSetup setup{options.limits,
                          codec,
                          options.protocols,
                          options.cors,
                          core_->http_handlers().paths(),
                          peer,
                          &core_->router(),
                          options.grpc_compression};
  protocol_ = protocol.serve(setup);
  outbox_.set_cutter(protocol_->cutter());
  protocol_name_ = protocol.name;
  described_.store(true, std::memory_order_release);
  if (options.max_connection_age.count() > 0 && protocol_->moves_clients()) {
    times().set_age(jittered(options.max_connection_age, options.random()));
    life_.arm();
  }
}

Loop& Session::loop() noexcept {
  return serve_loop_.loop();
}

Clock::TimePoint Session::read_clock() noexcept {
  return times().set_now(loop().now());
}

debug_pages::ConnectionSnapshot Session::describe(Clock::TimePoint now) const {
  debug_pages::ConnectionSnapshot seen;
  seen.peer = connection_->peer();
  if (described_.load(std::memory_order_acquire)) {
    seen.protocol = protocol_name_;
    seen.codec = protocol_->codec();
  }
  seen.open_for = std::max(now - life_.times().opened_at(), Clock::Duration::zero());
  seen.bytes_in = connection_->bytes_read();
  seen.bytes_out = connection_->bytes_written();
  calls_.describe(now, seen);
  return seen;
}

net::ConnectionUser::Consumed Session::on_bytes(ByteView bytes) {
  read_clock();
  times().begin_turn();
  try {
    std::size_t used = 0;
    if (!has_protocol()) used = read_handshake_from(bytes);
    if (!has_protocol() || closing()) return {used, 0};
    in_frames_ = true;
    Consumed consumed = frames_.read(bytes.subspan(used));
    in_frames_ = false;
    if (SessionStreams* streams = calls_.opened_streams()) streams->process();
    consumed.bytes += used;
    return consumed;
  } catch (...) {
    in_frames_ = false;
    connection_->close(Status(Code::kResourceExhausted,
                              "connection: the server could not take what came; out of memory?",
                              HandlerRan::kUnknown));
    return {bytes.size(), 0};
  }
}

std::size_t Session::read_handshake_from(ByteView bytes) {
  const ServerOptions& options = core_->options();
  HandshakeRules rules{options.codecs, options.limits, options.protocols,
                       life_.phase() == SessionLife::Phase::kDraining,
                       connection_->application_protocol()};
  std::size_t used = 0;
  while (!has_protocol() && !closing() && !connection_->closed()) {
    Handshake handshake = read_handshake(bytes.subspan(used), stage_, rules);
    if (handshake.kind == Handshake::Kind::kMore) return used;
    if (!handshake.answer.empty()) outbox_.control().append(handshake.answer);
    if (handshake.kind == Handshake::Kind::kRefused) {
      life_.refuse_connection(handshake.reason, std::move(handshake.why));
      return bytes.size();
    }
    used += handshake.consumed;
    stage_ = HandshakeStage::kOption;
    if (handshake.kind == Handshake::Kind::kAccepted) begin_frames(handshake, bytes.subspan(used));
  }
  return used;
}

void Session::begin_frames(const Handshake& handshake, ByteView rest) {
  const ServerOptions& options = core_->options();
  speak(*handshake.protocol, handshake.codec, handshake.peer);
  calls_.set_handle_timeout(shorter(handshake.handle_timeout, options.handle_timeout));
  life_.end_handshake();
  if (life_.phase() == SessionLife::Phase::kDraining) life_.tell_going_away();
  if (handshake.client_serves && CallerFactory::of(options)) share_with_caller(handshake, rest);
  life_.arm();
}

// `rest` is what of the client's frames has been read already.
void Session::share_with_caller(const Handshake& handshake, ByteView rest) {
  std::unique_ptr<ByteStream> calling;
  connection_->replace_stream([&](std::unique_ptr<ByteStream> stream) {
    std::shared_ptr<net::Duplex> duplex =
        net::Duplex::make(loop(), std::move(stream), wire::stream_windows(core_->options().limits));
    duplex->skip(rest);
    calling = duplex->open(net::Duplex::Half::kCalling);
    return duplex->open(net::Duplex::Half::kServing);
  });
  caller_ = CallerFactory::of(core_->options())
                ->make(loop(), std::move(calling), handshake.codec->name(), handshake.peer);
}

// --- Pace ---

bool Session::congested() const noexcept {
  if (!protocol_->ready()) return true;
  // What windows hold up leaves when more is read.
  if (may_leave() >= core_->options().limits.unsent_bytes) return true;
  const SessionStreams* streams = calls_.opened_streams();
  return streams && streams->over_window();
}

bool Session::over_limit() const noexcept {
  if (congested()) return true;
  // A request that waits is read from a copy; what stands behind it may not be.
  return (calls_.full() || calls_.has_waiting()) && !protocol_->has_control_frames();
}

void Session::pause() {
  connection_->pause_reading();
  times().note_watched();
  life_.arm();
  schedule_after_turn();
}

void Session::schedule_after_turn() noexcept {
  if (after_turn_scheduled_ || closed()) return;
  after_turn_scheduled_ = true;
  try {
    loop().post([self = shared_from_this()] { self->run_on_loop(); });
  } catch (const std::bad_alloc&) {
    post_self();
  }
}

void Session::on_streams_work() noexcept {
  if (!in_frames_) schedule_after_turn();
}

void Session::run_on_loop() {
  after_turn_scheduled_ = false;
  after_turn();
}

void Session::post_self() noexcept {
  loop().post(std::shared_ptr<net::LoopTask>(shared_from_this(), this));
}

void Session::after_turn() {
  if (closed()) return;
  calls_.process_streams();
  if (closed()) return;
  connection_->flush();
  if (closed()) return;
  if (connection_->paused() && !over_limit()) connection_->resume_reading();
  calls_.start_held();
  life_.check_finished();
}

// --- What leaves ---

// Replies of one turn leave together: at the end of the connection's turn, or behind everything
// else that the loop has to do now. Many large ones do not wait for that.
void Session::wrote() {
  if (!connection_->in_turn()) {
    if (outbox_.size() >= core_->options().limits.unsent_bytes) connection_->flush();
    schedule_after_turn();
  }
  if (!closed() && waits_for_peer()) unsent_bytes_.bound();
  if (!closed()) note_held();
}

void Session::write_failed() {
  connection_->close(Status::without_memory(Code::kResourceExhausted, HandlerRan::kUnknown));
}

void Session::take_outgoing(Buffer& out) {
  if (SessionStreams* streams = calls_.opened_streams()) streams->set_flushed();
  outbox_.take(out);
  if (out.empty()) unsent_bytes_.note_written();
  // Less waits than before: maybe so little that more can be read.
  if (!out.empty() && connection_->paused() && !over_limit()) schedule_after_turn();
}

void Session::on_drained() {
  after_turn();
}

// --- The authenticator ---

Credentials Session::credentials(const Metadata& metadata) const {
  Credentials seen(metadata);
  seen.certificate = peer_certificate();
  seen.peer = peer();
  seen.peer_is_local = peer_is_local();
  seen.protocol = protocol_name_;
  return seen;
}

const std::shared_ptr<WayToLoop>& Session::way_to_loop() {
  if (!way_to_loop_) way_to_loop_ = std::make_shared<WayToLoop>(loop());
  return way_to_loop_;
}

// --- The end ---

void Session::on_closed(const Status& why) {
  if (!life_.on_closed(why)) return;
  calls_.abandon(why);
  unsent_bytes_.count();
  outbox_.clear();
  if (caller_) caller_->close();
  http_requests_.forget();
  if (way_to_loop_) way_to_loop_->close();
  // The connection is still in the middle of closing: it and this must outlive that.
  post_self();
  serve_loop_.forget(*this);
}

}  // namespace tern::serve
