// Every allocation fails once, of a client and a server that stream: the process lives, each stream
// ends once on each side, nothing is left, and the next streams are good.
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>

#include "integration/no_memory/feed_callers.h"
#include "integration/no_memory/feed_handlers.h"
#include "integration/no_memory/program.h"

namespace tern::test {
namespace {

constexpr std::string_view kOurFrames = "unix@here";
constexpr std::string_view kConnect = "connect+http@here:80";

template <typename Handlers>
Work work(std::string_view name, std::string_view address,
          void (*calls)(Client&, Ledger&, Turns&, Pace)) {
  const bool http = address == kConnect;
  const Pace pace = http ? Pace::kOneByOne : Pace::kTogether;
  return {name,
          address,
          [](Ledger& ledger) { return std::make_shared<Handlers>(ledger); },
          [calls, pace](Client& client, Ledger& ledger, Turns& turns) {
            calls(client, ledger, turns, pace);
          },
          check_feed,
          http ? 6u : 9u};
}

const Work kWork[] = {
    work<CoroutineFeed>("Coroutines", kOurFrames, call_feed_in_coroutines),
    work<CallbackFeed>("Callbacks", kOurFrames, call_feed_with_callbacks),
    work<CoroutineFeed>("CoroutinesOverConnect", kConnect, call_feed_in_coroutines),
    work<CallbackFeed>("CallbacksOverConnect", kConnect, call_feed_with_callbacks),
};

class NoMemoryStreams : public testing::TestWithParam<Work> {};

TEST_P(NoMemoryStreams, EndOnceAndCostNoProcessForAnyOneAllocation) {
  fail_each_allocation(GetParam());
}

INSTANTIATE_TEST_SUITE_P(Of, NoMemoryStreams, testing::ValuesIn(kWork),
                         [](const auto& one) { return std::string(one.param.name); });

}  // namespace
}  // namespace tern::test
