// Chooses the server of a call.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "cluster/current.h"
#include "cluster/subchannel.h"
#include "tern/balancer.h"
#include "tern/status.h"

namespace tern::cluster {

// Where a call goes.
struct Pick {
  Pick() = default;
  SubchannelPtr server;  // null: to none of them now
  bool again = false;    // the call has been there before, as everywhere else
  Status failure;        // then there is no server, and waiting is of no use
};

// The balancer, and the immutable set of servers that it chooses from. The server set replaces it
// at every change. Threads: any, if not marked otherwise.
class Picker {
 public:
  // A server with `max_calls_per_server` pending calls gets no more; 0: no limit.
  Picker(std::shared_ptr<Balancer> balancer, std::size_t max_calls_per_server);

  // `tried`: ids of the servers that the call has been to; another one is chosen where there is
  // one.
  Pick pick(const PickRequest& request, const std::vector<std::uint64_t>& tried) const;
  bool empty() const { return servers_.get()->subchannels.empty(); }
  bool has(const SubchannelPtr& server) const;

  // From now on calls go to `servers`, which are in the order of their addresses. False: they are
  // the same as before, and not `reweighted`: nothing has changed. One thread at a time.
  bool replace(std::vector<SubchannelPtr> servers, bool reweighted);
  // From now on calls go nowhere.
  void close() noexcept { servers_.set(none_); }

 private:
  struct Servers {
    Candidates candidates;
    std::vector<SubchannelPtr> subchannels;  // those of candidates, in their order
  };

  std::size_t balanced(const Servers& servers, const PickRequest& request) const noexcept;
  bool full(const Subchannel& server) const noexcept {
    return max_calls_per_server_ > 0 && server.load->pending() >= max_calls_per_server_;
  }

  const std::shared_ptr<Balancer> balancer_;
  const std::size_t max_calls_per_server_;
  const std::shared_ptr<const Servers> none_;
  Current<Servers> servers_;
};

}  // namespace tern::cluster
