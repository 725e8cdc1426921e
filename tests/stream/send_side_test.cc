#include "stream/send_side.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>

namespace tern::stream {
namespace {

SendSide::Piece take(SendSide& send, std::size_t most) {
  SendSide::Piece piece = send.next(most);
  send.take(piece);
  return piece;
}

TEST(SendSide, SendsAMessageThatTheWindowHasRoomFor) {
  SendSide send;
  send.open(1000);
  EXPECT_FALSE(send.can_send());
  send.queue().push(as_bytes("hello"));
  ASSERT_TRUE(send.can_send());
  SendSide::Piece piece = send.next(100);
  EXPECT_EQ(as_text(piece.bytes), "hello");
  EXPECT_TRUE(piece.first);
  EXPECT_TRUE(piece.last);
  EXPECT_EQ(piece.whole, 5u);
  send.take(piece);
  EXPECT_EQ(send.credit(), 1000 - stream_cost(5));
  EXPECT_TRUE(send.empty());
}

TEST(SendSide, CutsAMessageAtTheWindowAndGoesOnWithCredit) {
  SendSide send;
  send.open(kMessageCost + 4);
  send.queue().push(as_bytes("0123456789"));
  SendSide::Piece piece = take(send, 100);
  EXPECT_EQ(piece.bytes.size(), 4u);
  EXPECT_EQ(piece.whole, 10u);
  EXPECT_FALSE(piece.last);
  EXPECT_FALSE(send.can_send());
  EXPECT_TRUE(send.grant(1));
  piece = take(send, 100);
  EXPECT_EQ(piece.bytes.size(), 1u);
  EXPECT_FALSE(piece.first);
  EXPECT_TRUE(send.grant(100));
  piece = take(send, 3);
  EXPECT_EQ(piece.bytes.size(), 3u);
  EXPECT_FALSE(piece.last);
  piece = take(send, 3);
  EXPECT_EQ(piece.bytes.size(), 2u);
  EXPECT_TRUE(piece.last);
  EXPECT_EQ(send.credit(), 95u);
}

// As HTTP/2 counts: the bytes that gRPC has before a message, and its own.
TEST(SendSide, CountsAMessageAtWhatItTakesOfThePeersWindow) {
  SendSide send;
  send.open(5 + 4, 5);
  send.queue().push(as_bytes("0123456789"));
  EXPECT_EQ(take(send, 100).bytes.size(), 4u);
  EXPECT_FALSE(send.can_send());
  EXPECT_TRUE(send.grant(6 + 5));
  EXPECT_TRUE(take(send, 100).last);
  send.queue().push(ByteView());
  ASSERT_TRUE(send.can_send());
  EXPECT_TRUE(take(send, 100).last);
  EXPECT_EQ(send.credit(), 0u);
}

TEST(SendSide, BeginsNoMessageThatItCouldSendNothingOf) {
  SendSide send;
  send.open(kMessageCost);
  send.queue().push(as_bytes("x"));
  EXPECT_FALSE(send.can_send());
  EXPECT_TRUE(send.grant(1));
  EXPECT_TRUE(send.can_send());
}

TEST(SendSide, SendsAnEmptyMessageAtExactlyItsCost) {
  SendSide send;
  send.open(kMessageCost - 1);
  send.queue().push(ByteView());
  EXPECT_FALSE(send.can_send());
  EXPECT_TRUE(send.grant(1));
  ASSERT_TRUE(send.can_send());
  SendSide::Piece piece = take(send, 100);
  EXPECT_TRUE(piece.last);
  EXPECT_EQ(send.credit(), 0u);
}

TEST(SendSide, RefusesCreditThatOverflows) {
  SendSide send;
  send.open(100);
  EXPECT_FALSE(send.grant(UINT64_MAX));
  EXPECT_FALSE(send.grant(SendSide::kMostCredit));
  EXPECT_TRUE(send.grant(SendSide::kMostCredit - 100));
  EXPECT_FALSE(send.grant(1));
}

TEST(SendSide, HasRoomForAWindowAndOneMessageMore) {
  SendSide send;
  send.open(0);
  const std::string message(1000, 'x');
  int queued = 0;
  while (send.has_room()) {
    send.queue().push(as_bytes(message));
    ++queued;
  }
  EXPECT_EQ(queued, static_cast<int>(SendSide::kQueuedCost / stream_cost(1000)) + 1);
}

}  // namespace
}  // namespace tern::stream
