// The pings of a session, and who waits for their answers.
#pragma once

#include <cstdint>
#include <map>
#include <utility>

#include "tern/function.h"
#include "tern/status.h"

namespace tern::call {

// Threads: the loop's. Callbacks may ask again, and may end the session.
class Pings {
 public:
  using Done = UniqueFunction<void(Status)>;

  // The number of a ping whose answer nobody waits for.
  std::uint64_t next() noexcept { return ++last_; }
  // The number of a ping that `done` waits for.
  std::uint64_t ask(Done done) {
    waiting_.emplace(last_ + 1, std::move(done));
    return ++last_;
  }
  void answered(std::uint64_t number) {
    auto place = waiting_.find(number);
    if (place == waiting_.end()) return;
    Done done = std::move(place->second);
    waiting_.erase(place);
    done(Status());
  }
  // No answer comes any more.
  void fail(const Status& why) {
    for (auto& [number, done] : std::exchange(waiting_, {})) done(why);
  }

 private:
  std::uint64_t last_ = 0;
  std::map<std::uint64_t, Done> waiting_;  // by the number of their ping
};

}  // namespace tern::call
