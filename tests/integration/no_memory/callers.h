// Who makes the calls of a program: a client of its server, or a cluster.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

#include "tern/cluster.h"
#include "tern/server_list.h"
#include "tern/tern.h"

namespace tern::test {

class Caller {
 public:
  virtual ~Caller() = default;

  virtual Channel& channel() noexcept = 0;
  // Calls, streams and timers of its own that have not ended.
  virtual std::size_t left() const = 0;
  // When the program has had no memory for something that it does to the caller: does it.
  virtual void mend() {}
  virtual void close() = 0;
};

using MakeCaller = std::unique_ptr<Caller>(std::string_view address, ClientOptions options,
                                           IoPool& pool);
MakeCaller make_client;
// A TwoServers.
MakeCaller make_cluster;

// A cluster of two servers, which are one and the same.
class TwoServers final : public Caller {
 public:
  TwoServers(ClientOptions options, IoPool& pool);

  Channel& channel() noexcept override { return cluster_; }
  std::size_t left() const override;
  void mend() override { list(kBoth); }
  void close() override { cluster_.close(); }

  Cluster& cluster() noexcept { return cluster_; }
  enum class Listed : std::uint8_t { kNone, kFirst, kSecond, kBoth };
  using enum Listed;
  // Throws std::bad_alloc.
  void list(Listed which);

 private:
  static ClusterOptions options_of(ClientOptions options);

  const std::shared_ptr<ServerList> servers_;
  Cluster cluster_;
};

}  // namespace tern::test
