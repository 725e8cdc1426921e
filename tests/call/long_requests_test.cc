#include "call/long_requests.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <string>

namespace tern::test {
namespace {

using call::LongRequests;

// Cuts pieces of ten bytes.
class TenBytes final : public base::MessageCutter {
 public:
  Rules rules() const noexcept override { return {10, 2, 50}; }
  std::size_t write_chunk(ByteView message, std::size_t taken, Buffer& out) override {
    const std::size_t size = std::min<std::size_t>(10, message.size() - taken);
    out.append(message.subspan(taken, size));
    return size;
  }
};

class LongRequestsTest : public testing::Test {
 protected:
  void add(std::uint64_t id, std::size_t size, std::string before = "") {
    Buffer out;
    out.append(before);
    out.append(std::string(size, static_cast<char>('a' + id - 1)));
    requests_.take(id, out, before.size());
    EXPECT_EQ(as_text(out.view()), before);
  }
  std::string chunk(std::optional<std::uint64_t> whole = std::nullopt) {
    Buffer out;
    EXPECT_EQ(requests_.take_chunk(cutter_, out), whole);
    return std::string(as_text(out.view()));
  }

  TenBytes cutter_;
  LongRequests requests_;
};

TEST_F(LongRequestsTest, LeaveTheirChunksInTurn) {
  add(1, 15);
  add(2, 15, "short");
  EXPECT_EQ(requests_.unsent(), 30u);
  EXPECT_EQ(chunk(), "aaaaaaaaaa");
  EXPECT_EQ(chunk(), "bbbbbbbbbb");
  EXPECT_EQ(chunk(1), "aaaaa");
  EXPECT_EQ(chunk(2), "bbbbb");
  EXPECT_TRUE(requests_.empty());
  EXPECT_EQ(requests_.unsent(), 0u);
}

TEST_F(LongRequestsTest, BeginWhenTheServerHasRoomForThem) {
  add(1, 30);
  add(2, 30);
  EXPECT_EQ(chunk(), "aaaaaaaaaa");
  EXPECT_EQ(chunk(), "aaaaaaaaaa");
  EXPECT_EQ(chunk(1), "aaaaaaaaaa");
  EXPECT_EQ(chunk(), "bbbbbbbbbb");
}

TEST_F(LongRequestsTest, OfWhichOneIsLargerThanTheRoomLeaveOneByOne) {
  add(1, 70);
  EXPECT_EQ(chunk(), "aaaaaaaaaa");
}

TEST_F(LongRequestsTest, TellWhetherTheServerHasHeardOfThem) {
  add(1, 30);
  add(2, 15);
  add(3, 15);
  EXPECT_EQ(chunk(), "aaaaaaaaaa");
  EXPECT_EQ(requests_.remove(3), LongRequests::Removed::kUnheard);
  EXPECT_EQ(requests_.remove(1), LongRequests::Removed::kBegun);
  EXPECT_EQ(requests_.remove(1), LongRequests::Removed::kNothing);
  EXPECT_EQ(requests_.remove(2), LongRequests::Removed::kUnheard);
  EXPECT_EQ(requests_.unsent(), 0u);
  EXPECT_TRUE(requests_.empty());
}

}  // namespace
}  // namespace tern::test
