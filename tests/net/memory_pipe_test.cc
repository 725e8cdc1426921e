#include "net/memory_pipe.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "support/test_loop.h"

namespace tern {
namespace {

class Waiter final : public ByteStreamUser {
 public:
  void on_readable() override { ++readable; }
  void on_writable() override { ++writable; }

  int readable = 0;
  int writable = 0;
};

class MemoryPipe : public testing::Test {
 protected:
  MemoryPipe() {
    auto ends =
        net::make_pipe(net::PipeEnd(loop_.loop(), "left"), net::PipeEnd(loop_.loop(), "right"));
    left_ = std::move(ends.first);
    right_ = std::move(ends.second);
  }
  ~MemoryPipe() override { loop_.settle(); }

  static IoResult write(ByteStream& stream, std::string_view text) {
    ByteView piece = as_bytes(text);
    return stream.write_some({&piece, 1});
  }
  static std::string read(ByteStream& stream) {
    std::vector<std::byte> memory(4 * 1024 * 1024);
    IoResult result = stream.read_some(memory);
    return result.ok()          ? std::string(as_text(ByteView(memory.data(), result.bytes)))
           : result.end         ? "(end)"
           : result.would_block ? "(nothing)"
                                : "(error)";
  }

  test::TestLoop loop_;
  std::unique_ptr<ByteStream> left_;
  std::unique_ptr<ByteStream> right_;
  std::shared_ptr<Waiter> waiter_ = std::make_shared<Waiter>();
};

TEST_F(MemoryPipe, CarriesBytesBothWays) {
  EXPECT_EQ(read(*right_), "(nothing)");
  EXPECT_EQ(write(*left_, "to the right").bytes, 12u);
  EXPECT_EQ(write(*right_, "to the left").bytes, 11u);
  EXPECT_EQ(read(*right_), "to the right");
  EXPECT_EQ(read(*left_), "to the left");
  EXPECT_EQ(left_->peer(), "right");
  EXPECT_TRUE(left_->peer_is_local());
}

TEST_F(MemoryPipe, KnowsWhetherItsPeerHasLeftWithoutReading) {
  write(*right_, "unread");
  EXPECT_EQ(left_->peer_state(), PeerState::kThere);
  right_->shutdown_write();
  EXPECT_EQ(left_->peer_state(), PeerState::kEnded);
  right_->close();
  EXPECT_EQ(left_->peer_state(), PeerState::kGone);
  EXPECT_EQ(read(*left_), "unread");
}

TEST_F(MemoryPipe, CallsWhoWaitsForBytesOnce) {
  right_->wait_readable(waiter_);
  loop_.settle();
  EXPECT_EQ(waiter_->readable, 0);
  write(*left_, "a");
  write(*left_, "b");
  EXPECT_EQ(waiter_->readable, 0);
  loop_.settle();
  EXPECT_EQ(waiter_->readable, 1);
}

TEST_F(MemoryPipe, TakesNoMoreThanItHolds) {
  const std::string much(3 * 1024 * 1024, 'x');
  EXPECT_EQ(write(*left_, much).bytes, 1024u * 1024);
  EXPECT_TRUE(write(*left_, much).would_block);
  left_->wait_writable(waiter_);
  loop_.settle();
  EXPECT_EQ(waiter_->writable, 0);
  EXPECT_EQ(read(*right_).size(), 1024u * 1024);
  loop_.settle();
  EXPECT_EQ(waiter_->writable, 1);
}

TEST_F(MemoryPipe, EndsBehindTheLastByte) {
  write(*left_, "last");
  left_->shutdown_write();
  EXPECT_TRUE(write(*left_, "more").error);
  EXPECT_EQ(read(*right_), "last");
  EXPECT_EQ(read(*right_), "(end)");
  EXPECT_EQ(write(*right_, "answer").bytes, 6u);
  EXPECT_EQ(read(*left_), "answer");
}

TEST_F(MemoryPipe, IsBrokenForBothWhenOneCloses) {
  left_->wait_readable(waiter_);
  left_->close();
  right_->wait_readable(std::make_shared<Waiter>());
  loop_.settle();
  EXPECT_EQ(waiter_->readable, 0);
  EXPECT_EQ(waiter_.use_count(), 1);
  EXPECT_EQ(read(*right_), "(end)");
  EXPECT_TRUE(write(*right_, "x").error);
  EXPECT_EQ(read(*left_), "(error)");
}

}  // namespace
}  // namespace tern
