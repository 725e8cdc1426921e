// Servers of Foo in processes of their own, the registry where they list themselves, and clients
// that call them.
#pragma once

#include <gtest/gtest.h>

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "support/child_process.h"
#include "tern/cluster.h"
#include "tern/registry.h"

namespace tern::test {

// An address of the loopback that is this test's alone, so that a port that a server has left is
// free when it comes back: no other test listens there, and no client of theirs sends from there.
std::string own_loopback_host();

// Starts and stops processes. The servers are those of examples/cluster.
class FooServersTest : public ::testing::Test {
 protected:
  struct FooServer {
    std::unique_ptr<ChildProcess> process;
    std::string address;
    std::vector<std::string> options;
  };

  // On a port that the system chooses, the first time; then there again.
  void start_registry();
  // Starts one more, and waits until it is listed.
  void add_server(const std::vector<std::string>& options = {});
  // At the address where it was. Waits until it is listed.
  void start_again(FooServer& server);

  // The servers that the registry lists, for one client.
  std::shared_ptr<Discovery> discover() { return registry_->discover("Foo"); }
  void wait_until_listed(const std::string& address);

  const std::string host_ = own_loopback_host();
  IoPool pool_{2};
  std::unique_ptr<ChildProcess> registry_process_;
  std::string registry_address_;
  std::vector<FooServer> servers_;

 private:
  void launch(FooServer& server, const std::string& listen);

  std::shared_ptr<Registry> registry_;
  std::shared_ptr<Discovery> listed_;
};

// Callers that make one call after the other, each on a thread and a channel of its own.
class Callers {
 public:
  enum class Method { kSum, kSleep };  // idempotent, and not

  Callers(const std::vector<std::unique_ptr<Cluster>>& clients, Method method);
  Callers(const Callers&) = delete;
  Callers& operator=(const Callers&) = delete;
  ~Callers();

  // Returns when every caller has made so many calls more.
  void wait_for(std::size_t calls);
  // Lets the present calls end.
  void stop();

  // After stop(), of each caller.
  std::vector<std::size_t> calls() const;
  std::vector<std::size_t> failed() const;
  std::string first_failure() const;

 private:
  struct Caller;
  std::vector<std::unique_ptr<Caller>> callers_;
};

}  // namespace tern::test
