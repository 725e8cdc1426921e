#include "base/kept_blocks.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <cstring>
#include <vector>

#include "tern/buffer.h"

namespace tern::base {
namespace {

constexpr std::size_t kMebibyte = std::size_t{1024} * 1024;

KeptBlocks::Block make(std::size_t capacity) {
  return {std::malloc(capacity), capacity};
}

// Takes what is left, for it is freed by nobody else.
void empty(KeptBlocks& blocks) {
  for (std::size_t wanted = KeptBlocks::kLongest; wanted >= KeptBlocks::kShortest / 2;) {
    const KeptBlocks::Block block = blocks.take(wanted);
    if (block.data == nullptr) wanted -= wanted / 8;
    std::free(block.data);
  }
  ASSERT_EQ(blocks.bytes(), 0u);
}

TEST(KeptBlocks, GivesABlockAgain) {
  KeptBlocks blocks;
  const KeptBlocks::Block block = make(kMebibyte);
  blocks.give(block);
  EXPECT_EQ(blocks.bytes(), kMebibyte);
  const KeptBlocks::Block again = blocks.take(kMebibyte);
  EXPECT_EQ(again.data, block.data);
  EXPECT_EQ(again.capacity, kMebibyte);
  EXPECT_EQ(blocks.bytes(), 0u);
  EXPECT_EQ(blocks.take(kMebibyte).data, nullptr);
  std::free(again.data);
}

TEST(KeptBlocks, GivesNoBlockThatIsTooShortOrMoreThanAQuarterTooLong) {
  KeptBlocks blocks;
  blocks.give(make(kMebibyte));
  EXPECT_EQ(blocks.take(kMebibyte + 1).data, nullptr);
  EXPECT_EQ(blocks.take(kMebibyte * 4 / 5 - 1).data, nullptr);
  const KeptBlocks::Block block = blocks.take(kMebibyte * 4 / 5 + 1);
  EXPECT_EQ(block.capacity, kMebibyte);
  std::free(block.data);
}

TEST(KeptBlocks, GivesTheShortestThatFits) {
  KeptBlocks blocks;
  blocks.give(make(kMebibyte + 4096));
  blocks.give(make(kMebibyte + 64));
  blocks.give(make(kMebibyte + 512));
  const KeptBlocks::Block block = blocks.take(kMebibyte);
  EXPECT_EQ(block.capacity, kMebibyte + 64);
  std::free(block.data);
  empty(blocks);
}

TEST(KeptBlocks, TheOldestGiveWayWhereThereAreTooManyBytes) {
  KeptBlocks blocks;
  for (std::size_t i = 0; i < 20; ++i) blocks.give(make(kMebibyte + i));
  EXPECT_LE(blocks.bytes(), KeptBlocks::kMostBytes);
  EXPECT_GT(blocks.bytes(), KeptBlocks::kMostBytes - 2 * kMebibyte);
  const KeptBlocks::Block oldest = blocks.take(kMebibyte);
  EXPECT_EQ(oldest.capacity, kMebibyte + 13);
  std::free(oldest.data);
  empty(blocks);
}

TEST(KeptBlocks, TheOldestGiveWayWhereThereAreTooMany) {
  KeptBlocks blocks;
  for (std::size_t i = 0; i < 100; ++i) blocks.give(make(KeptBlocks::kShortest + i));
  const KeptBlocks::Block oldest = blocks.take(KeptBlocks::kShortest);
  EXPECT_EQ(oldest.capacity, KeptBlocks::kShortest + 68);
  std::free(oldest.data);
  empty(blocks);
}

#if !defined(__SANITIZE_ADDRESS__)

TEST(KeptBlocks, ABufferGrowsIntoTheMemoryOfOneThatIsGone) {
  empty(kept_blocks());
  const std::byte* memory = nullptr;
  {
    Buffer gone;
    gone.reserve(kMebibyte);
    memory = gone.data();
  }
  Buffer buffer;
  buffer.append("what was there before");
  buffer.reserve(kMebibyte - buffer.size());
  EXPECT_EQ(buffer.data(), memory);
  EXPECT_EQ(buffer.capacity(), kMebibyte);
  EXPECT_EQ(as_text(buffer.view()), "what was there before");
}

TEST(KeptBlocks, ABufferOfMoreThanTheLongestIsFreed) {
  empty(kept_blocks());
  {
    Buffer gone;
    gone.reserve(KeptBlocks::kLongest + 1);
  }
  EXPECT_EQ(kept_blocks().bytes(), 0u);
}

#endif

}  // namespace
}  // namespace tern::base
