// Names of hosts to addresses, on threads beside the loops.
#pragma once

#include <asio/ip/address.hpp>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "net/loop.h"
#include "tern/function.h"
#include "tern/result.h"

namespace tern::net {

// A question to the system's resolver may take many seconds, and nothing ends it early. So it has a
// thread that nobody waits for: a question that was given up, or whose resolver is gone, ends on
// its own and answers nobody. A name that is asked for again while its question is under way waits
// for that answer; so a slow name takes one thread. Threads: any, but for what is said of Query.
class NameResolver {
 public:
  using Addresses = std::vector<asio::ip::address>;
  // Blocks until it knows. A failure says what is wrong with the name. Called on several threads at
  // a time, and perhaps still at work when the resolver is gone.
  using Lookup = std::function<Result<Addresses>(const std::string& host)>;
  using Done = UniqueFunction<void(Result<Addresses>)>;

  // Names that are looked up at a time; more wait. Threads live as long as there is work.
  static constexpr std::size_t kMaxThreads = 8;

  explicit NameResolver(Lookup lookup = ask_system, std::size_t max_threads = kMaxThreads);
  NameResolver(const NameResolver&) = delete;
  NameResolver& operator=(const NameResolver&) = delete;
  // As close().
  ~NameResolver();

  // Waits for no question: those that are under way call nobody. Later ones fail.
  void close();

  // A question. Destroying it gives up: `done` is then not called. Threads: its loop's.
  class Query;
  // Calls `done` once, on the loop's thread and not from within this call. The loop must outlive
  // the query. A failure is kUnavailable.
  std::unique_ptr<Query> resolve(Loop& loop, const std::string& host, Done done);

  // getaddrinfo(), in the order that it gives: RFC 6724.
  static Result<Addresses> ask_system(const std::string& host);

 private:
  class Core;

  std::shared_ptr<Core> core_;
};

class NameResolver::Query {
 public:
  Query(const Query&) = delete;
  Query& operator=(const Query&) = delete;
  ~Query();

 private:
  friend class NameResolver;
  friend class Core;
  struct Asker;

  Query(std::shared_ptr<Core> core, std::string host, std::shared_ptr<Asker> asker);

  std::shared_ptr<Core> core_;
  std::string host_;
  std::shared_ptr<Asker> asker_;
};

}  // namespace tern::net
