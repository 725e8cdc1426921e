#include "tern/server.h"

#include <fmt/format.h>

#include <stdexcept>
#include <string_view>
#include <utility>

#include "base/kept_thread.h"
#include "serve/server_core.h"

namespace tern {

Server::Server(ServerOptions options, std::size_t threads)
    : own_pool_(std::make_unique<IoPool>(threads)),
      core_(std::make_shared<serve::ServerCore>(*own_pool_, std::move(options))) {}

Server::Server(IoPool& pool, ServerOptions options)
    : core_(std::make_shared<serve::ServerCore>(pool, std::move(options))) {}

namespace {

// In the words of Call::get().
void must_not_wait_for_itself(const serve::ServerCore& core, std::string_view what) {
  if (!core.waits_for_this_thread()) return;
  throw std::logic_error(fmt::format(
      "{} on a thread of an event loop or of the server's workers would wait for itself; call it "
      "on another thread",
      what));
}

}  // namespace

Server::~Server() {
  bool stopped = core_->end().stopped();
  if (!core_->waits_for_this_thread()) {
    if (!stopped) core_->end().stop(std::chrono::nanoseconds(0));
    return;
  }
  if (stopped && !own_pool_) return;
  if (!stopped) {
    core_->log().warning(
        "tern: a server is destroyed in one of its handlers or callbacks; it ends behind them");
  }
  if (!own_pool_) {
    core_->end().async_stop(std::chrono::nanoseconds(0), [core = core_] {});
    return;
  }
  // The pool's threads are waited for on another one.
  base::KeptThread([pool = std::move(own_pool_), core = std::move(core_)]() mutable {
    core->end().stop(std::chrono::nanoseconds(0));
    core.reset();
    pool.reset();
  }).leave();
}

Status Server::add(std::shared_ptr<Service> service) {
  return core_->add(std::move(service));
}

Status Server::add_per_connection(ServiceFactory factory) {
  return core_->add_per_connection(std::move(factory));
}

Status Server::add_http(std::string path, std::shared_ptr<HttpHandler> handler) {
  return core_->add_http(std::move(path), std::move(handler));
}

Result<Endpoint> Server::listen(std::string_view address) {
  return core_->listen(address);
}

Status Server::listen(std::unique_ptr<Listener> listener) {
  return core_->listen(std::move(listener));
}

Status Server::dial(std::string_view address, Backoff backoff) {
  return core_->dial(address, backoff);
}

void Server::serve(Loop& loop, std::unique_ptr<ByteStream> stream) {
  core_->serve(loop, std::move(stream));
}

Status Server::serve_frames(Loop& loop, std::unique_ptr<ByteStream> stream, const Codec& codec) {
  return core_->serve_frames(loop, std::move(stream), codec, wire::PeerTerms());
}

std::vector<Endpoint> Server::addresses() const {
  return core_->addresses();
}

IoPool& Server::pool() noexcept {
  return core_->pool();
}

std::function<void(std::string_view line)> Server::logger() const {
  return [weak = std::weak_ptr<serve::ServerCore>(core_)](std::string_view line) {
    if (std::shared_ptr<serve::ServerCore> core = weak.lock()) core->log().warning(line);
  };
}

bool Server::before_stop(UniqueFunction<void()> run) {
  return core_->end().before().add(std::move(run));
}

bool Server::async_before_stop(UniqueFunction<void(UniqueFunction<void()>)> begin) {
  return core_->end().before().add_async(std::move(begin));
}

void Server::stop(std::chrono::nanoseconds drain) {
  must_not_wait_for_itself(*core_, "stop()");
  std::shared_ptr<serve::ServerCore> core =
      core_;  // what has ended may be destroyed before this returns
  core->end().stop(drain);
}

void Server::async_stop(std::chrono::nanoseconds drain, UniqueFunction<void()> done) {
  std::shared_ptr<serve::ServerCore> core = core_;  // `done` may destroy this before it returns
  core->end().async_stop(drain, std::move(done));
}

void Server::wait() {
  must_not_wait_for_itself(*core_, "wait()");
  core_->end().wait();
}

ServerStats Server::stats() const {
  return core_->stats();
}

}  // namespace tern
