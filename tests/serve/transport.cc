#include "serve/transport.h"

#include <utility>

#include "net/loop.h"
#include "net/memory_pipe.h"

namespace tern::test {

namespace {

// The client's end, not secured yet.
std::unique_ptr<ByteStream> open(Server& server, ServerCredentials* credentials, Loop& loop) {
  auto [near_end, far_end] =
      net::make_pipe(net::PipeEnd(loop, "the test"), net::PipeEnd(loop, "here"));
  std::unique_ptr<ByteStream> served = std::move(far_end);
  if (credentials) {
    served = credentials->accept(loop, std::move(served), ServerCredentials::Peers::kSecure);
  }
  server.serve(loop, std::move(served));
  return std::move(near_end);
}

class PipeDialer final : public Dialer {
 public:
  PipeDialer(Server& server, std::shared_ptr<ServerCredentials> credentials)
      : server_(server), credentials_(std::move(credentials)) {}

  std::unique_ptr<Attempt> dial(Loop& loop, const Endpoint& /*endpoint*/,
                                std::chrono::nanoseconds /*timeout*/, Done done) override {
    auto dialing = std::make_unique<Dialing>(std::move(done));
    loop.post([state = dialing->state, client = open(server_, credentials_.get(), loop)]() mutable {
      Done waiting = std::move(*state);
      if (waiting) waiting(std::move(client));
    });
    return dialing;
  }

 private:
  struct Dialing final : Attempt {
    explicit Dialing(Done done) : state(std::make_shared<Done>(std::move(done))) {}
    ~Dialing() override { state->reset(); }

    std::shared_ptr<Done> state;
  };

  Server& server_;
  const std::shared_ptr<ServerCredentials> credentials_;
};

}  // namespace

std::string Transport::address(std::string_view plaintext) const {
  std::string result(plaintext);
  if (!client) return result;
  if (const std::size_t at = result.find("http@"); at != std::string::npos) {
    return result.insert(at + 4, "s");
  }
  return result.replace(result.find("tcp@"), 3, "tls");
}

std::vector<Transport> transports() {
  std::vector<Transport> all = secure_transports();
  all.insert(all.begin(), Transport{"plaintext", nullptr, nullptr});
  return all;
}

std::unique_ptr<ByteStream> connect_to(Server& server, const Transport& transport, Loop& loop) {
  std::unique_ptr<ByteStream> stream = open(server, transport.server.get(), loop);
  if (!transport.client) return stream;
  ChannelTarget target;
  target.endpoint = *parse_endpoint("tls@here:1");
  return transport.client->connect(loop, std::move(stream), target);
}

std::shared_ptr<Dialer> dialer_to(Server& server, const Transport& transport) {
  return std::make_shared<PipeDialer>(server, transport.server);
}

}  // namespace tern::test
