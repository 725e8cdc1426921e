// Two ends of TLS over a stream in memory, on a loop that the test turns.
#pragma once

#include <memory>
#include <string>
#include <utility>

#include "support/memory_stream.h"
#include "support/stream_user.h"
#include "support/test_loop.h"
#include "tern/tls.h"

namespace tern::test {

class TlsPair {
 public:
  TlsPair(TestLoop& loop, ServerCredentials& server, ChannelCredentials& client,
          const ChannelTarget& target = localhost(),
          ServerCredentials::Peers peers = ServerCredentials::Peers::kSecure)
      : loop_(loop),
        server_(std::make_shared<StreamUser>(
            server.accept(loop.loop(), link_.left().open(loop.loop()), peers))),
        client_(std::make_shared<StreamUser>(
            client.connect(loop.loop(), link_.right().open(loop.loop()), target))) {}
  ~TlsPair() { close(); }

  static ChannelTarget localhost() {
    ChannelTarget target;
    target.endpoint = *parse_endpoint("tls@localhost:7000");
    return target;
  }

  // Until nothing happens any more.
  void start() {
    server_->start();
    client_->start();
    loop_.settle();
  }
  void close() {
    server_->stream->close();
    if (client_->stream) client_->stream->close();  // a test may have taken it
    loop_.settle();
  }

  MemoryLink& link() { return link_; }
  StreamUser& server() { return *server_; }
  StreamUser& client() { return *client_; }

 private:
  TestLoop& loop_;
  MemoryLink link_;
  std::shared_ptr<StreamUser> server_;
  std::shared_ptr<StreamUser> client_;
};

}  // namespace tern::test
