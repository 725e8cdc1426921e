// Names that take as long to look up as the test says.
#pragma once

#include <asio/ip/address.hpp>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "net/threaded_resolver.h"

namespace tern::test {

// A resolver's lookup that holds its threads until open(). Threads: any.
class GatedNames {
 public:
  ~GatedNames() { open(); }

  // May outlive this.
  net::ThreadedResolver::Lookup lookup() {
    return [state = state_](const std::string& host) { return state->look_up(host); };
  }
  // `host` has these addresses, and takes its time if it is `slow`. Others are not known.
  void add(const std::string& host, std::vector<std::string> addresses, bool slow = false) {
    std::lock_guard lock(state_->mutex);
    state_->names[host] = {std::move(addresses), slow};
  }
  // From now on all names are fast.
  void open() {
    std::lock_guard lock(state_->mutex);
    state_->is_open = true;
    state_->changed.notify_all();
  }
  // Blocks until the slow names hold so many threads.
  void wait_until_held(std::size_t threads) {
    std::unique_lock lock(state_->mutex);
    state_->changed.wait(lock, [&] { return state_->held >= threads; });
  }
  // What was asked for, in that order.
  std::vector<std::string> asked() const {
    std::lock_guard lock(state_->mutex);
    return state_->asked;
  }

 private:
  struct Name {
    std::vector<std::string> addresses;
    bool slow = false;
  };
  struct State {
    Result<NameResolver::Addresses> look_up(const std::string& host) {
      std::unique_lock lock(mutex);
      asked.push_back(host);
      Name name = names[host];
      if (name.slow && !is_open) {
        ++held;
        changed.notify_all();
        changed.wait(lock, [this] { return is_open; });
        --held;
      }
      if (name.addresses.empty()) {
        return Status(Code::kUnavailable, "host \"" + host + "\": not known", HandlerRan::kNo);
      }
      NameResolver::Addresses found;
      for (const std::string& one : name.addresses) found.push_back(asio::ip::make_address(one));
      return found;
    }

    std::mutex mutex;  // guards the following
    std::condition_variable changed;
    std::map<std::string, Name> names;
    std::vector<std::string> asked;
    std::size_t held = 0;
    bool is_open = false;
  };

  std::shared_ptr<State> state_ = std::make_shared<State>();
};

}  // namespace tern::test
