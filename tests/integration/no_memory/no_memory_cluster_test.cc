// Every allocation fails once, of a cluster and its servers: the process lives, each call and each
// stream ends once, nothing is left, and the same cluster goes on.
#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "integration/no_memory/feed_callers.h"
#include "integration/no_memory/feed_handlers.h"
#include "integration/no_memory/program.h"
#include "integration/no_memory/town_callers.h"
#include "integration/no_memory/town_handlers.h"

namespace tern::test {
namespace {

template <typename Handlers>
Work feed_work(std::string_view name, void (*calls)(Channel&, Ledger&, Turns&, Pace)) {
  return {name,
          "",
          [](Ledger& ledger) { return std::make_shared<Handlers>(ledger); },
          [calls](Caller& caller, Ledger& ledger, Turns& turns) {
            calls(caller.channel(), ledger, turns, Pace::kTogether);
          },
          [](Caller& caller, Turns& turns, std::function<void(bool)> done) {
            check_feed(caller.channel(), turns, std::move(done));
          },
          9,
          {},
          make_cluster};
}

Work town_work() {
  return {
      "Town",    "",          [](Ledger& ledger) { return std::make_shared<RestlessTown>(ledger); },
      call_town, check_town,  21,
      {},        make_cluster};
}

const Work kWork[] = {
    feed_work<CoroutineFeed>("Coroutines", call_feed_in_coroutines),
    feed_work<CallbackFeed>("Callbacks", call_feed_with_callbacks),
    town_work(),
};

class NoMemoryCluster : public testing::TestWithParam<Work> {};

TEST_P(NoMemoryCluster, EndsEachCallOnceAndGoesOnForAnyOneAllocation) {
  fail_each_allocation(GetParam());
}

INSTANTIATE_TEST_SUITE_P(Of, NoMemoryCluster, testing::ValuesIn(kWork),
                         [](const auto& one) { return std::string(one.param.name); });

}  // namespace
}  // namespace tern::test
