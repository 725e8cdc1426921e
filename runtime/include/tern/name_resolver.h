// Looks up names of hosts: the seam between a pool's clients and the system's resolver.
#pragma once

#include <asio/ip/address.hpp>
#include <memory>
#include <string>
#include <vector>

#include "tern/function.h"
#include "tern/result.h"

namespace tern {

class Loop;

// A pool has one for all that lives on it (tern/io_pool.h). Its own asks the system, on threads
// beside the loops. A program with a resolver of its own, and a test that gives the answers itself,
// implement this. Threads: resolve() on any loop's, several at the same time.
class NameResolver {
 public:
  using Addresses = std::vector<asio::ip::address>;
  using Done = UniqueFunction<void(Result<Addresses>)>;

  // A question. Destroying it gives up: `done` is then not called. Threads: its loop's.
  class Query {
   public:
    Query() = default;
    Query(const Query&) = delete;
    Query& operator=(const Query&) = delete;
    virtual ~Query() = default;
  };

  virtual ~NameResolver() = default;

  // Calls `done` once, on the loop's thread and not from within this call, with the addresses in
  // the order in which they are to be tried. A failure is kUnavailable, and names the host. `done`
  // may destroy the query, which the loop outlives. Nobody waits for the answer longer than for the
  // connection: a timeout of its own is not needed.
  virtual std::unique_ptr<Query> resolve(Loop& loop, const std::string& host, Done done) = 0;
};

}  // namespace tern
