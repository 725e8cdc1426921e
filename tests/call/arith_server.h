// A server that answers arith calls, on threads of its own: the other end for tests with threads.
#pragma once

#include <memory>
#include <mutex>
#include <vector>

#include "support/memory_stream.h"
#include "tern/dialer.h"
#include "tern/io_pool.h"

namespace tern::net {
class Acceptor;
}  // namespace tern::net

namespace tern {}

namespace tern::test {

class ArithPeer;

// Answers Multiply, and Divide by zero with DivideByZero, at once; a request whose argument A is
// negative never. Threads: any.
class ArithServer {
 public:
  ArithServer();
  ArithServer(const ArithServer&) = delete;
  ArithServer& operator=(const ArithServer&) = delete;
  ~ArithServer();

  // Serves the right end of a stream in memory.
  void serve(MemoryLink& link);
  // Listens on a socket; returns the address with its port.
  Endpoint listen(const Endpoint& endpoint);

 private:
  void serve_on_loop(Loop& loop, std::unique_ptr<ByteStream> stream);

  std::mutex mutex_;  // guards the following
  std::vector<std::shared_ptr<ArithPeer>> peers_;
  std::unique_ptr<net::Acceptor> acceptor_;
  IoPool pool_;
};

// Connects to an ArithServer through memory.
class ArithDialer final : public Dialer {
 public:
  explicit ArithDialer(ArithServer& server) : server_(server) {}
  std::unique_ptr<Attempt> dial(Loop& loop, const Endpoint& endpoint,
                                std::chrono::nanoseconds timeout, Done done) override;

  // Breaks the connection that was made last, if there is one.
  void break_connection();

 private:
  ArithServer& server_;
  std::mutex mutex_;  // guards the following
  std::vector<std::unique_ptr<MemoryLink>> links_;
};

}  // namespace tern::test
