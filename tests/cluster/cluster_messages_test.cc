// Interceptors of a cluster, and of its attempts, that see the messages of streams.
#include <gmock/gmock.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "cluster/stream_town.h"
#include "support/message_log.h"

namespace tern::test {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::string position_of(const InterceptedMessage& message) {
  feed::Change change;
  Status decoded =
      message.codec.decode(type_ops<feed::Change>(), message.bytes, &change, DecodeLimits());
  return decoded.ok() ? std::to_string(change.position) : "?";
}

class ClusterMessages : public StreamTown {
 protected:
  ClusterMessages() {
    options.interceptors = {around_};
    options.client.interceptors = {each_};
    list({"a", "b"});
  }

  // What they were told since the last call.
  Lines told_around() { return std::exchange(*around_log_, {}); }
  Lines told_each() { return std::exchange(*each_log_, {}); }

  std::shared_ptr<Lines> around_log_ = std::make_shared<Lines>();
  std::shared_ptr<Lines> each_log_ = std::make_shared<Lines>();
  std::shared_ptr<MessageLog> around_ =
      std::make_shared<MessageLog>("cluster", around_log_, position_of);
  std::shared_ptr<MessageLog> each_ =
      std::make_shared<MessageLog>("attempt", each_log_, position_of);
};

TEST_F(ClusterMessages, AreSeenOnceEachThoughTheStreamIsResumed) {
  publish(2);
  auto watching = watch();
  EXPECT_THAT(told_around(),
              ElementsAre("cluster start Watch", "cluster received 1", "cluster received 2"));
  EXPECT_THAT(told_each(),
              ElementsAre("attempt start Watch", "attempt received 1", "attempt received 2"));
  kill("a");
  publish();
  EXPECT_THAT(told_around(), ElementsAre("cluster received 3"));
  EXPECT_THAT(told_each(), ElementsAre("attempt finish unavailable", "attempt start Watch",
                                       "attempt received 3"));
  EXPECT_THAT(watching->got(), ElementsAre(1, 2, 3));
}

TEST_F(ClusterMessages, ThatComeTwiceAreSeenByTheAttemptAlone) {
  streams("b").repeats = 2;
  publish(3);
  auto watching = watch();
  told_around();
  told_each();
  kill("a");
  publish();
  EXPECT_THAT(watching->got(), ElementsAre(1, 2, 3, 4));
  EXPECT_THAT(told_around(), ElementsAre("cluster received 4"));
  EXPECT_THAT(told_each(),
              ElementsAre("attempt finish unavailable", "attempt start Watch", "attempt received 2",
                          "attempt received 3", "attempt received 4"));
}

TEST_F(ClusterMessages, OfBothDirectionsAreSeen) {
  auto chat = feed().Chat();
  loop.settle();
  feed::Change change;
  change.position = 7;
  EXPECT_TRUE(chat.try_write(change));
  loop.settle();
  EXPECT_TRUE(chat.try_read(change));
  EXPECT_THAT(told_around(),
              ElementsAre("cluster start Chat", "cluster sent 7", "cluster received 7"));
  EXPECT_THAT(told_each(),
              ElementsAre("attempt start Chat", "attempt sent 7", "attempt received 7"));
}

TEST_F(ClusterMessages, ThatTheClusterRefusesEndTheWhole) {
  around_->then = [](InterceptedCall& call, const InterceptedMessage& message) {
    EXPECT_EQ(call.peer, "arith");
    return position_of(message) == "2" ? Status(Code::kUnavailable, "enough") : Status();
  };
  publish(3);
  auto watching = watch();
  EXPECT_THAT(watching->got(), ElementsAre(1));
  EXPECT_TRUE(watching->ended());
  EXPECT_EQ(watching->status().code(), Code::kUnavailable);
  EXPECT_EQ(watching->status().message(), "enough");
  EXPECT_THAT(streams("b").asked, IsEmpty());
  EXPECT_THAT(told_around(), ElementsAre("cluster start Watch", "cluster received 1",
                                         "cluster received 2", "cluster finish unavailable"));
  EXPECT_EQ(stats_of("a").failures, 0u);
  EXPECT_EQ(cluster().stats().calls_pending, 0u);
}

TEST_F(ClusterMessages, ThatAnAttemptRefusesAsUnavailableComeFromAnotherServer) {
  bool refused = false;
  each_->then = [&](InterceptedCall&, const InterceptedMessage& message) {
    if (position_of(message) != "2" || std::exchange(refused, true)) return Status();
    return Status(Code::kUnavailable, "not from you");
  };
  publish(3);
  auto watching = watch();
  EXPECT_THAT(watching->got(), ElementsAre(1, 2, 3));
  EXPECT_FALSE(watching->ended());
  EXPECT_THAT(streams("b").asked, ElementsAre(1));
  EXPECT_THAT(told_around(), ElementsAre("cluster start Watch", "cluster received 1",
                                         "cluster received 2", "cluster received 3"));
}

TEST_F(ClusterMessages, EndWithACancelInsideTheInterceptor) {
  ServerStream<feed::Change>* open = nullptr;
  around_->then = [&](InterceptedCall&, const InterceptedMessage&) {
    open->cancel();
    return Status();
  };
  ServerStream<feed::Change> stream = feed().Watch(feed::Since());
  open = &stream;
  loop.settle();
  publish(2);
  EXPECT_EQ(stream.status().code(), Code::kCancelled);
  EXPECT_EQ(cluster().stats().calls_pending, 0u);
  EXPECT_EQ(around_log_->back(), "cluster finish cancelled");
}

}  // namespace
}  // namespace tern::test
