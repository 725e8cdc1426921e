// What a discovery knows, as tests look at it.
#pragma once

#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include "support/test_loop.h"
#include "tern/discovery.h"

namespace tern::test {

// "tcp@a:1*3": the address and the weight, if it is not 1.
inline std::vector<std::string> servers_of(const Discovery& discovery) {
  ServerView view = discovery.view();
  if (!view.known()) return {"nothing known"};
  std::vector<std::string> found;
  for (const Instance& server : *view.servers) {
    std::string text = server.endpoint.to_string();
    if (server.weight != 1) text += "*" + std::to_string(server.weight);
    found.push_back(std::move(text));
  }
  return found;
}

inline std::string failure_of(const Discovery& discovery) {
  return std::string(discovery.view().status.message());
}

// Runs the loop until `done` says so. A test that waits for ever is ended from outside.
template <typename Done>
void run_until(TestLoop& loop, const Done& done) {
  while (!done()) {
    loop.settle();
    std::this_thread::yield();
  }
}

}  // namespace tern::test
