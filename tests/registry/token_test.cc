// The registry's token, which is the only secret that Tern compares: how long that takes must not
// say how much of a guess is right. Instructions are counted, and no time is taken.
#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "base/same_secret.h"
#include "registry/registry_handler.h"
#include "registry/registry_protocol.h"
#include "support/instructions.h"
#include "support/test_loop.h"
#include "tern/metadata.h"

namespace tern::test {
namespace {

const std::string kToken = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-";

std::string wrong_at(std::size_t place) {
  std::string guess = kToken;
  guess[place] = '!';
  return guess;
}

TEST(Token, IsComparedWithTheSameInstructionsHoweverMuchOfAGuessIsRight) {
  auto count = [](const std::string& secret, const std::string& guess) {
    return count_instructions([&] {
      volatile bool same = base::same_secret(guess, secret);
      static_cast<void>(same);
    });
  };
  const std::uint64_t expected = count(kToken, kToken);
  ASSERT_GT(expected, kToken.size());
  for (std::size_t place = 0; place < kToken.size(); place += 21) {
    EXPECT_EQ(count(kToken, wrong_at(place)), expected) << place;
  }
  EXPECT_EQ(count(kToken, std::string(kToken.size(), '!')), expected);
  // Nor how long the token is.
  for (std::size_t size : std::array<std::size_t, 3>{1, 16, 63}) {
    EXPECT_EQ(count(kToken.substr(0, size), kToken), expected) << size;
  }
}

// The whole of a request that is refused, so that no other comparison is on its way.
TEST(Token, IsRefusedWithTheSameInstructionsHoweverMuchOfAGuessIsRight) {
  TestLoop loop;
  HttpRegistryServerOptions options;
  options.token = kToken;
  auto core = std::make_shared<registry::Core>(loop.loop(), options, "epoch");
  auto register_with = [&](const std::string& token) {
    Metadata headers;
    headers.add("x-geerpc-server", "tcp@10.0.0.1:7000");
    headers.add("authorization", "Bearer " + token);
    HttpHandler::Request request;
    request.verb = "POST";
    request.path = registry::kGeeRpcRegistry;
    request.headers = &headers;
    int status = 0;
    core->handle(request, registry::header_names(request.path),
                 [&status](HttpHandler::Answer answer) { status = answer.status; });
    return status;
  };
  EXPECT_EQ(register_with(kToken), 200);
  EXPECT_EQ(register_with(wrong_at(0)), 401);

  auto count = [&](const std::string& guess) {
    return count_instructions([&] { register_with(guess); });
  };
  const std::uint64_t expected = count(wrong_at(0));
  ASSERT_GT(expected, kToken.size());
  for (std::size_t place : {kToken.size() / 2, kToken.size() - 1}) {
    EXPECT_EQ(count(wrong_at(place)), expected) << place;
  }
}

}  // namespace
}  // namespace tern::test
