#include "http2/session_memory.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <limits>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "http2/server_session.h"
#include "wire/grpc/http2_client.h"

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
namespace {

bool there_are_pages = true;

}  // namespace

// In the place of libc's: a sanitizer has its own.
extern "C" void* aligned_alloc(std::size_t alignment, std::size_t size) {
  void* block = nullptr;
  if (!there_are_pages || ::posix_memalign(&block, alignment, size) != 0) return nullptr;
  return block;
}
#endif

namespace tern::http2 {
namespace {

constexpr std::size_t kPage = 4096;
// What nghttp2 takes at first: its session, a table for HPACK, the room for a frame.
constexpr std::size_t kSession = 2928;
constexpr std::size_t kTable = 1024;
constexpr std::size_t kRoom = 16'394;

std::uintptr_t address(const void* at) {
  return reinterpret_cast<std::uintptr_t>(at);
}

TEST(SessionMemory, LetsTheRoomForFramesBeginInThePageOfTheSession) {
  SessionMemory memory;
  void* session = memory.allocate_zeros(1, kSession);
  void* table = memory.allocate(kTable);
  void* room = memory.reallocate(nullptr, kRoom);
  EXPECT_EQ(address(session) / kPage, address(table) / kPage);
  EXPECT_EQ(address(session) / kPage, address(room) / kPage);
  // The rest of it is in whole pages.
  EXPECT_GE(kPage - address(room) % kPage, 100u);
  std::memset(session, 1, kSession);
  std::memset(table, 2, kTable);
  std::memset(room, 3, kRoom);
  EXPECT_EQ(std::count(static_cast<char*>(session), static_cast<char*>(session) + kSession, 1),
            static_cast<std::ptrdiff_t>(kSession));
  EXPECT_EQ(std::count(static_cast<char*>(table), static_cast<char*>(table) + kTable, 2),
            static_cast<std::ptrdiff_t>(kTable));
}

TEST(SessionMemory, HasTheRoomForFramesOnceAtATime) {
  SessionMemory memory;
  void* room = memory.allocate(kRoom);
  void* another = memory.allocate(kRoom);
  EXPECT_NE(another, room);
  memory.release(room);
  EXPECT_EQ(memory.allocate(kRoom), room);
  memory.release(another);
}

TEST(SessionMemory, OfNothingIsNotTheRoomForFrames) {
  SessionMemory memory;
  memory.allocate_zeros(1, kSession);
  memory.allocate(kTable);
  void* room = memory.allocate(kRoom);
  void* nothing = memory.allocate(0);
  EXPECT_NE(nothing, room);
  memory.release(nothing);
  void* another = memory.allocate(kRoom);
  EXPECT_NE(another, room);
  memory.release(another);
}

TEST(SessionMemory, IsAsLargeAsItIsAskedFor) {
  SessionMemory memory;
  void* large = memory.allocate(10 * kRoom);
  ASSERT_TRUE(large);
  std::memset(large, 1, 10 * kRoom);
  memory.release(large);
  EXPECT_FALSE(memory.allocate_zeros(std::numeric_limits<std::size_t>::max() / 2, 4));
}

using Block = std::pair<void*, std::string>;

std::string text(const void* at, std::size_t size) {
  return {static_cast<const char*>(at), size};
}

// Blocks of any size, of which each keeps what was written to it.
TEST(SessionMemory, IsWhatMallocWouldBe) {
  std::minstd_rand random;
  for (int round = 0; round < 50; ++round) {
    SessionMemory memory;
    std::vector<Block> blocks;
    for (int step = 0; step < 200; ++step) {
      const std::size_t size = 1 + random() % (random() % 4 == 0 ? 2 * kRoom : 300);
      const std::string bytes(size, static_cast<char>(step));
      if (blocks.empty() || random() % 3 > 0) {
        const bool zeros = random() % 2 == 0;
        void* at = zeros ? memory.allocate_zeros(1, size) : memory.allocate(size);
        ASSERT_TRUE(at);
        if (zeros) {
          ASSERT_EQ(text(at, size), std::string(size, '\0'));
        }
        blocks.emplace_back(at, bytes);
        std::memcpy(at, bytes.data(), size);
        continue;
      }
      Block& block = blocks[random() % blocks.size()];
      ASSERT_EQ(text(block.first, block.second.size()), block.second);
      if (random() % 2 == 0) {
        block.first = memory.reallocate(block.first, size);
        const std::size_t kept = std::min(size, block.second.size());
        ASSERT_EQ(text(block.first, kept), block.second.substr(0, kept));
        block.second = bytes;
        std::memcpy(block.first, bytes.data(), size);
      } else {
        memory.release(block.first);
        std::swap(block, blocks.back());
        blocks.pop_back();
      }
    }
    for (auto& [at, bytes] : blocks) memory.release(at);
  }
}

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
TEST(SessionMemory, DoesWithoutPagesThatAreNotThere) {
  SessionMemory memory;
  there_are_pages = false;
  void* room = memory.allocate(kRoom);
  void* zeros = memory.allocate_zeros(1, kSession);
  there_are_pages = true;
  ASSERT_TRUE(room && zeros);
  std::memset(room, 1, kRoom);
  EXPECT_EQ(text(zeros, kSession), std::string(kSession, '\0'));
  // They are there for what comes later, and what is not in them is given back like any other.
  void* later = memory.allocate(kRoom);
  room = memory.reallocate(room, 2 * kRoom);
  EXPECT_EQ(text(room, kRoom), std::string(kRoom, '\1'));
  memory.release(room);
  memory.release(zeros);
  memory.release(later);
}

class Nobody final : public SessionUser {
 public:
  void on_head(StreamId, Head) override {}
  void on_data(StreamId, ByteView) override {}
  void on_end(StreamId) override {}
  void on_window(StreamId, std::uint64_t) override {}
  void on_initial_window(std::int64_t) override {}
  void on_close(StreamId, std::uint32_t) override {}
};

std::size_t resident_bytes() {
  std::ifstream statm("/proc/self/statm");
  std::size_t all = 0;
  std::size_t resident = 0;
  statm >> all >> resident;
  return resident * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

// With malloc() alone it is 14,560.
TEST(SessionMemory, OfASessionThatHasAnsweredIsLessThan13500Bytes) {
  constexpr std::size_t kSessions = 1000;
  test::Http2Client client;
  client.begin(test::grpc_head("/a.Service/Method"), true);
  const std::string request = client.take_bytes();
  Nobody user;
  std::vector<std::unique_ptr<ServerSession>> sessions(kSessions);
  const std::size_t before = resident_bytes();
  for (std::unique_ptr<ServerSession>& session : sessions) {
    session = std::make_unique<ServerSession>(Settings(), user);
    ASSERT_TRUE(session->receive(as_bytes(request)).ok());
    session->respond_alone(1, {{":status", "200"}, {"content-type", "application/grpc"}});
    Buffer out;
    session->write(out);
  }
  EXPECT_LT((resident_bytes() - before) / kSessions, 13'500u);
}
#endif

}  // namespace
}  // namespace tern::http2
