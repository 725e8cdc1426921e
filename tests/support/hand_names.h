// A resolver of names whose answers the test gives, on the loop's own thread.
#pragma once

#include <asio/ip/address.hpp>
#include <list>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "net/loop.h"
#include "tern/name_resolver.h"

namespace tern::test {

// Threads: one.
class HandNames final : public NameResolver {
 public:
  std::unique_ptr<Query> resolve(Loop& loop, const std::string& host, Done done) override {
    auto asked = std::make_shared<Asked>(Asked{loop, host, std::move(done)});
    asked_.push_back(asked);
    return std::make_unique<Question>(std::move(asked));
  }

  // The hosts that were asked for and have no answer yet, in that order.
  std::vector<std::string> waiting() const {
    std::vector<std::string> hosts;
    for (const auto& one : asked_) {
      if (one->done) hosts.push_back(one->host);
    }
    return hosts;
  }
  // Answers all who wait for `host`.
  void answer(const std::string& host, const std::vector<std::string>& addresses) {
    Addresses found;
    for (const std::string& one : addresses) found.push_back(asio::ip::make_address(one));
    answer(host, Result<Addresses>(std::move(found)));
  }
  void answer(const std::string& host, const Result<Addresses>& found) {
    for (const auto& one : std::exchange(asked_, {})) {
      if (one->host != host) {
        asked_.push_back(one);
        continue;
      }
      one->loop.post([one, found] {
        Done done = std::move(one->done);
        if (done) done(found);
      });
    }
  }

 private:
  struct Asked {
    Loop& loop;
    std::string host;
    Done done;
  };
  struct Question final : Query {
    explicit Question(std::shared_ptr<Asked> what) : asked(std::move(what)) {}
    ~Question() override { asked->done.reset(); }
    std::shared_ptr<Asked> asked;
  };

  std::list<std::shared_ptr<Asked>> asked_;
};

}  // namespace tern::test
