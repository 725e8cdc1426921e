// Names of hosts to addresses, on threads beside the loops.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>

#include "net/loop.h"
#include "tern/name_resolver.h"

namespace tern::net {

// A question to the system's resolver may take many seconds, and nothing ends it early. So it has a
// thread that nobody waits for but the process when it ends (README.md says why): a question that
// was given up, or whose resolver is gone, ends on its own and answers nobody. A name that is asked
// for again while its question is under way waits for that answer; so a slow name takes one thread.
// Threads: any.
class ThreadedResolver final : public NameResolver {
 public:
  // Blocks until it knows. A failure says what is wrong with the name. Called on several threads at
  // a time, and perhaps still at work when the resolver is gone.
  using Lookup = std::function<Result<Addresses>(const std::string& host)>;

  // Names that are looked up at a time; more wait. Threads live as long as there is work.
  static constexpr std::size_t kMaxThreads = 8;

  explicit ThreadedResolver(Lookup lookup = ask_system, std::size_t max_threads = kMaxThreads);
  ThreadedResolver(const ThreadedResolver&) = delete;
  ThreadedResolver& operator=(const ThreadedResolver&) = delete;
  // As close().
  ~ThreadedResolver() override;

  // Waits for no question: those that are under way call nobody. Later ones fail.
  void close();

  std::unique_ptr<Query> resolve(Loop& loop, const std::string& host, Done done) override;

  // getaddrinfo(), in the order that it gives: RFC 6724.
  static Result<Addresses> ask_system(const std::string& host);

 private:
  class Core;
  class Question;

  std::shared_ptr<Core> core_;
};

}  // namespace tern::net
