#include <fmt/format.h>

#include <memory>
#include <utility>

#include "call/client_channel.h"
#include "call/known_peer.h"
#include "call/serving_half.h"
#include "net/loop.h"
#include "serve/caller_factory.h"
#include "serve/server_core.h"
#include "tern/duplex.h"

namespace tern {

namespace {

// Gives out the one stream that there is.
class OneStreamDialer final : public Dialer {
 public:
  explicit OneStreamDialer(std::unique_ptr<ByteStream> stream) : stream_(std::move(stream)) {}

  std::unique_ptr<Attempt> dial(Loop& loop, const Endpoint&, std::chrono::nanoseconds,
                                Done done) override {
    auto state = std::make_shared<State>();
    state->done = std::move(done);
    loop.post([state, stream = std::move(stream_)]() mutable {
      Done ready = std::move(state->done);
      if (!ready) return;
      if (stream) {
        ready(std::move(stream));
      } else {
        ready(Status(Code::kUnavailable, "the caller's connection has ended", HandlerRan::kNo));
      }
    });
    return std::make_unique<OneAttempt>(std::move(state));
  }

 private:
  struct State {
    Done done;
  };
  class OneAttempt final : public Attempt {
   public:
    explicit OneAttempt(std::shared_ptr<State> state) : state_(std::move(state)) {}
    ~OneAttempt() override { state_->done.reset(); }

   private:
    std::shared_ptr<State> state_;
  };

  std::unique_ptr<ByteStream> stream_;
};

// The calling half of a server's connection. Its calls end when it does.
class CallingHalf final : public CallerChannel {
 public:
  CallingHalf(Loop& loop, std::unique_ptr<ByteStream> stream, ClientOptions options) {
    Endpoint endpoint;
    endpoint.protocol = Endpoint::Protocol::kFrames;
    std::string address = fmt::format("caller@{}", stream->peer());
    options.dialer = std::make_shared<OneStreamDialer>(std::move(stream));
    core_ = std::make_shared<call::ClientChannel>(Result<Endpoint>(endpoint), std::move(address),
                                                  loop, false, std::move(options));
  }
  void start(const Method& method, const void* argument, const CallOptions& options,
             CallRef call) override {
    core_->start(method, argument, options, std::move(call));
  }
  std::shared_ptr<StreamState> make_stream(const Method& method) override {
    return core_->make_stream(method);
  }
  void close() override { core_->close(); }

 private:
  std::shared_ptr<call::ClientChannel> core_;
};

// A server, which outlives the clients.
class ServedBy final : public call::ServingHalf {
 public:
  explicit ServedBy(Server& server) noexcept : server_(server) {}
  Status serve(Loop& loop, std::unique_ptr<ByteStream> stream, const Codec& codec,
               const wire::PeerTerms& peer) override {
    return serve::ServerCore::of(server_).serve_frames(loop, std::move(stream), codec, peer);
  }

 private:
  Server& server_;
};

class CallingHalves final : public serve::CallerFactory {
 public:
  explicit CallingHalves(const ClientOptions& options) : options_(options) {}
  std::unique_ptr<CallerChannel> make(Loop& loop, std::unique_ptr<ByteStream> stream,
                                      std::string_view codec,
                                      const wire::PeerTerms& peer) override {
    ClientOptions own = options_;
    own.codec = codec;
    call::KnownPeer::set(own, peer);
    return std::make_unique<CallingHalf>(loop, std::move(stream), std::move(own));
  }

 private:
  const ClientOptions options_;
};

}  // namespace

void serve_on_connections(ClientOptions& options, Server& server) {
  call::ServingHalf::set(options, std::make_shared<ServedBy>(server));
}

void call_back_on_connections(ServerOptions& options, const ClientOptions& calls) {
  serve::CallerFactory::set(options, std::make_shared<CallingHalves>(calls));
}

}  // namespace tern
