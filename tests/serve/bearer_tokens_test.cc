// Callers with tokens of their own.
#include "tern/bearer_tokens.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/no_token.h"
#include "support/instructions.h"

namespace tern::test {
namespace {

constexpr std::string_view kAlice = "3b6f0d2a9c5e4187a1d0c4f7e2b98365";
constexpr std::string_view kRoot = "f7c1e8a4d25b4690b3a86d1f0e97c24d";

Result<Identity> ask(Authenticator& authenticator, const std::string& value) {
  Metadata metadata;
  if (!value.empty()) metadata.add("authorization", value);
  std::optional<Result<Identity>> answer;
  authenticator.authenticate(Credentials(metadata),
                             [&](Result<Identity> who) { answer.emplace(std::move(who)); });
  return *std::move(answer);
}

std::shared_ptr<Authenticator> both() {
  return bearer_tokens({{std::string(kAlice), Identity("alice", {"user"})},
                        {std::string(kRoot), Identity("root", {"admin"})},
                        {"", Identity("nobody")}});
}

TEST(BearerTokens, SayWhoseTheyAre) {
  auto known = both();
  EXPECT_EQ(ask(*known, "Bearer " + std::string(kAlice))->name, "alice");
  Result<Identity> root = ask(*known, "bearer  " + std::string(kRoot));
  ASSERT_TRUE(root.ok());
  EXPECT_TRUE(root->has_role("admin"));
}

TEST(BearerTokens, ThatAreNotKnownAreRefusedAndNotRepeated) {
  auto known = both();
  std::string cut(kAlice.substr(1));
  for (const std::string& value : {std::string(), std::string("Bearer"), std::string("Bearer "),
                                   "Bearer " + cut, "Bearer " + std::string(kAlice) + "x",
                                   "Basic " + std::string(kAlice), std::string(kAlice)}) {
    Result<Identity> who = ask(*known, value);
    EXPECT_EQ(who.status().code(), Code::kUnauthenticated) << value;
    EXPECT_EQ(who.status().to_string().find(cut), std::string::npos);
  }
}

// What was expected, and what came in its place.
TEST(BearerTokens, SayWhatIsWrongAndRepeatNoSecret) {
  auto known = both();
  const std::string expected = "expected the metadata authorization: Bearer <token>; ";
  const std::vector<std::pair<std::string, std::string>> all = {
      {"", expected + "there is none"},
      {"Bearer", expected + "there is no token behind Bearer"},
      {"Bearer  ", expected + "there is no token behind Bearer"},
      {"Basic dXNlcjpwYXNz", expected + "its scheme is Basic"},
      {"a secret of words", expected + "it is of no scheme that is known"},
      {"s3cret", expected + "it is of no scheme that is known"},
      {"Bearer s3cret", "expected a bearer token that is known here; the one that came is not"}};
  for (const auto& [value, text] : all) {
    EXPECT_EQ(ask(*known, value).status().message(), text) << value;
  }
  const Metadata none;
  Credentials credentials(none);
  for (std::string_view protocol : {"net/rpc", "GeeRPC", "JSON-RPC"}) {
    credentials.protocol = protocol;
    EXPECT_EQ(base::no_token(credentials).message(),
              expected + std::string(protocol) + " carries no metadata");
  }
}

// The whole question, in which no other comparison is on its way.
TEST(BearerTokens, AreComparedInATimeThatSaysNothing) {
  auto known = both();
  auto count = [&known](std::string guess) {
    Metadata metadata;
    metadata.add("authorization", "Bearer " + guess);
    const Credentials credentials(metadata);
    return count_instructions([&] {
      known->authenticate(credentials, [](const Result<Identity>& who) {
        volatile bool ok = who.ok();
        static_cast<void>(ok);
      });
    });
  };
  auto right_up_to = [](std::string_view token, std::size_t place) {
    std::string guess(token);
    for (std::size_t i = place; i < guess.size(); ++i) guess[i] = static_cast<char>(guess[i] ^ 1);
    return guess;
  };
  const std::uint64_t expected = count(right_up_to(kAlice, 0));
  ASSERT_GT(expected, kAlice.size());
  for (std::size_t place : {1u, 8u, 31u}) {
    EXPECT_EQ(count(right_up_to(kAlice, place)), expected) << place;
    EXPECT_EQ(count(right_up_to(kRoot, place)), expected) << place;
  }
}

}  // namespace
}  // namespace tern::test
