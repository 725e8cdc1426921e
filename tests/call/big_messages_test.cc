// A message of 64 MiB beside calls of 100 bytes: which of them wait for it. Client and server are
// whole; the stream between them holds 64 KiB.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "serve/server_fixture.h"
#include "support/fake_dialer.h"
#include "tern/call.h"
#include "tern/client.h"

namespace tern::test {
namespace {

using ::testing::ElementsAre;

constexpr std::size_t kBig = 64 * 1024 * 1024;
constexpr std::size_t kSmall = 100;

class BigMessages : public ServerFixture {
 protected:
  using Outcome = std::shared_ptr<std::optional<Result<std::string>>>;

  // Echo answers with kBig bytes if it is asked to, and keeps its own answer short if it gets many.
  BigMessages() {
    service().on_echo([this](ServerContext&, std::string text) -> Reply<std::string> {
      handled_.push_back(text.size());
      if (text == "big") return std::string(kBig, 'x');
      if (text.size() == kBig) return std::string("got it");
      return text;
    });
    raise(options().limits);
    narrow_.capacity = 64 * 1024;
  }

  // A client with a connection of its own.
  std::unique_ptr<Client> connect_client() {
    auto dialer = std::make_shared<FakeDialer>();
    dialer->set_faults(narrow_);
    ClientOptions options;
    raise(options.limits);
    options.dialer = dialer;
    options.keepalive_interval = std::chrono::nanoseconds(0);
    auto client = std::make_unique<Client>("tcp@127.0.0.1:7", loop().pool(), options);
    Outcome first = echo(*client, "first");
    settle();
    dialer->server(0).set_faults(narrow_);
    accept(dialer->server(0));
    settle();
    EXPECT_TRUE(is_answered(first));
    dialers_.push_back(std::move(dialer));
    handled_.clear();
    return client;
  }

  static Outcome echo(Client& client, const std::string& text) {
    auto outcome = std::make_shared<std::optional<Result<std::string>>>();
    Call<std::string> call = start_call<std::string>(
        client, SampleService::method(SampleService::kEcho), &text, CallOptions());
    call.then([outcome](Result<std::string> result) { outcome->emplace(std::move(result)); });
    return outcome;
  }
  static bool is_answered(const Outcome& outcome) { return *outcome && (*outcome)->ok(); }

  // Runs the loop, one thing after the other, no further than to where that is so.
  bool until(const std::function<bool()>& so) {
    while (!so()) {
      if (loop().io().poll_one() == 0) return false;
    }
    return true;
  }
  std::uint64_t unsent() { return server().stats().unsent_bytes; }

  std::vector<std::size_t> handled_;  // the sizes of what Echo got, in their order

 private:
  static void raise(Limits& limits) {
    limits.message_bytes = kBig + 1000;
    limits.unsent_bytes = 2 * kBig;
    limits.unsent_reply_bytes = 2 * kBig;
  }

  StreamFaults narrow_;
  std::vector<std::shared_ptr<FakeDialer>> dialers_;
};

TEST_F(BigMessages, ThatAreRepliesArePassedBySmallOnes) {
  auto client = connect_client();
  Outcome big = echo(*client, "big");
  ASSERT_TRUE(until([&] { return unsent() > kBig - 1024 * 1024; }));
  std::uint64_t longest_wait = 0;
  for (int i = 0; i < 100; ++i) {
    const std::uint64_t before = unsent();
    Outcome small = echo(*client, std::string(kSmall, 's'));
    ASSERT_TRUE(until([&] { return small->has_value(); }));
    ASSERT_TRUE(is_answered(small));
    ASSERT_FALSE(big->has_value()) << "the small reply came behind the big one";
    longest_wait = std::max(longest_wait, before - unsent());
  }
  // So many bytes of the big one at most left between a small request and its reply.
  EXPECT_LT(longest_wait, 300'000u);
  settle();
  ASSERT_TRUE(is_answered(big));
  EXPECT_EQ(big->value()->size(), kBig);
}

// A long request leaves in chunks, behind the short ones.
TEST_F(BigMessages, ThatAreRequestsLetTheSmallOnesPass) {
  auto client = connect_client();
  auto other_client = connect_client();
  Outcome big = echo(*client, std::string(kBig, 'b'));
  Outcome small = echo(*client, std::string(kSmall, 's'));
  Outcome other = echo(*other_client, std::string(2 * kSmall, 'o'));
  ASSERT_TRUE(until([&] { return other->has_value(); }));
  EXPECT_TRUE(is_answered(other));
  EXPECT_TRUE(is_answered(small));
  EXPECT_FALSE(big->has_value());
  settle();
  EXPECT_TRUE(is_answered(big));
  EXPECT_THAT(handled_, ElementsAre(kSmall, 2 * kSmall, kBig));
}

}  // namespace
}  // namespace tern::test
