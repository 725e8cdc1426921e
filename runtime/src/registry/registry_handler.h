// A registry's answers over HTTP, and those that wait for a change.
#pragma once

#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/timer_queue.h"
#include "net/loop.h"
#include "registry/server_table.h"
#include "tern/http_handler.h"
#include "tern/http_registry.h"

namespace tern::registry {

// The table, those that wait, and the clock that moves both. Threads: any; its timer is on `loop`,
// which outlives it.
class Core : public std::enable_shared_from_this<Core> {
 public:
  using Done = HttpHandler::Done;
  using Answer = HttpHandler::Answer;

  Core(Loop& loop, HttpRegistryServerOptions options, std::string epoch);
  Core(const Core&) = delete;
  Core& operator=(const Core&) = delete;

  // After the constructor, once.
  void start();

  std::unique_ptr<HttpHandler::Pending> handle(const HttpHandler::Request& request,
                                               const HeaderNames& names, Done done);
  // See HttpHandler. Any thread.
  std::span<const std::string> roles(const HttpHandler::Request& request) const noexcept {
    if (request.verb == "GET") return {};
    return options_.roles;
  }

 private:
  // One that waits for another list.
  struct Waiter {
    std::string service;
    std::string server;   // "": all of the service
    std::string version;  // that it has
    Clock::TimePoint due;
    Done done;
  };
  using Waiters = std::list<Waiter>;
  class Waiting;
  struct PendingAnswer {
    Done done;
    Answer answer;
  };

  // With mutex_ held, all of these.
  Answer post(const HttpHandler::Request& request, const HeaderNames& names);
  Answer withdraw(const HttpHandler::Request& request, const HeaderNames& names);
  Answer list_plainly(std::string_view service, const HeaderNames& names) const;
  Answer list_in_json(std::string_view service, std::string_view server) const;
  bool has_news(const Waiter& waiter) const;
  void take_told(std::vector<PendingAnswer>& told);
  void arm(std::optional<Clock::TimePoint> due);

  bool may(const HttpHandler::Request& request, bool reading) const;
  std::unique_ptr<HttpHandler::Pending> get(const HttpHandler::Request& request,
                                            const HeaderNames& names, Done done);
  void on_timer();
  void on_shutdown(Waiters::iterator waiter);
  void forget(Waiters::iterator waiter);

  Loop& loop_;
  const HttpRegistryServerOptions options_;
  base::Timer timer_;  // of the loop's thread

  std::mutex mutex_;  // guards the following
  ServerTable table_;
  std::uint64_t seen_ = 0;  // changes of the table that waiters were told of
  Waiters waiters_;
  Waiters told_;  // answered, and not yet destroyed by their connections
  std::optional<Clock::TimePoint> armed_for_;
};

// What a server has under one path.
class Handler final : public HttpHandler {
 public:
  Handler(std::shared_ptr<Core> core, Loop& loop, HeaderNames names)
      : core_(std::move(core)), loop_(loop), names_(names) {}
  Handler(const Handler&) = delete;
  Handler& operator=(const Handler&) = delete;
  // The core goes where its timer is.
  ~Handler() override {
    loop_.post([core = std::move(core_)] {});
  }

  std::span<const std::string> roles(const Request& request) const noexcept override {
    return core_->roles(request);
  }
  std::unique_ptr<Pending> handle(const Request& request, Done done) override {
    return core_->handle(request, names_, std::move(done));
  }

 private:
  std::shared_ptr<Core> core_;
  Loop& loop_;
  const HeaderNames names_;
};

}  // namespace tern::registry
