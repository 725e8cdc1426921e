// A registry, a server that lists itself there, and a client that calls it: real ones, each on time
// of its own, over streams in memory that lose those heartbeats that the test wants.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <cstddef>
#include <functional>
#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "support/fake_dialer.h"
#include "support/memory_stream.h"
#include "support/test_loop.h"
#include "tern/cluster.h"
#include "tern/http_registry.h"
#include "tern/server.h"

namespace tern::test {

// What becomes of one attempt to say to the registry that the server is there.
enum class Fate {
  kArrives,
  kIsLost,        // without a word to either side
  kBreaks,        // the connection ends before the registry has read it
  kAnswerIsLost,  // the registry has heard it, and the server does not know
};
std::string name_of(Fate fate);

class RegistryTown : public ::testing::Test {
 protected:
  // One of the three, and how fast its clock runs: so many seconds in one of the test's.
  struct Party {
    TestLoop loop;
    double rate = 1;
    std::chrono::duration<double, std::nano> ahead{0};  // the part of a nanosecond still to come
  };

  RegistryTown();
  ~RegistryTown() override;

  // Lists the server, and begins to count. What the test changes below, it changes before.
  void start();
  void pass(std::chrono::nanoseconds time);
  // Calls the server through the registry's list. True if it answers.
  bool call();

  // Whether the registry lists the server now.
  bool is_listed();
  // How often the client's list has changed since start().
  std::size_t list_changes() const { return changes_; }
  std::size_t heartbeats() const { return heartbeats_; }
  std::size_t heartbeats_lost() const { return lost_; }
  // Connections of the client to the server.
  std::size_t connections() const { return calls_.attempts(); }

  Party registry_;
  Party server_;
  Party client_;
  HttpRegistryOptions options_;  // of the server and the client
  std::function<Fate()> fate_ = [] { return Fate::kArrives; };

 private:
  // An exchange of the server with the registry.
  struct Passage {
    std::size_t index = 0;  // in to_registry_
    std::unique_ptr<MemoryLink> onward;
    Fate fate = Fate::kArrives;
    bool over = false;
  };

  void settle();
  bool connect_all();
  bool carry();
  bool carry(Passage& passage);
  void set_out(Passage& passage, std::string_view request);
  void withdraw();

  FakeDialer to_registry_;  // of the server
  FakeDialer looks_;        // of the client, to the registry
  FakeDialer calls_;        // of the client, to the server
  std::size_t passed_on_ = 0;
  std::size_t looked_ = 0;
  std::size_t called_ = 0;
  std::list<Passage> passages_;
  std::vector<std::unique_ptr<MemoryLink>> links_;

  std::size_t heartbeats_ = 0;
  std::size_t lost_ = 0;
  std::size_t changes_ = 0;

  std::unique_ptr<Server> registry_server_;
  std::unique_ptr<Server> arith_server_;
  std::unique_ptr<Registration> registration_;
  std::shared_ptr<Discovery> discovery_;
  std::unique_ptr<Discovery::Watch> watch_;
  std::unique_ptr<Cluster> cluster_;
};

}  // namespace tern::test
