// A client whose servers dial in: reverse RPC.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <string_view>

#include "tern/credentials.h"
#include "tern/dialer.h"
#include "tern/endpoint.h"
#include "tern/io_pool.h"
#include "tern/listener.h"
#include "tern/result.h"
#include "tern/tcp_options.h"

namespace tern {

// Listens, and gives the connections that servers open (Server::dial) to the clients that use it as
// their dialer, one each: a client "connects" by waiting for a server. When its connection is lost
// it takes the next one that comes, as a client that dials would connect again.
//
//   auto servers = tern::ReverseDialer::listen("tcp@0.0.0.0:7000");
//   tern::ClientOptions options;
//   options.dialer = *servers;
//   options.connect_timeout = std::chrono::minutes(5);  // how long a call waits for a server
//   tern::Client client((*servers)->endpoint(), pool, options);
//
// Of the client's address only the protocol counts. Threads: any. Outlives the clients that use it,
// as their dialer does.
class ReverseDialer final : public Dialer {
 public:
  // At most so many open connections wait for a client; more are closed at once.
  static constexpr std::size_t kMaxWaiting = 128;

  // On a thread of its own. `tcp` is for all connections that come, those that wait among them;
  // ClientOptions::tcp is of no effect here. `credentials` are for an address of TLS, which needs
  // them: the clients that use the dialer need none.
  static Result<std::shared_ptr<ReverseDialer>> listen(
      std::string_view address, const TcpOptions& tcp = TcpOptions(),
      std::shared_ptr<ServerCredentials> credentials = nullptr);
  // On a pool that outlives the dialer. If that is an io_context of the user's, the dialer is
  // destroyed on the thread that runs it, or when nobody does.
  static Result<std::shared_ptr<ReverseDialer>> listen(
      std::string_view address, IoPool& pool, const TcpOptions& tcp = TcpOptions(),
      std::shared_ptr<ServerCredentials> credentials = nullptr);
  // Takes what `listener` has; otherwise as the one before.
  static std::shared_ptr<ReverseDialer> listen(std::unique_ptr<Listener> listener, IoPool& pool);
  ReverseDialer(const ReverseDialer&) = delete;
  ReverseDialer& operator=(const ReverseDialer&) = delete;
  // Stops listening and closes the connections that wait.
  ~ReverseDialer() override;

  // Where it listens, with the port that the system has chosen.
  const Endpoint& endpoint() const noexcept;
  // Open connections that wait for a client.
  std::size_t waiting() const;

  // The oldest connection that waits and is still open, or the next that comes.
  std::unique_ptr<Attempt> dial(Loop& loop, const Endpoint& endpoint,
                                std::chrono::nanoseconds timeout, Done done) override;
  bool secures() const noexcept override { return true; }

 private:
  class Core;
  class WaitingAttempt;

  static Result<std::shared_ptr<ReverseDialer>> make(
      std::string_view address, IoPool& pool, const TcpOptions& tcp,
      const std::shared_ptr<ServerCredentials>& credentials, std::unique_ptr<IoPool> own_pool);
  static std::shared_ptr<ReverseDialer> make(std::unique_ptr<Listener> listener, IoPool& pool,
                                             std::unique_ptr<IoPool> own_pool);
  ReverseDialer(std::unique_ptr<IoPool> own_pool, std::shared_ptr<Core> core);

  std::unique_ptr<IoPool> own_pool_;
  std::shared_ptr<Core> core_;
};

}  // namespace tern
