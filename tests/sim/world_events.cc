// What happens in a simulation: calls, and what befalls them.
#include <fmt/format.h>
#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>

#include <algorithm>
#include <string>
#include <utility>

#include "bank.service.h"
#include "net/loop.h"
#include "sim/connection.h"
#include "sim/world.h"

namespace tern::sim {

using namespace std::chrono_literals;

void World::plan_calls() {
  if (calls_left_ == 0) return;
  agenda_.after(dice_.between(0ns, pace_), [this] {
    std::size_t burst = dice_.percent(10) ? dice_.between(2, 20) : 1;
    for (; burst > 0 && calls_left_ > 0; --burst) {
      --calls_left_;
      start_call(false);
    }
    plan_calls();
  });
}

void World::start_call(bool in_callback) {
  if (dice_.percent(20)) return start_stream(in_callback);
  Channel* channel = nullptr;
  std::string via;
  Via speaks = cluster_via_;
  bool to_all = false;
  bool leaves_no_doubt = true;
  std::size_t which = static_cast<std::size_t>(dice_.below(members_.size() + (cluster_ ? 3 : 0)));
  if (which < members_.size()) {
    Member& member = members_[which];
    channel = member.client.get();
    via = member.name;
    speaks = member.via;
    leaves_no_doubt = via_says_going_away(member.via);
  } else if (which == members_.size()) {
    to_all = true;
    channel = &fan_outs_[static_cast<std::size_t>(dice_.below(fan_outs_.size()))];
    via = fmt::format("a call to all, {}", via_name(cluster_via_));
    trace_.fault(Fault::kCallToAll);
    leaves_no_doubt = false;  // one server has not been called, others have
  } else {
    leaves_no_doubt = via_says_going_away(cluster_via_);
    channel = cluster_.get();
    via = fmt::format("a cluster, {}", via_name(cluster_via_));
  }
  if (!channel) return;
  if (in_callback) trace_.fault(Fault::kCallInCallback);

  CallOptions options;
  if (dice_.percent(60)) {
    if (dice_.percent(40)) {
      options.timeout = dice_.between(0ns, 5ms);
      trace_.fault(Fault::kShortDeadline);
    } else if (dice_.percent(30)) {
      // As long as handlers take, to the microsecond.
      options.timeout = dice_.between(200us, 20ms) / 1000 * 1000;
      trace_.fault(Fault::kDeadlineNearReply);
    } else {
      options.timeout = dice_.between(10ms, 2s);
    }
  }
  options.wait_for_ready = dice_.percent(20);
  const bool once_only = dice_.percent(50) && !to_all;
  Ledger::Nonce nonce = ledger_.start(via, once_only, options.timeout);
  if (!leaves_no_doubt) ledger_.allow_doubt(nonce);
  sign(options, speaks, nonce);
  if (guard_ && which < members_.size()) ledger_.expect_one_client(nonce, one_client(speaks, 2));
  Ticket ticket;
  ticket.nonce = static_cast<std::int64_t>(nonce);
  if (dice_.percent(10)) {
    ticket.load.assign(dice_.between(1, 100'000), std::byte{3});
    trace_.fault(Fault::kLargeRequest);
  }
  bank::BankStub stub(*channel);
  auto call = std::make_shared<Call<Ticket>>(once_only ? stub.Pay(ticket, options)
                                                       : stub.Look(ticket, options));
  if (dice_.percent(10)) {
    trace_.fault(Fault::kCancelledCall);
    const bool is_told = leaves_no_doubt;  // what can say that a server leaves says this, too
    agenda_.after(dice_.percent(30) ? 0ns : dice_.between(0ns, 20ms), [this, call, nonce, is_told] {
      ledger_.allow_cancelled(nonce);
      if (is_told && !ledger_.ended(nonce)) ledger_.cancel(nonce);
      call->cancel();
    });
  }
  if (dice_.percent(3)) {
    trace_.fault(Fault::kDroppedCall);
    ledger_.drop(nonce);
    return;
  }
  watch(std::move(call), nonce, which);
}

void World::watch(std::shared_ptr<Call<Ticket>> call, Ledger::Nonce nonce, std::size_t channel) {
  if (dice_.percent(30)) {
    auto body = [](World* self, std::shared_ptr<Call<Ticket>> awaited, Ledger::Nonce number,
                   std::size_t over) -> asio::awaitable<void> {
      Result<Ticket> result = co_await awaited->async();
      self->on_end(number, result, over);
    };
    asio::co_spawn(io_, body(this, std::move(call), nonce, channel), asio::detached);
    return;
  }
  call->then([this, nonce, channel](Result<Ticket> result) { on_end(nonce, result, channel); });
}

void World::on_end(Ledger::Nonce nonce, const Result<Ticket>& result, std::size_t channel) {
  if (result.ok()) {
    ledger_.end_well(nonce, static_cast<Ledger::Nonce>(result->nonce));
  } else {
    ledger_.end_badly(nonce, result.status());
  }
  if (faults_end_) return;
  if (calls_left_ > 0 && dice_.percent(10)) {
    --calls_left_;
    start_call(true);
  }
  // A program that gives a client up when it has no room.
  const bool full = !result.ok() && result.status().code() == Code::kResourceExhausted;
  if (channel < members_.size() && dice_.percent(full ? 20 : 2)) {
    close_client(channel, Fault::kClientClosedInCallback);
  }
}

void World::close_client(std::size_t which, Fault fault) {
  if (!members_[which].client) return;
  trace_.fault(fault, which);
  ledger_.allow_cancelled_over(members_[which].name);
  std::unique_ptr<Client> closed = std::move(members_[which].client);
  if (dice_.percent(50)) closed->close();
  closed.reset();
  agenda_.after(dice_.between(0ns, 10ms), [this, which] {
    if (!members_[which].client) open(members_[which]);
  });
}

void World::plan_faults() {
  agenda_.after(dice_.between(0ns, 20 * pace_), [this] {
    if (faults_end_) return;
    befall();
    plan_faults();
  });
}

void World::befall() {
  Weather& weather = network_.weather();
  switch (dice_.below(10)) {
    case 0:
      weather.latency = dice_.between(0ns, 5ms);
      weather.jitter = dice_.percent(50) ? 0ns : dice_.between(0ns, 5ms);
      return;
    case 1:
      weather.segment_bytes = dice_.percent(50) ? 64 * 1024 : dice_.between(1, 2000);
      weather.short_io_percent = dice_.percent(50) ? 0 : 30;
      weather.reset_behind_cut_percent = calm_ || dice_.percent(50) ? 0 : 10;
      return;
    case 2:
      weather.window_bytes = dice_.percent(50) ? 256 * 1024 : dice_.between(1000, 20'000);
      weather.reset_at_byte_percent = calm_ || dice_.percent(50) ? 0 : 20;
      return;
    case 3:
      close_client(static_cast<std::size_t>(dice_.below(members_.size())), Fault::kClientClosed);
      return;
    case 4:
      strangers_.meet(host_names());
      return;
    case 5:
    case 6:
      if (calm_) {
        ledger_.allow_drain();
        return drain(places_[static_cast<std::size_t>(dice_.below(places_.size()))]);
      }
      befall_host(places_[static_cast<std::size_t>(dice_.below(places_.size()))]);
      return;
    default:
      if (!calm_) befall_connection();
  }
}

void World::befall_connection() {
  std::shared_ptr<Connection> connection = network_.any_connection();
  if (!connection) return;
  auto end = dice_.percent(50) ? Connection::End::kClient : Connection::End::kServer;
  switch (dice_.below(5)) {
    case 0:
      trace_.fault(Fault::kReset, connection->number());
      connection->reset();
      return;
    case 1:
      connection->reset_at(end, dice_.between(1, 2000));
      return;
    case 2:
    case 3:
      trace_.fault(Fault::kStall, connection->number());
      connection->stall(end, dice_.between(1ms, 300ms));
      return;
    default:
      trace_.fault(Fault::kBlackHole, connection->number());
      connection->swallow();
  }
}

void World::befall_host(Place& place) {
  Host& host = network_.host(place.name);
  std::chrono::nanoseconds lasts = dice_.between(0ns, 50 * pace_);
  switch (dice_.below(8)) {
    case 6:
    case 7:
      return drain(place);
    case 0:
      trace_.fault(Fault::kKilledServer);
      for (const auto& connection : network_.connections_of(place.name)) {
        connection->kill(Connection::End::kServer);
      }
      host.reachable = Host::Reachable::kRefuses;
      break;
    case 1:
      trace_.fault(Fault::kVanishedHost);
      for (const auto& connection : network_.connections_of(place.name)) connection->swallow();
      host.reachable = Host::Reachable::kHangs;
      break;
    case 2:
      host.reachable = Host::Reachable::kHangs;
      break;
    case 3:
      host.first_address_dead = dice_.percent(50);
      return;
    case 4:
      host.connect_time = dice_.between(0ns, 20ms);
      trace_.fault(Fault::kSlowConnect);
      return;
    default:
      if (registry_) return drain(place, Farewell::kDies);
      if (!cluster_) return;
      place.listed = !place.listed;
      trace_.fault(place.listed ? Fault::kServerJoined : Fault::kServerLeft);
      list_servers();
      return;
  }
  agenda_.after(lasts, [&host] { host.reachable = Host::Reachable::kYes; });
}

// A process that is told to stop, or dies, and another that comes after it.
void World::drain(Place& place, Farewell farewell) {
  if (!place.server) return;
  Host& host = network_.host(place.name);
  if (farewell == Farewell::kDies) {
    trace_.fault(Fault::kServerDied);
    for (const auto& connection : network_.connections_of(place.name)) {
      connection->kill(Connection::End::kServer);
    }
    registry_->dies(address_of(place));
    end_server(place, 0ns);
    host.accept = nullptr;
  } else {
    trace_.fault(Fault::kDrainedServer);
    std::chrono::nanoseconds time = dice_.percent(30) ? 0ns : dice_.between(0ns, 100ms);
    if (calm_) time = 60s;  // longer than any handler takes
    if (registry_) registry_->leaves(address_of(place));
    end_server(place, time);
    // Connections that come meanwhile are still accepted, or the socket has been closed at once.
    if (calm_ || dice_.percent(50)) host.accept = nullptr;
  }
  agenda_.after(dice_.between(0ns, 50 * pace_), [this, &place] {
    if (!place.server && !place.stays_away) open(place);
  });
}

void World::end_server(Place& place, std::chrono::nanoseconds time) {
  Server* leaving = place.server.get();
  Place* at = &place;
  draining_.push_back(std::move(place.server));
  leaving->async_stop(time, [this, leaving, at] {
    trace_.step("drained");
    if (!at->server) network_.host(at->name).accept = nullptr;
    std::erase_if(draining_, [leaving](const auto& server) { return server.get() == leaving; });
  });
}

std::vector<std::string> World::host_names() const {
  std::vector<std::string> names;
  for (const Place& place : places_) names.push_back(place.name);
  return names;
}

void World::heal() {
  trace_.step("heal");
  faults_end_ = true;
  strangers_.leave();
  network_.heal();
  if (guard_) {
    guard_->heal();
    tokens_->heal();
  }
  if (registry_) registry_->heal();
  for (Place& place : places_) {
    place.listed = true;
    if (!place.server && !place.stays_away) open(place);
  }
  if (list_) list_servers();
  for (Member& member : members_) {
    if (!member.client) open(member);
  }
}

void World::probe() {
  auto ask = [this](Channel& channel, const std::string& via, bool known) {
    CallOptions options;
    options.timeout = 30s;
    options.wait_for_ready = true;
    Ledger::Nonce nonce = ledger_.start("a probe, " + via, true, options.timeout);
    Ticket ticket;
    ticket.nonce = static_cast<std::int64_t>(nonce);
    ticket.load.assign(as_bytes(kProbe).begin(), as_bytes(kProbe).end());
    bank::BankStub(channel)
        .Pay(ticket, options)
        .then([this, nonce, via, known](Result<Ticket> result) {
          on_end(nonce, result, members_.size());
          if (!known) {
            if (result.ok()) ledger_.violate("who is not known has an answer over " + via);
          } else if (!result.ok()) {
            ledger_.violate("all is well again, but a probe over " + via +
                            " fails: " + result.status().to_string());
          }
        });
  };
  for (Member& member : members_) {
    ask(*member.client, std::string(via_name(member.via)), member.known);
  }
  if (cluster_) ask(*cluster_, "the cluster", cluster_known_);
  run_until(clock_.now() + 31s);
  ledger_.expect_ends();
}

// A server that runs as many handlers of a connection as it may reads pings and cancels all the
// same, in the protocol that has them: nobody loses a connection to it, and who waits for the place
// of a call that is cancelled gets it.
void World::probe_full_servers() {
  for (Member& member : members_) {
    auto at = std::find_if(places_.begin(), places_.end(),
                           [&member](const Place& place) { return place.name == member.host; });
    const std::size_t places = at->options.limits.calls_in_flight;
    if (!via_says_going_away(member.via) || !member.known || places > 8) continue;
    bank::BankStub stub(*member.client);
    auto start = [&](std::string_view what) {
      Ledger::Nonce nonce = ledger_.start("a probe of a full server", true, {});
      Ticket ticket;
      ticket.nonce = static_cast<std::int64_t>(nonce);
      ticket.load.assign(as_bytes(what).begin(), as_bytes(what).end());
      auto call = std::make_shared<Call<Ticket>>(stub.Pay(ticket));
      call->then([this, nonce](const Result<Ticket>& result) {
        on_end(nonce, result, members_.size());
        if (!result.ok() && result.status().code() == Code::kUnavailable) {
          ledger_.violate("a full server is lost: " + result.status().to_string());
        }
      });
      return std::pair(nonce, std::move(call));
    };
    std::vector<std::shared_ptr<Call<Ticket>>> running;
    auto [first, cancelled] = start(kLongProbe);
    for (std::size_t i = 1; i < places; ++i) running.push_back(start(kLongProbe).second);
    run_until(clock_.now() + 5ms);
    if (!ledger_.ended(first)) {
      ledger_.allow_cancelled(first);
      cancelled->cancel();
    }
    run_until(clock_.now() + 1ms);
    auto [waiting, call] = start(kProbe);  // not before: clients know how many a server takes
    run_until(clock_.now() + 50ms);
    if (!ledger_.ended(waiting)) {
      ledger_.violate("a call over " + member.name + " waits for one that was cancelled");
    }
    run_until(clock_.now() + kLongProbeTime);
  }
}

void World::expect_nothing_left() {
  for (const Member& member : members_) {
    ClientStats stats = member.client->stats();
    if (stats.unknown_replies > 0) {
      ledger_.violate(fmt::format("a client over {} has had {} replies to calls that never were",
                                  via_name(member.via), stats.unknown_replies));
    }
    if (stats.calls_pending + stats.streams + stats.timers + stats.unsent_bytes > 0) {
      ledger_.violate(
          fmt::format("a client over {} still has {} calls, {} streams, {} timers, {} unsent bytes",
                      via_name(member.via), stats.calls_pending, stats.streams, stats.timers,
                      stats.unsent_bytes));
    }
  }
  if (cluster_) {
    ClusterStats stats = cluster_->stats();
    if (stats.calls_pending + stats.calls_waiting > 0) {
      ledger_.violate(fmt::format("the cluster still has {} calls, {} of them waiting",
                                  stats.calls_pending, stats.calls_waiting));
    }
    for (const ClusterServerStats& server : stats.servers) {
      if (server.pending > 0) {
        ledger_.violate(fmt::format("the cluster counts {} calls that {} has not answered",
                                    server.pending, server.address));
      }
    }
  }
  fan_outs_.clear();
  cluster_.reset();
  members_.clear();
  strangers_.clear();
  run_until(clock_.now() + 100s);
  if (registry_) end_registry();
  if (!draining_.empty()) {
    ledger_.violate(fmt::format("{} servers have not come to their end", draining_.size()));
  }
  for (const Place& place : places_) {
    if (!place.server) continue;
    ServerStats stats = place.server->stats();
    if (stats.connections + stats.calls_running + stats.streams_open + stats.unsent_bytes > 0) {
      ledger_.violate(fmt::format(
          "server {} still has {} connections, {} calls, {} streams, {} unsent bytes", place.name,
          stats.connections, stats.calls_running, stats.streams_open, stats.unsent_bytes));
    }
  }
  if (witness_ && witness_->open() > 0) {
    ledger_.violate(fmt::format("{} interceptors have not been told of the end of their calls",
                                witness_->open()));
  }
  if (guard_) end_guard();
  if (std::size_t open = network_.open_connections(); open > 0) {
    ledger_.violate(fmt::format("{} connections are still open", open));
  }
  if (std::size_t timers = pool_.loop(0).timer_count(); timers > 0) {
    ledger_.violate(fmt::format("{} timers are still armed", timers));
  }
}

}  // namespace tern::sim
