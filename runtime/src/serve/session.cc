#include "serve/session.h"

#include <fmt/format.h>

#include <algorithm>
#include <new>
#include <utility>

#include "net/duplex.h"
#include "serve/caller_factory.h"
#include "serve/server_core.h"
#include "serve/session_call.h"
#include "wire/check_limits.h"
#include "wire/protocols.h"
#include "wire/server_setup.h"

namespace tern::serve {

namespace {

// What one connection may ask for before the others have their turn. Reading then waits for the
// rest of the loop, as it does at a limit.
constexpr std::size_t kFramesOfATurn = 64;

// A page lists so many of one connection; it says how many there are.
constexpr std::size_t kStreamsOfAConnection = 100;

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
      times_(core_->options(), serve_loop.loop().now()),
      timer_([this] { on_timer(); }) {}

Session::~Session() = default;

void Session::start() {
  try {
    arm();
    connection_->start();
  } catch (const std::bad_alloc&) {
    connection_->close(Status::without_memory(Code::kResourceExhausted, HandlerRan::kNo));
  }
}

void Session::start_dialed(UniqueFunction<void(bool)> on_closed) {
  dialed_ = true;
  on_dialed_closed_ = std::move(on_closed);
  start();
}

void Session::start_frames(const Codec& codec, const wire::PeerTerms& peer) {
  dialed_ = true;
  handle_timeout_ = core_->options().handle_timeout;
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
    times_.set_age(jittered(options.max_connection_age, options.random()));
    arm();
  }
}

Loop& Session::loop() noexcept {
  return serve_loop_.loop();
}

Clock::TimePoint Session::read_clock() noexcept {
  return times_.set_now(loop().now());
}

Service& Session::own_service(const Route& route) {
  const Router& router = core_->router();
  if (own_services_.empty()) own_services_.resize(router.factories());
  std::unique_ptr<Service>& service = own_services_[route.factory];
  if (!service) service = router.make(route.factory);
  if (!service) throw std::runtime_error("the factory made no service for this connection");
  return *service;
}

debug_pages::ConnectionSnapshot Session::describe(Clock::TimePoint now) const {
  debug_pages::ConnectionSnapshot seen;
  seen.peer = connection_->peer();
  if (described_.load(std::memory_order_acquire)) {
    seen.protocol = protocol_name_;
    seen.codec = protocol_->codec();
  }
  seen.open_for = std::max(now - times_.opened_at(), Clock::Duration::zero());
  seen.bytes_in = connection_->bytes_read();
  seen.bytes_out = connection_->bytes_written();
  seen.calls_running = slots_.get();
  if (streams_described_.load(std::memory_order_acquire)) {
    seen.calls_running += streams_->taken();
    seen.streams_open = streams_->describe(now, kStreamsOfAConnection, seen.streams);
  }
  return seen;
}

net::ConnectionUser::Consumed Session::on_bytes(ByteView bytes) {
  read_clock();
  times_.begin_turn();
  try {
    std::size_t used = 0;
    if (!has_protocol()) used = read_handshake_from(bytes);
    if (!has_protocol() || phase_ >= Phase::kClosing) return {used, 0};
    in_frames_ = true;
    Consumed consumed = read_frames(bytes.subspan(used));
    in_frames_ = false;
    if (streams_) streams_->process();
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
                       phase_ == Phase::kDraining, connection_->application_protocol()};
  std::size_t used = 0;
  while (!has_protocol() && phase_ < Phase::kClosing && !connection_->closed()) {
    Handshake handshake = read_handshake(bytes.subspan(used), stage_, rules);
    if (handshake.kind == Handshake::Kind::kMore) return used;
    if (!handshake.answer.empty()) outbox_.control().append(handshake.answer);
    if (handshake.kind == Handshake::Kind::kRefused) {
      refuse_connection(handshake.reason, std::move(handshake.why));
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
  handle_timeout_ = shorter(handshake.handle_timeout, options.handle_timeout);
  end_handshake();
  if (phase_ == Phase::kDraining) tell_going_away();
  if (handshake.client_serves && CallerFactory::of(options)) share_with_caller(handshake, rest);
  arm();
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

net::ConnectionUser::Consumed Session::read_frames(ByteView bytes) {
  wire::Frame frame;
  Consumed consumed;
  bool completed = false;
  std::size_t frames = 0;
  protocol_->set_time(times_.now());
  while (consumed.bytes < bytes.size()) {
    if (protocol_->finished()) {
      consumed.bytes = bytes.size();
      break;
    }
    if (over_limit() || frames == kFramesOfATurn) {
      pause();
      break;
    }
    Status why;
    wire::ServerProtocol::Progress progress =
        protocol_->next(bytes.subspan(consumed.bytes), frame, why);
    if (progress.step == wire::ServerProtocol::Step::kMore) {
      consumed.wanted = progress.wanted;
      break;
    }
    if (progress.step == wire::ServerProtocol::Step::kBroken) {
      protocol_->write_broken(why, outbox_.messages());
      refuse_connection(Refusal::kMalformedFrame, std::move(why));
      return {bytes.size(), 0};
    }
    consumed.bytes += progress.consumed;
    if (progress.step == wire::ServerProtocol::Step::kSkip) {
      completed = completed || !protocol_->in_frame();
      continue;
    }
    completed = true;
    ++frames;
    if (progress.step == wire::ServerProtocol::Step::kAnswer) {
      protocol_->write_answer(outbox_.messages());
    } else {
      on_frame(frame);
    }
    if (phase_ >= Phase::kClosing || connection_->closed()) return {bytes.size(), 0};
  }
  bool paused = connection_->paused();
  times_.note_paused(paused);
  if (protocol_->finished()) {
    requests_ended_ = true;
    schedule_after_turn();
  }
  note_held();
  const bool partial = !paused && (consumed.bytes < bytes.size() || protocol_->in_frame());
  if (times_.note_partial(partial, completed)) arm();
  return consumed;
}

void Session::on_frame(const wire::Frame& frame) {
  if (frame.kind == wire::FrameKind::kRequest) {
    on_request(frame);
  } else {
    on_other_frame(frame);
  }
}

void Session::on_other_frame(const wire::Frame& frame) {
  switch (frame.kind) {
    case wire::FrameKind::kCancel:
      if (SessionCall* call = running_.find(frame.id)) {
        call->cancel_by_peer();
      } else if ((streams_ && streams_->cancel(frame.id)) || http_requests_.cancel(frame.id)) {
        return;
      } else if (held_ && held_->remove(frame.id)) {
        if (held_->empty()) held_.reset();
      } else if (outbox_.drop(frame.id) > 0) {
        count_unsent();
      }
      return;
    case wire::FrameKind::kPing:
      protocol_->write_pong(frame.id, urgent());
      wrote();
      return;
    case wire::FrameKind::kPong:
      if (streams_) streams_->end_probe();
      return;
    case wire::FrameKind::kGoingAway:
      return;
    case wire::FrameKind::kRequestStreamData:
    case wire::FrameKind::kReplyCredit:
      on_stream_frame(frame);
      return;
    case wire::FrameKind::kPage:
      http_requests_.ask(frame);
      return;
    case wire::FrameKind::kRequest:
    case wire::FrameKind::kReply:
    case wire::FrameKind::kError:
    case wire::FrameKind::kReplyData:
    case wire::FrameKind::kReplyStreamData:
    case wire::FrameKind::kRequestCredit:
    case wire::FrameKind::kRequestData:
      break;
  }
  refuse_connection(
      Refusal::kUnexpectedFrame,
      Status(Code::kInternal,
             fmt::format(
                 "frame: kind {} came from a client; expected a request, cancel, ping, or data "
                 "or credit of a stream",
                 static_cast<int>(frame.kind)),
             HandlerRan::kUnknown));
}

void Session::on_request(const wire::Frame& frame) {
  if (frame.opens_stream) last_stream_ = std::max(last_stream_.value_or(frame.id), frame.id);
  if (!frame.refused.ok()) {
    const bool too_long = frame.limit != wire::FrameLimit::kNone;
    refuse_request(frame, nullptr, too_long ? refusal_of(frame.limit) : Refusal::kWrongKindOfCall,
                   frame.refused);
    return;
  }
  if (phase_ != Phase::kOpen) {
    refuse_request(frame, nullptr, Refusal::kGoingAway, going_away());
    return;
  }
  const Route* route = nullptr;
  if (frame.method_id != 0) {
    route = core_->router().find(frame.method_id);
    if (!route) {
      refuse_request(
          frame, nullptr, Refusal::kUnknownMethod,
          Status(Code::kUnimplemented,
                 fmt::format("no method of the id {:#010x} is served here; this server has {}",
                             frame.method_id, core_->router().services())));
      return;
    }
  } else {
    Lookup named = core_->router().find(frame.method_name);
    if (named.route && frame.idempotent_only && !named.route->method->idempotent) {
      named = {nullptr, wire::UnknownMethod::kNotIdempotent};
    }
    if (!named.route) {
      refuse_request(frame, nullptr, Refusal::kUnknownMethod,
                     protocol_->unknown_method(frame.method_name, named.unknown));
      return;
    }
    route = named.route;
  }
  if (running_.find(frame.id) || (held_ && held_->has(frame.id)) ||
      (streams_ && streams_->has(frame.id))) {
    refuse_request(frame, route->method, Refusal::kIdInUse,
                   Status(Code::kInvalidArgument,
                          fmt::format("request {}: a call with this id still runs", frame.id)));
    return;
  }
  Clock::TimePoint arrived = times_.arrived();
  if (frame.opens_stream || route->method->kind != MethodKind::kUnary) {
    if (admit(*route, frame)) start_stream(*route, frame, arrived);
    return;
  }
  if (held_ || full()) {
    hold(*route, frame, arrived);
  } else {
    start_call(*route, frame, arrived);
  }
}

void Session::hold(const Route& route, const wire::Frame& frame, Clock::TimePoint arrived) {
  const Limits& limits = core_->options().limits;
  if (!held_) held_ = std::make_unique<HeldRequests>();
  if (held_->bytes() + waiting_bytes_ < limits.held_bytes) {
    held_->push(route, frame, arrived);
    return;
  }
  if (held_->empty()) held_.reset();  // the limit is 0
  refuse_request(
      frame, route.method, Refusal::kTooManyCalls,
      Status(Code::kResourceExhausted,
             fmt::format("server: {} calls of the connection run, which is the limit, and no more "
                         "than {} bytes of requests wait for them",
                         limits.calls_in_flight, limits.held_bytes)));
}

void Session::start_held() {
  while (held_ && !full() && !congested()) {
    HeldRequests::Request next = held_->pop();
    if (held_->empty()) held_.reset();
    start_call(*next.route, next.kept.frame, next.arrived);
  }
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

// Besides the requests that wait for others to be done; one can always wait.
bool Session::begin_wait(std::size_t bytes) noexcept {
  const std::size_t held = waiting_bytes_ + (held_ ? held_->bytes() : 0);
  if (waiting_ > 0 && held + bytes > core_->options().limits.held_bytes) return false;
  ++waiting_;
  waiting_bytes_ += bytes;
  return true;
}

void Session::end_wait(std::size_t bytes) noexcept {
  --waiting_;
  waiting_bytes_ -= bytes;
  if (phase_ != Phase::kClosed && (held_ || connection_->paused())) schedule_after_turn();
}

const std::shared_ptr<WayToLoop>& Session::way_to_loop() {
  if (!way_to_loop_) way_to_loop_ = std::make_shared<WayToLoop>(loop());
  return way_to_loop_;
}

void Session::start_call(const Route& route, const wire::Frame& frame, Clock::TimePoint arrived) {
  SessionCall& call = serve_loop_.calls().take();
  AdaptiveLimit* limit = core_->adaptive_limit(route);
  if (limit && !limit->try_begin(route.index, read_clock())) {
    serve_loop_.calls().give(call);
    refuse_request(
        frame, route.method, Refusal::kOverAdaptiveLimit,
        Status(Code::kResourceExhausted,
               fmt::format("server: overloaded; {} calls run, and no more than {} may at "
                           "present",
                           limit->running(), limit->limit())));
    return;
  }
  call.begin(*this, route, frame, arrived, handle_timeout_);
  slots_.add();
  call.run();
  if (call.held_by_handler() && !call.ended()) {
    try {
      running_.insert(call);
      call.watch_deadline();
    } catch (const std::exception&) {
      call.give_up(Status(Code::kResourceExhausted, "no memory for one more running call"));
    }
  }
  call.release();
}

void Session::refuse_request(const wire::Frame& frame, const Method* method, Refusal reason,
                             Status why) {
  serve_loop_.counters().refuse(reason);
  wire::ReplyHead head;
  head.id = frame.id;
  head.method = method;
  Buffer& out = outbox_.messages();
  std::size_t start = out.size();
  protocol_->write_error(head, why.with_handler_ran(HandlerRan::kNo), out);
  outbox_.end_message(frame.id, start);
  wrote();
}

}  // namespace tern::serve
