// Keys that change while they are used.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "jwt/issuer.h"
#include "jwt/keys.h"
#include "support/temporary_directory.h"
#include "tern/clock.h"
#include "tern/jwt.h"

namespace tern::test {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

class JwtKeySources : public testing::Test {
 protected:
  // In one step, as whoever hands out keys is to do it.
  void write(const std::string& text) {
    std::ofstream(path("next"), std::ios::binary) << text;
    std::filesystem::rename(path("next"), path("keys"));
  }
  std::string path(const std::string& name = "keys") const {
    return (folder_.path() / name).string();
  }
  static std::string set_of(const Issuer& issuer, std::string_view id) {
    return fmt::format(R"({{"keys":[{}]}})", issuer.jwk(id));
  }
  JwtKeySourceOptions options() {
    JwtKeySourceOptions options;
    options.clock = &clock_;
    options.log = [this](std::string_view line) { log_.emplace_back(line); };
    return options;
  }
  // As a server asks it, for who has a token of `issuer`.
  static bool knows(Authenticator& authenticator, const Issuer& issuer) {
    Metadata metadata;
    metadata.add("authorization",
                 "Bearer " + issuer.token(R"({"alg":"ES256"})",
                                          R"({"sub":"alice","iss":"us","aud":"store","exp":2e9})"));
    std::optional<Result<Identity>> answer;
    authenticator.authenticate(Credentials(metadata),
                               [&](Result<Identity> who) { answer.emplace(std::move(who)); });
    return answer->ok();
  }
  std::shared_ptr<Authenticator> authenticator(std::shared_ptr<JwtKeySource> keys) {
    JwtOptions rules;
    rules.issuer = "us";
    rules.audience = "store";
    rules.now = [] { return std::chrono::system_clock::time_point(1'800'000'000s); };
    rules.log = [](std::string_view) {};
    return *jwt_authenticator(std::move(keys), rules);
  }

  TemporaryDirectory folder_;
  ManualClock clock_;
  std::vector<std::string> log_;
  const Issuer first_ = Issuer::p256();
  const Issuer second_ = Issuer::p256();
};

TEST_F(JwtKeySources, AreReadAgainWithinAMinute) {
  write(set_of(first_, "1"));
  auto source = *JwtKeySource::open_jwks(path(), options());
  auto authenticator = this->authenticator(source);
  EXPECT_TRUE(knows(*authenticator, first_));
  write(set_of(second_, "2"));
  clock_.advance(59s);
  EXPECT_TRUE(knows(*authenticator, first_));
  clock_.advance(1s);
  EXPECT_TRUE(knows(*authenticator, second_));
  EXPECT_FALSE(knows(*authenticator, first_));
  EXPECT_EQ(source->stats().reloads, 1u);
}

TEST_F(JwtKeySources, AreReadAtOnceIfAsked) {
  write(first_.pem());
  auto source = *JwtKeySource::open_pem(path(), options());
  auto authenticator = this->authenticator(source);
  write(second_.pem());
  EXPECT_TRUE(knows(*authenticator, first_));
  EXPECT_TRUE(source->reload().ok());
  EXPECT_TRUE(knows(*authenticator, second_));
  EXPECT_EQ(source->stats().reloads, 1u);
}

TEST_F(JwtKeySources, AreNotReadAgainUnlessTheFileHasChanged) {
  write(set_of(first_, "1"));
  auto source = *JwtKeySource::open_jwks(path(), options());
  clock_.advance(10min);
  EXPECT_EQ(source->stats().reloads, 0u);
  EXPECT_EQ(source->stats().keys, 1u);
}

TEST_F(JwtKeySources, KeepTheKeysBeforeAFileThatCannotBeUsed) {
  write(set_of(first_, "1"));
  auto source = *JwtKeySource::open_jwks(path(), options());
  auto authenticator = this->authenticator(source);
  const std::string whole = set_of(second_, "2");
  for (const std::string& bad :
       {whole.substr(0, whole.size() / 2), std::string(R"({"keys":[]})"), std::string()}) {
    const std::uint64_t failures = source->stats().reload_failures;
    write(bad);
    clock_.advance(1min);
    EXPECT_TRUE(knows(*authenticator, first_));
    const JwtKeyStats stats = source->stats();
    EXPECT_EQ(stats.reload_failures, failures + 1);
    EXPECT_THAT(stats.last_failure, HasSubstr(path()));
    EXPECT_EQ(stats.reloads, 0u);
  }
  ASSERT_EQ(log_.size(), 3u);
  EXPECT_THAT(log_[0], HasSubstr("tern: jwt: the keys stay as they are, 1 of them: "));
  EXPECT_THAT(log_[0], HasSubstr(path()));
  std::filesystem::remove(path());
  clock_.advance(1min);
  EXPECT_TRUE(knows(*authenticator, first_));
  EXPECT_EQ(source->stats().reload_failures, 4u);
  write(whole);
  clock_.advance(1min);
  EXPECT_TRUE(knows(*authenticator, second_));
  EXPECT_EQ(source->stats().last_failure, "");
}

// Its size and its time may be those of the half that was read.
TEST_F(JwtKeySources, SayToAServerHowOldTheyAreAndWhatCouldNotBeRead) {
  write(set_of(first_, "1"));
  auto authenticator = this->authenticator(*JwtKeySource::open_jwks(path(), options()));
  clock_.advance(30s);
  EXPECT_EQ(authenticator->key_stats()->age, 30s);
  write("{");
  clock_.advance(30s);
  std::optional<KeyStats> keys = authenticator->key_stats();
  EXPECT_EQ(keys->keys, 1u);
  EXPECT_EQ(keys->age, 60s);
  EXPECT_EQ(keys->reload_failures, 1u);
  EXPECT_THAT(keys->last_failure, HasSubstr(path()));
  write(set_of(second_, "2"));
  clock_.advance(1min);
  keys = authenticator->key_stats();
  EXPECT_EQ(keys->age, 0s);
  EXPECT_EQ(keys->reloads, 1u);
  EXPECT_EQ(keys->last_failure, "");
}

TEST_F(JwtKeySources, AreTriedAgainAfterAFailureThoughTheFileLooksTheSame) {
  write(set_of(first_, "1"));
  auto source = *JwtKeySource::open_jwks(path(), options());
  write("{");
  clock_.advance(1min);
  EXPECT_EQ(source->stats().reload_failures, 1u);
  clock_.advance(1min);
  EXPECT_EQ(source->stats().reload_failures, 2u);
}

TEST_F(JwtKeySources, NeedAFileThatCanBeUsedAtFirst) {
  EXPECT_THAT(JwtKeySource::open_jwks(path(), options()).status().to_string(), HasSubstr(path()));
  write("no key");
  EXPECT_THAT(JwtKeySource::open_pem(path(), options()).status().to_string(),
              HasSubstr("BEGIN PUBLIC KEY"));
}

TEST_F(JwtKeySources, TakeWhatTheProgramHasFromElsewhere) {
  auto source = JwtKeySource::of(*JwtKeys::from_pem(first_.pem()));
  auto authenticator = this->authenticator(source);
  EXPECT_TRUE(knows(*authenticator, first_));
  source->set(*JwtKeys::from_pem(second_.pem()));
  EXPECT_TRUE(knows(*authenticator, second_));
  EXPECT_TRUE(source->reload().ok());  // there is nothing to read
  EXPECT_TRUE(knows(*authenticator, second_));
}

TEST_F(JwtKeySources, AreNeeded) {
  EXPECT_EQ(jwt_authenticator(std::shared_ptr<JwtKeySource>(), JwtOptions()).status().code(),
            Code::kInvalidArgument);
}

}  // namespace
}  // namespace tern::test
