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
constexpr std::string_view kConnectH2 = "connect-h2+unix@here";
constexpr std::string_view kGrpcWeb = "grpc-web+http@here:80";
constexpr std::string_view kProto = "application/proto";

// How many streams of a round come to their end.
std::size_t complete_over(std::string_view address) {
  return address == kGrpcWeb ? 1 : address == kConnect ? 2 : 3;
}

template <typename Handlers>
Work work(std::string_view name, std::string_view address,
          void (*calls)(Channel&, Ledger&, Turns&, Pace), std::string_view codec = {}) {
  const bool http = address == kConnect || address == kGrpcWeb;
  const Pace pace = http ? Pace::kOneByOne : Pace::kTogether;
  return {name,
          address,
          [](Ledger& ledger) { return std::make_shared<Handlers>(ledger); },
          [calls, pace](Caller& caller, Ledger& ledger, Turns& turns) {
            calls(caller.channel(), ledger, turns, pace);
          },
          [address](Caller& caller, Turns& turns, std::function<void(bool)> done) {
            const auto check = address == kGrpcWeb ? check_watching : check_feed;
            check(caller.channel(), turns, std::move(done));
          },
          3 * complete_over(address),
          codec};
}

const Work kWork[] = {
    work<CoroutineFeed>("Coroutines", kOurFrames, call_feed_in_coroutines),
    work<CallbackFeed>("Callbacks", kOurFrames, call_feed_with_callbacks),
    work<CoroutineFeed>("CoroutinesOverConnect", kConnect, call_feed_in_coroutines),
    work<CallbackFeed>("CallbacksOverConnect", kConnect, call_feed_with_callbacks),
    work<CoroutineFeed>("OverConnectInProtobuf", kConnect, call_feed_in_coroutines, kProto),
    work<CoroutineFeed>("CoroutinesOverConnectH2", kConnectH2, call_feed_in_coroutines),
    work<CallbackFeed>("CallbacksOverConnectH2", kConnectH2, call_feed_with_callbacks),
    work<CoroutineFeed>("OverGrpcWeb", kGrpcWeb, call_feed_in_coroutines),
};

class NoMemoryStreams : public testing::TestWithParam<Work> {};

TEST_P(NoMemoryStreams, EndOnceAndCostNoProcessForAnyOneAllocation) {
  fail_each_allocation(GetParam());
}

INSTANTIATE_TEST_SUITE_P(Of, NoMemoryStreams, testing::ValuesIn(kWork),
                         [](const auto& one) { return std::string(one.param.name); });

}  // namespace
}  // namespace tern::test
