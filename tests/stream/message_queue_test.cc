#include "stream/message_queue.h"

#include <gtest/gtest.h>

#include <string>

namespace tern::stream {
namespace {

TEST(MessageQueue, GivesMessagesInTheirOrder) {
  MessageQueue queue;
  EXPECT_TRUE(queue.empty());
  queue.push(as_bytes("one"));
  queue.push(as_bytes(""));
  queue.push(as_bytes("three"));
  EXPECT_EQ(queue.count(), 3u);
  EXPECT_EQ(as_text(queue.front()), "one");
  queue.pop();
  EXPECT_EQ(as_text(queue.front()), "");
  queue.pop();
  EXPECT_EQ(as_text(queue.front()), "three");
  queue.pop();
  EXPECT_TRUE(queue.empty());
}

TEST(MessageQueue, CostsItsBytesAndSomethingForEachMessage) {
  MessageQueue queue;
  queue.push(as_bytes("12345"));
  queue.push(as_bytes(""));
  EXPECT_EQ(queue.cost(), stream_cost(5) + stream_cost(0));
  queue.pop();
  EXPECT_EQ(queue.cost(), stream_cost(0));
  queue.pop();
  EXPECT_EQ(queue.cost(), 0u);
}

TEST(MessageQueue, TakesAMessageBackThatWasBegun) {
  MessageQueue queue;
  queue.push(as_bytes("one"));
  const MessageQueue::Begun begun = queue.begin();
  begun.out.append("half of");
  queue.undo(begun);
  queue.push(as_bytes("two"));
  queue.pop();
  EXPECT_EQ(as_text(queue.front()), "two");
  EXPECT_EQ(queue.count(), 1u);
}

// What has been taken is moved over, so that one who always has a message does not grow.
TEST(MessageQueue, DoesNotGrowWhileItIsNeverEmpty) {
  MessageQueue queue;
  const std::string message(1000, 'x');
  queue.push(as_bytes(message));
  for (int i = 0; i < 10'000; ++i) {
    queue.push(as_bytes(message));
    EXPECT_EQ(queue.front().size(), message.size());
    queue.pop();
  }
  EXPECT_LT(queue.capacity(), 16 * 1024u);
}

TEST(MessageQueue, GivesItsMemoryBack) {
  MessageQueue queue;
  queue.push(as_bytes("one"));
  queue.release();
  EXPECT_TRUE(queue.empty());
  EXPECT_EQ(queue.capacity(), 0u);
  EXPECT_EQ(queue.cost(), 0u);
}

}  // namespace
}  // namespace tern::stream
