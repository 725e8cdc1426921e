// Streams of a client and a server together, on several threads.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <thread>

#include "call/stream_calls_fixture.h"

namespace tern::test {
namespace {

using namespace std::chrono_literals;

// --- Threads ---

TEST(StreamCallsOnThreads, OneMayReadWhileAnotherWrites) {
  IoPool pool(2);
  Server server(pool);
  ASSERT_TRUE(server.add(std::make_shared<relay::RelayService>()).ok());
  Result<Endpoint> at = server.listen("tcp@127.0.0.1:0");
  ASSERT_TRUE(at.ok());
  Client client(*at, pool);
  Chatting chat = relay::RelayStub(client).Chat();
  constexpr int kMessages = 3000;
  std::thread writer([&] {
    for (int i = 0; i < kMessages; ++i) {
      if (!chat.put(std::string(static_cast<std::size_t>(i % 700), 'p'))) return;
    }
    chat.end_writing();
  });
  int read = 0;
  std::string message;
  while (chat.get(message)) {
    EXPECT_EQ(message.size(), static_cast<std::size_t>(read % 700));
    ++read;
  }
  writer.join();
  EXPECT_EQ(read, kMessages);
  EXPECT_TRUE(chat.status().ok()) << chat.status().to_string();
}

TEST(StreamCallsOnThreads, AThreadThatWaitsWakesWhenTheClientCloses) {
  IoPool pool(1);
  Server server(pool);
  ASSERT_TRUE(server.add(std::make_shared<relay::RelayService>()).ok());
  Result<Endpoint> at = server.listen("tcp@127.0.0.1:0");
  ASSERT_TRUE(at.ok());
  auto client = std::make_unique<Client>(*at, pool);
  Chatting chat = relay::RelayStub(*client).Chat();
  ASSERT_TRUE(chat.put("one"));
  std::string message;
  ASSERT_TRUE(chat.get(message));
  std::thread reader([&] {
    std::string more;
    EXPECT_FALSE(chat.get(more));
  });
  client.reset();
  reader.join();
  EXPECT_EQ(chat.status().code(), Code::kCancelled);
}

}  // namespace
}  // namespace tern::test
