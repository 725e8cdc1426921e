// The sessions of a channel: the one that takes new calls, and those that only finish theirs.
#pragma once

#include <algorithm>
#include <cassert>
#include <memory>
#include <utility>
#include <vector>

#include "call/client_session.h"

namespace tern::call {

// Each session is in here from its start to its end. A copy is a snapshot, which keeps them alive.
class ClientSessions {
 public:
  using Session = std::shared_ptr<ClientSession>;

  // Takes new calls; or null.
  const Session& current() const noexcept { return current_; }
  bool is_current(const ClientSession& session) const noexcept {
    return current_.get() == &session;
  }
  bool empty() const noexcept { return !current_ && draining_.empty(); }

  void begin(Session session) noexcept {
    assert(!current_);
    current_ = std::move(session);
  }
  // The current one takes no new calls any more.
  void drain_current() { draining_.push_back(std::move(current_)); }
  // Takes it out. Null if it is not here.
  Session take(const ClientSession& session) noexcept {
    if (is_current(session)) return std::exchange(current_, nullptr);
    auto place = std::find_if(draining_.begin(), draining_.end(),
                              [&](const Session& old) { return old.get() == &session; });
    if (place == draining_.end()) return nullptr;
    Session taken = std::move(*place);
    draining_.erase(place);
    return taken;
  }

  // Asks them until one says yes.
  template <typename Ask>
  bool any_of(Ask ask) const {
    for (const Session& session : draining_) {
      if (ask(*session)) return true;
    }
    return current_ && ask(*current_);
  }
  template <typename Visit>
  void for_each(Visit visit) const {
    for (const Session& session : draining_) visit(*session);
    if (current_) visit(*current_);
  }
  // What they count now.
  void add_to(const base::MutexLock& lock, ClientStats& stats, StrayReplies& strays) const {
    for_each([&](const ClientSession& session) {
      const RequestQueue& queue = session.queue(lock);
      stats.calls_pending += queue.pending();
      stats.streams += queue.streams();
      stats.timers += queue.timers();
      stats.unsent_bytes += queue.unsent();
      strays.add(queue.strays());
    });
  }

 private:
  Session current_;
  std::vector<Session> draining_;
};

}  // namespace tern::call
