#include "call/arith_server.h"

#include <latch>
#include <stdexcept>
#include <utility>

#include "call/arith.h"
#include "net/acceptor.h"
#include "net/connection.h"
#include "tern/codec.h"
#include "tern/codegen/type_ops_of.h"
#include "wire/handshake.h"
#include "wire/native/server.h"

namespace tern::test {

// One connection.
class ArithPeer final : public net::ConnectionUser {
 public:
  ArithPeer(Loop& loop, std::unique_ptr<ByteStream> stream)
      : connection_(std::make_shared<net::Connection>(loop, std::move(stream), *this,
                                                      net::ConnectionOptions())) {}

  void start() { connection_->start(); }
  void close() { connection_->close(Status(Code::kUnavailable, "the server ends")); }

 private:
  Consumed on_bytes(ByteView bytes) override {
    Consumed consumed;
    if (!greeted_) {
      std::size_t end = as_text(bytes).find('\n');
      if (end == std::string_view::npos) return consumed;
      consumed.bytes = end + 1;
      greeted_ = true;
      outgoing_.append(wire::to_line(wire::OptionReply()));
    }
    wire::Frame frame;
    Status why;
    for (;;) {
      wire::ServerProtocol::Progress progress =
          frames_.next(bytes.subspan(consumed.bytes), frame, why);
      consumed.bytes += progress.consumed;
      if (progress.step == wire::ServerProtocol::Step::kFrame) {
        answer(frame);
      } else if (progress.step != wire::ServerProtocol::Step::kSkip) {
        consumed.wanted = progress.wanted;
        return consumed;
      }
    }
  }
  void take_outgoing(Buffer& out) override { std::swap(out, outgoing_); }
  void on_closed(const Status&) override {}

  void answer(const wire::Frame& frame) {
    if (frame.kind != wire::FrameKind::kRequest) return;
    bool multiply = frame.method_id == arith::ArithStub::multiply().id;
    arith::Args args;
    wire::ReplyHead head;
    head.id = frame.id;
    Status failure = frames_.read_body(frame, type_ops<arith::Args>(), &args);
    if (failure.ok() && args.A < 0) return;
    std::int64_t result = 0;
    if (multiply) {
      result = args.A * args.B;
    } else if (args.B == 0) {
      failure = arith::DivideByZero(args.A).to_status();
    } else {
      result = args.A / args.B;
    }
    if (failure.ok()) {
      failure = frames_.write_reply(head, type_ops<std::int64_t>(), &result, outgoing_);
    }
    if (!failure.ok()) frames_.write_error(head, failure, outgoing_);
  }

  std::shared_ptr<net::Connection> connection_;
  wire::native::ServerProtocol frames_{native_codec(), Limits()};
  Buffer outgoing_;
  bool greeted_ = false;
};

namespace {

class DialedAttempt final : public Dialer::Attempt {
 public:
  explicit DialedAttempt(std::shared_ptr<Dialer::Done> done) : done_(std::move(done)) {}
  ~DialedAttempt() override { done_->reset(); }

 private:
  std::shared_ptr<Dialer::Done> done_;
};

}  // namespace

ArithServer::ArithServer() = default;

ArithServer::~ArithServer() {
  std::latch closed(1);
  pool_.loop(0).post([&] {
    acceptor_.reset();
    for (auto& peer : peers_) peer->close();
    closed.count_down();
  });
  closed.wait();
}

void ArithServer::serve(MemoryLink& link) {
  Loop& loop = pool_.loop(0);
  std::unique_ptr<ByteStream> stream = link.right().open(loop);
  loop.post([this, &loop, stream = std::move(stream)]() mutable {
    serve_on_loop(loop, std::move(stream));
  });
}

Endpoint ArithServer::listen(const Endpoint& endpoint) {
  Loop& loop = pool_.loop(0);
  auto acceptor = net::Acceptor::listen(endpoint);
  if (!acceptor.ok()) throw std::runtime_error(acceptor.status().to_string());
  acceptor_ = std::move(*acceptor);
  loop.post([this, &loop] {
    acceptor_->start(loop, [this, &loop](std::unique_ptr<Listener::Incoming> connection) {
      Result<std::unique_ptr<ByteStream>> stream = connection->open(loop);
      if (stream.ok()) serve_on_loop(loop, std::move(*stream));
    });
  });
  return acceptor_->endpoint();
}

void ArithServer::serve_on_loop(Loop& loop, std::unique_ptr<ByteStream> stream) {
  auto peer = std::make_shared<ArithPeer>(loop, std::move(stream));
  {
    std::lock_guard lock(mutex_);
    peers_.push_back(peer);
  }
  peer->start();
}

std::unique_ptr<Dialer::Attempt> ArithDialer::dial(Loop& loop, const Endpoint& endpoint,
                                                   std::chrono::nanoseconds, Done done) {
  std::lock_guard lock(mutex_);
  MemoryLink& link = *links_.emplace_back(std::make_unique<MemoryLink>());
  server_.serve(link);
  auto shared_done = std::make_shared<Done>(std::move(done));
  loop.post([shared_done, stream = link.left().open(loop, endpoint.to_string())]() mutable {
    Done now = std::move(*shared_done);
    if (now) now(std::move(stream));
  });
  return std::make_unique<DialedAttempt>(std::move(shared_done));
}

void ArithDialer::break_connection() {
  std::lock_guard lock(mutex_);
  if (!links_.empty()) links_.back()->right().reset();
}

}  // namespace tern::test
