// A server whose one handler is the test's.
#pragma once

#include <chrono>
#include <string_view>
#include <thread>

#include "serve/server_fixture.h"

namespace tern::test {

class Handlers : public ServerFixture {
 protected:
  // Calls Echo and runs until nothing is left to do.
  Answer call(Peer& peer, std::string_view text, const RequestOptions& options = RequestOptions()) {
    peer.send(peer.request(next_id_++, text, options));
    settle();
    return peer.answer();
  }

  // Runs until `done`, which another thread brings about.
  template <typename Done>
  void settle_until(Done done) {
    while (!done()) {
      settle();
      std::this_thread::yield();
    }
  }

  std::uint64_t late_replies() { return server().stats().late_replies; }

 private:
  std::uint64_t next_id_ = 1;
};

}  // namespace tern::test
