#include "stream/receive_side.h"

#include <gtest/gtest.h>

#include <string>

namespace tern::stream {
namespace {

constexpr std::uint64_t kWindow = 1000;

class ReceiveSideTest : public testing::Test {
 protected:
  ReceiveSideTest() {
    ReceiveSide::Limits limits;
    limits.first_window = kWindow;
    limits.message_bytes = 10'000;
    receive_.open(limits);
  }
  Status whole(std::size_t bytes) {
    return receive_.add(true, bytes, false, as_bytes(std::string(bytes, 'x')));
  }
  Status first(std::uint64_t all, std::size_t bytes) {
    return receive_.add(true, all, true, as_bytes(std::string(bytes, 'x')));
  }
  Status next(std::size_t bytes, bool continues) {
    return receive_.add(false, 0, continues, as_bytes(std::string(bytes, 'x')));
  }
  void read_one() {
    const std::uint64_t cost = stream_cost(receive_.complete().front().size());
    receive_.complete().pop();
    receive_.consumed(cost);
  }
  // What is granted, and not more than there may be.
  std::uint64_t grant() {
    const std::uint64_t bytes = receive_.take_grant(budget_);
    EXPECT_LE(budget_.taken(), 5000u);
    if (!receive_.over_window()) {
      EXPECT_LE(receive_.granted() + receive_.unread(), kWindow + budget_.taken());
    }
    return bytes;
  }

  ReceiveBudget budget_{5000};
  ReceiveSide receive_;
};

TEST_F(ReceiveSideTest, GrantsAgainWhatTheProgramHasTaken) {
  ASSERT_TRUE(whole(300).ok());
  EXPECT_EQ(receive_.granted(), kWindow - stream_cost(300));
  EXPECT_EQ(grant(), 0u);
  read_one();
  EXPECT_TRUE(receive_.owes_grant());
  EXPECT_EQ(grant(), stream_cost(300));
  EXPECT_EQ(receive_.granted(), kWindow);
}

// As HTTP/2 counts: the bytes that gRPC has before a message, and its own. What keeping messages
// takes still counts when the next ones are granted.
TEST_F(ReceiveSideTest, CountsAMessageAtWhatItTakesOfThePeersWindow) {
  receive_.set_message_cost(5);
  for (int i = 0; i < 200; ++i) ASSERT_TRUE(whole(0).ok()) << i;
  EXPECT_EQ(receive_.granted(), 0u);
  EXPECT_FALSE(whole(0).ok());
  std::uint64_t granted = 0;
  for (int i = 0; i < 200; ++i) {
    read_one();
    EXPECT_LE(receive_.unread(), stream_cost(0) * 200);
    granted += receive_.owes_grant() ? receive_.take_grant(budget_) : 0;
  }
  EXPECT_GE(granted, kWindow - kWindow / 4);  // a smaller rest is not worth a frame
}

TEST_F(ReceiveSideTest, GrantsNothingForLessThanAQuarterOfTheWindow) {
  ASSERT_TRUE(whole(200).ok());
  read_one();
  EXPECT_FALSE(receive_.owes_grant());
  EXPECT_EQ(grant(), 0u);
  ASSERT_TRUE(whole(200).ok());
  read_one();
  EXPECT_EQ(grant(), 2 * stream_cost(200));
}

TEST_F(ReceiveSideTest, GrantsTheRestOfAMessageThatIsLongerThanTheWindow) {
  ASSERT_TRUE(first(4000, kWindow - kMessageCost).ok());
  EXPECT_EQ(receive_.granted(), 0u);
  EXPECT_EQ(grant(), 4000 - (kWindow - kMessageCost));
  ASSERT_TRUE(next(4000 - (kWindow - kMessageCost), false).ok());
  ASSERT_EQ(receive_.complete().count(), 1u);
  EXPECT_EQ(receive_.complete().front().size(), 4000u);
  EXPECT_EQ(grant(), 0u);
  read_one();
  EXPECT_EQ(grant(), kWindow);
  EXPECT_EQ(budget_.taken(), 0u);
}

TEST_F(ReceiveSideTest, WaitsForTheBudgetAndGoesOnOnceThereIsSome) {
  budget_.take(4990);
  ASSERT_TRUE(first(4000, 968).ok());
  EXPECT_EQ(grant(), 10u);
  EXPECT_TRUE(receive_.starved());
  budget_.give_back(4990);
  EXPECT_EQ(grant(), 4000u - 968 - 10);
  EXPECT_FALSE(receive_.starved());
}

TEST_F(ReceiveSideTest, GivesItsBudgetBackWhenItIsClosed) {
  ASSERT_TRUE(first(4000, 968).ok());
  grant();
  EXPECT_GT(budget_.taken(), 0u);
  receive_.close(budget_);
  EXPECT_EQ(budget_.taken(), 0u);
}

TEST_F(ReceiveSideTest, RefusesWhatIsOverTheWindow) {
  EXPECT_TRUE(whole(kWindow - kMessageCost).ok());
  Status status = whole(0);
  EXPECT_EQ(status.code(), Code::kInternal);
  EXPECT_EQ(status.message(),
            "a chunk that costs 32 bytes of the window came; 0 are left of what was granted");
}

TEST_F(ReceiveSideTest, TakesAWindowThatIsExactlyUsed) {
  EXPECT_TRUE(whole(kWindow - kMessageCost).ok());
  EXPECT_EQ(receive_.granted(), 0u);
}

TEST_F(ReceiveSideTest, RefusesAMessageOverTheLimitBeforeItTakesMemory) {
  Status status = first(10'001, 1);
  EXPECT_EQ(status.code(), Code::kResourceExhausted);
  EXPECT_EQ(status.message(),
            "a message of 10001 bytes; the limit is 10000 (Limits::message_bytes)");
  EXPECT_TRUE(receive_.complete().empty());
}

TEST_F(ReceiveSideTest, RefusesChunksThatDoNotFitTheirMessage) {
  EXPECT_EQ(next(1, true).message(), "a chunk came although no message has begun");
  EXPECT_EQ(first(3, 4).message(),
            "a continued chunk of 4 bytes came; 3 bytes of the message are to come");
  EXPECT_EQ(receive_.add(true, 5, false, as_bytes("1234")).message(),
            "a last chunk of 4 bytes came; 5 bytes of the message are to come");
  ASSERT_TRUE(first(10, 4).ok());
  EXPECT_EQ(whole(1).message(),
            "a message began although 6 bytes of the one before are still to come");
  EXPECT_EQ(next(6, true).message(),
            "a continued chunk of 6 bytes came; 6 bytes of the message are to come");
  EXPECT_EQ(next(7, false).message(),
            "a last chunk of 7 bytes came; 6 bytes of the message are to come");
}

TEST_F(ReceiveSideTest, BoundsAFloodOfEmptyMessages) {
  std::size_t accepted = 0;
  while (whole(0).ok()) ++accepted;
  EXPECT_EQ(accepted, kWindow / kMessageCost);
}

TEST_F(ReceiveSideTest, WithoutCreditTakesWhatComesAndSaysWhenAWindowIsUnread) {
  receive_.open_without_credit();
  // A message is never waited for in the middle: its rest is read, however long it is.
  ASSERT_TRUE(first(4000, 2000).ok());
  EXPECT_FALSE(receive_.over_window());
  ASSERT_TRUE(next(2000, false).ok());
  EXPECT_TRUE(receive_.over_window());
  ASSERT_TRUE(whole(2000).ok());
  EXPECT_EQ(grant(), 0u);
  read_one();
  EXPECT_FALSE(receive_.owes_grant());
  EXPECT_EQ(grant(), 0u);
  EXPECT_TRUE(receive_.over_window());
  read_one();
  EXPECT_TRUE(receive_.owes_grant());
  EXPECT_EQ(grant(), 0u);
  EXPECT_FALSE(receive_.over_window());
  EXPECT_EQ(whole(20'000).code(), Code::kResourceExhausted);
}

}  // namespace
}  // namespace tern::stream
