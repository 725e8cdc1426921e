// Requests of one connection that have come and wait for a call of theirs to be done.
#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <map>

#include "serve/kept_frame.h"
#include "serve/router.h"
#include "tern/clock.h"
#include "wire/frame.h"

namespace tern::serve {

// In the order in which they came. For protocols whose frames can be read later: what they need is
// in the frame, and not in the protocol. Threads: the loop's.
class HeldRequests {
 public:
  struct Request {
    const Route* route = nullptr;
    KeptFrame kept;
    Clock::TimePoint arrived{};
  };

  HeldRequests() = default;
  HeldRequests(const HeldRequests&) = delete;
  HeldRequests& operator=(const HeldRequests&) = delete;

  bool empty() const noexcept { return requests_.empty(); }
  // What they take of the memory.
  std::size_t bytes() const noexcept { return bytes_; }
  bool has(std::uint64_t id) const noexcept { return by_id_.count(id) > 0; }

  // Copies the frame, or what of it `keep` says. Its id is not in. Nothing has happened if this
  // throws.
  void push(const Route& route, const wire::Frame& frame, KeptFrame::Keep keep,
            Clock::TimePoint arrived);
  // Takes the first one out; there is one.
  Request pop();
  // Takes one out. False if there is none of that id.
  bool remove(std::uint64_t id) noexcept;

 private:
  using List = std::list<Request>;

  static std::size_t size_of(const Request& request) noexcept;

  List requests_;
  std::map<std::uint64_t, List::iterator> by_id_;  // ordered: a peer chooses the ids
  std::size_t bytes_ = 0;
};

}  // namespace tern::serve
