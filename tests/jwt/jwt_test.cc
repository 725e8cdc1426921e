// Tokens that somebody else signs: which are good, and why the others are not.
#include "tern/jwt.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "jwt/issuer.h"
#include "jwt/token.h"

namespace tern::test {
namespace {

using std::chrono::seconds;
using std::chrono::system_clock;
using testing::HasSubstr;

constexpr long kNow = 1'800'000'000;

system_clock::time_point at(long time) {
  return system_clock::time_point(seconds(time));
}

struct Expected {
  std::string subject = "alice";
  std::string issuer = "https://id.example.org";
  std::string audience = "\"store\"";  // in JSON
  std::string times = fmt::format(R"("exp":{},"nbf":{})", kNow + 60, kNow - 60);
};

std::string claims(const Expected& of = Expected(), std::string_view more = "") {
  return fmt::format(R"({{"sub":"{}","iss":"{}","aud":{},{}{}}})", of.subject, of.issuer,
                     of.audience, of.times, more);
}

JwtOptions options() {
  JwtOptions options;
  options.issuer = "https://id.example.org";
  options.audience = "store";
  return options;
}

const Issuer& rsa() {
  static const Issuer issuer = Issuer::rsa();
  return issuer;
}

const std::string kRs256 = R"({"alg":"RS256"})";

Result<Identity> read(std::string_view token, const JwtKeys& keys, long now = kNow,
                      const JwtOptions& rules = options()) {
  return jwt::read_token(token, keys.set(), rules, at(now));
}

JwtKeys rsa_keys() {
  return *JwtKeys::from_pem(rsa().pem());
}

// Why the token is refused.
std::string why(std::string_view token, const JwtKeys& keys = rsa_keys(), long now = kNow) {
  Result<Identity> read_as = read(token, keys, now);
  if (read_as.ok()) return "it is good";
  EXPECT_EQ(read_as.status().code(), Code::kUnauthenticated);
  return std::string(read_as.status().message());
}

TEST(Jwt, OfEachAlgorithmIsGoodWithKeysInPem) {
  const std::vector<std::pair<Issuer, std::string>> all = {
      {rsa(), "RS256"}, {Issuer::p256(), "ES256"}, {Issuer::ed25519(), "EdDSA"}};
  for (const auto& [issuer, algorithm] : all) {
    Result<JwtKeys> keys = JwtKeys::from_pem(issuer.pem());
    ASSERT_TRUE(keys.ok()) << keys.status().to_string();
    const std::string header = fmt::format(R"({{"alg":"{}","typ":"JWT","kid":"any"}})", algorithm);
    Result<Identity> who = read(issuer.token(header, claims()), *keys);
    ASSERT_TRUE(who.ok()) << algorithm << ": " << who.status().to_string();
    EXPECT_EQ(who->name, "alice");
  }
}

TEST(Jwt, OfEachAlgorithmIsGoodWithKeysOfAJwkSet) {
  const Issuer p256 = Issuer::p256();
  const Issuer ed25519 = Issuer::ed25519();
  const std::string set = fmt::format(R"({{"keys":[{},{},{},{{"kty":"oct","kid":"s","k":"AA"}}]}})",
                                      rsa().jwk("r"), p256.jwk("p"), ed25519.jwk("e"));
  Result<JwtKeys> keys = JwtKeys::from_jwks(set);
  ASSERT_TRUE(keys.ok()) << keys.status().to_string();
  EXPECT_EQ(keys->set().size(), 3u);
  EXPECT_TRUE(read(rsa().token(R"({"alg":"RS256","kid":"r"})", claims()), *keys).ok());
  EXPECT_TRUE(read(p256.token(R"({"alg":"ES256","kid":"p"})", claims()), *keys).ok());
  EXPECT_TRUE(read(ed25519.token(R"({"alg":"EdDSA","kid":"e"})", claims()), *keys).ok());
  EXPECT_EQ(why(rsa().token(R"({"alg":"RS256","kid":"x"})", claims()), *keys),
            "the \"kid\" \"x\" is unknown");
  EXPECT_EQ(why(rsa().token(kRs256, claims()), *keys),
            "the header has no \"kid\", and there are several keys");
  // The key of another algorithm is none of its own.
  EXPECT_EQ(why(rsa().token(R"({"alg":"RS256","kid":"p"})", claims()), *keys),
            "the \"alg\" is \"RS256\"; the key is for ES256");
}

TEST(Jwt, CannotChooseItsAlgorithm) {
  for (std::string_view none : {"none", "None", "NONE", ""}) {
    const std::string header = fmt::format(R"({{"alg":"{}"}})", none);
    EXPECT_THAT(why(base64url(header) + "." + base64url(claims()) + "."),
                HasSubstr("the key is for RS256"));
  }
  // Signed with the public key as if it were a secret.
  EXPECT_THAT(why(hmac_token(R"({"alg":"HS256"})", claims(), rsa().pem())),
              HasSubstr("the \"alg\" is \"HS256\"; the key is for RS256"));
  EXPECT_EQ(why(hmac_token(kRs256, claims(), rsa().pem())), "the signature is not that of the key");
  EXPECT_THAT(why(rsa().token(R"({"alg":"RS512"})", claims())), HasSubstr("RS512"));
  EXPECT_EQ(why(rsa().token(R"({"typ":"JWT"})", claims())), "the header has no \"alg\"");
  EXPECT_THAT(why(rsa().token(R"({"alg":"RS256","crit":["exp"]})", claims())),
              HasSubstr("\"crit\""));
}

TEST(Jwt, IsRefusedIfAByteOfItIsAnother) {
  const std::string good = rsa().token(kRs256, claims());
  ASSERT_EQ(why(good), "it is good");
  std::size_t refused = 0;
  for (std::size_t i = 0; i < good.size(); ++i) {
    std::string bad = good;
    bad[i] = bad[i] == 'A' ? 'B' : 'A';
    if (!read(bad, rsa_keys()).ok()) ++refused;
  }
  EXPECT_EQ(refused, good.size());
  EXPECT_EQ(why(Issuer::rsa().token(kRs256, claims())), "the signature is not that of the key");
}

TEST(Jwt, OfP256IsRefusedWithASignatureOfAnotherForm) {
  const Issuer issuer = Issuer::p256();
  const JwtKeys keys = *JwtKeys::from_pem(issuer.pem());
  const std::string is_signed = base64url(R"({"alg":"ES256"})") + "." + base64url(claims());
  const std::string signature = issuer.sign(is_signed);
  EXPECT_EQ(why(is_signed + "." + base64url(signature), keys), "it is good");
  for (const std::string& bad : {std::string(64, '\0'), signature.substr(1), signature + "x",
                                 std::string(), std::string(64, '\xff')}) {
    EXPECT_EQ(why(is_signed + "." + base64url(bad), keys), "the signature is not that of the key");
  }
}

TEST(Jwt, IsGoodUntilTheSecondOfItsEndAndFromThatOfItsBeginning) {
  Expected times;
  times.times = fmt::format(R"("exp":{},"nbf":{})", kNow + 60, kNow - 60);
  const std::string token = rsa().token(kRs256, claims(times));
  EXPECT_EQ(why(token, rsa_keys(), kNow + 59), "it is good");
  EXPECT_EQ(why(token, rsa_keys(), kNow + 60), "it expired 0 s ago");
  EXPECT_EQ(why(token, rsa_keys(), kNow - 60), "it is good");
  EXPECT_EQ(why(token, rsa_keys(), kNow - 61), "it is good in 1 s only");
  JwtOptions lenient = options();
  lenient.leeway = seconds(5);
  EXPECT_TRUE(read(token, rsa_keys(), kNow + 64, lenient).ok());
  EXPECT_FALSE(read(token, rsa_keys(), kNow + 65, lenient).ok());
  EXPECT_TRUE(read(token, rsa_keys(), kNow - 65, lenient).ok());
  EXPECT_FALSE(read(token, rsa_keys(), kNow - 66, lenient).ok());
}

TEST(Jwt, NeedsAnEnd) {
  Expected of;
  of.times = R"("iat":1)";
  EXPECT_THAT(why(rsa().token(kRs256, claims(of))), HasSubstr("\"exp\" is missing"));
  of.times = R"("exp":"2100-01-01")";
  EXPECT_EQ(why(rsa().token(kRs256, claims(of))), "\"exp\" is no number");
}

TEST(Jwt, IsOfThisIssuerAndForThisAudience) {
  Expected of;
  of.issuer = "https://evil.example.org";
  EXPECT_EQ(why(rsa().token(kRs256, claims(of))),
            "\"iss\" is \"https://evil.example.org\"; expected \"https://id.example.org\"");
  of = Expected();
  for (std::string_view other : {"\"other\"", "[]", R"(["other","stores"])", "5", "{}"}) {
    of.audience = other;
    EXPECT_EQ(why(rsa().token(kRs256, claims(of))),
              fmt::format("\"aud\" is {}; expected \"store\", or a list with it", other));
  }
  of.audience = R"(["other","store"])";
  EXPECT_EQ(why(rsa().token(kRs256, claims(of))), "it is good");
  of = Expected();
  of.subject = "";
  EXPECT_EQ(why(rsa().token(kRs256, claims(of))),
            "\"sub\" is \"\"; expected the name of who calls");
}

TEST(Jwt, HasRolesAndAttributes) {
  JwtOptions rules = options();
  rules.attribute_claims = {"email", "missing"};
  Result<Identity> who = read(
      rsa().token(kRs256, claims(Expected(), R"(,"roles":["admin","ops"],"email":"a@b.example")")),
      rsa_keys(), kNow, rules);
  ASSERT_TRUE(who.ok());
  EXPECT_TRUE(who->has_role("admin"));
  EXPECT_TRUE(who->has_role("ops"));
  EXPECT_FALSE(who->has_role("user"));
  EXPECT_EQ(who->attribute("email"), "a@b.example");
  EXPECT_EQ(who->attribute("missing"), "");
  rules.roles_claim = "scope";
  who = read(rsa().token(kRs256, claims(Expected(), R"(,"scope":"read  write")")), rsa_keys(), kNow,
             rules);
  ASSERT_TRUE(who.ok());
  EXPECT_EQ(who->roles, (std::vector<std::string>{"read", "write"}));
}

TEST(Jwt, IsRefusedIfItIsNone) {
  EXPECT_THAT(why(""), HasSubstr("there is none"));
  for (std::string_view text : {"x", "a.b", "a.b.c.d", "..."}) {
    EXPECT_THAT(why(text), HasSubstr("expected three parts"));
  }
  EXPECT_EQ(why("e30=.e30.x"), "the header is no base64url");
  EXPECT_EQ(why("a.e30.x"), "the header is no base64url");
  EXPECT_EQ(why(base64url("[]") + ".e30.x"), "the header is no object in JSON");
  EXPECT_EQ(why(base64url("{") + ".e30.x"), "the header is no object in JSON");
  EXPECT_EQ(why(base64url(kRs256) + ".e30.+++"), "the signature is no base64url");
  EXPECT_EQ(why(rsa().token(kRs256, "[]")), "the payload is no object in JSON");
  EXPECT_THAT(why(std::string(9000, 'a')), HasSubstr("it has 9000 bytes; the limit is 8192"));
}

// A text of bits that belong to no byte would be a second spelling of one signature.
TEST(Jwt, HasOneSpelling) {
  std::string token = rsa().token(kRs256, claims());  // 256 bytes end in two spare bits
  constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  token.back() = kDigits[kDigits.find(token.back()) ^ 1];
  EXPECT_EQ(why(token), "the signature is no base64url");
}

TEST(JwtKeys, AreRefusedIfTheyAreWeakOrOfAnotherKind) {
  EXPECT_THAT(JwtKeys::from_pem(Issuer::rsa(1024).pem()).status().to_string(),
              HasSubstr("RSA of 1024 bits; expected 2048"));
  EXPECT_THAT(JwtKeys::from_pem(Issuer::p384().pem()).status().to_string(), HasSubstr("P-256"));
  EXPECT_THAT(JwtKeys::from_pem("no key").status().to_string(), HasSubstr("BEGIN PUBLIC KEY"));
  EXPECT_FALSE(JwtKeys::from_jwks("{}").ok());
  EXPECT_FALSE(JwtKeys::from_jwks("[").ok());
  EXPECT_THAT(JwtKeys::from_jwks(fmt::format(R"({{"keys":[{0},{0}]}})", rsa().jwk("a")))
                  .status()
                  .to_string(),
              HasSubstr("two keys have the \"kid\" \"a\""));
  const std::string off_the_curve = fmt::format(
      R"({{"kty":"EC","crv":"P-256","x":"{0}","y":"{0}"}})", base64url(std::string(32, 'x')));
  EXPECT_THAT(JwtKeys::from_jwks(off_the_curve).status().to_string(),
              HasSubstr("not on the curve"));
  EXPECT_THAT(JwtKeys::from_pem_file("/nowhere/key.pem").status().to_string(),
              HasSubstr("/nowhere/key.pem"));
}

// Who shows a token that our issuer has signed learns what is wrong with it; others learn nothing
// of the keys.
TEST(JwtAuthenticator, TellsTheOperatorWhyAndTheCallerIfHisTokenIsSigned) {
  std::string logged;
  JwtOptions rules = options();
  rules.now = [] { return at(kNow + 60); };
  rules.log = [&logged](std::string_view line) { logged = line; };
  Result<std::shared_ptr<Authenticator>> authenticator = jwt_authenticator(rsa_keys(), rules);
  ASSERT_TRUE(authenticator.ok());
  auto show = [&](const std::string& authorization) {
    Metadata metadata;
    if (!authorization.empty()) metadata.add("authorization", authorization);
    Credentials credentials(metadata);
    credentials.peer = "10.0.0.7:4711";
    credentials.protocol = "tern";
    std::optional<Result<Identity>> answer;
    (*authenticator)->authenticate(credentials, [&](Result<Identity> who) {
      answer.emplace(std::move(who));
    });
    return *std::move(answer);
  };
  auto ask = [&](const std::string& token) { return show("Bearer " + token); };
  Result<Identity> who = ask(rsa().token(kRs256, claims()));
  EXPECT_EQ(who.status().code(), Code::kUnauthenticated);
  EXPECT_EQ(who.status().message(), "the JSON web token is not good here: it expired 0 s ago");
  EXPECT_EQ(logged, "tern: 10.0.0.7:4711: the token was refused: it expired 0 s ago");
  Expected elsewhere;
  elsewhere.audience = R"(["other"])";
  EXPECT_EQ(ask(rsa().token(kRs256, claims(elsewhere))).status().code(), Code::kUnauthenticated);
  elsewhere.times = fmt::format(R"("exp":{})", kNow + 61);
  EXPECT_EQ(ask(rsa().token(kRs256, claims(elsewhere))).status().message(),
            "the JSON web token is not good here: \"aud\" is [\"other\"]; expected \"store\", or a "
            "list with it");
  for (const std::string& unsigned_one :
       {std::string("x"), Issuer::rsa().token(kRs256, claims()), rsa().token("{}", claims())}) {
    EXPECT_EQ(ask(unsigned_one).status().message(),
              "expected a JSON web token that a key known here has signed; the one that came is "
              "not");
  }
  EXPECT_EQ(show("").status().message(),
            "expected the metadata authorization: Bearer <token>; there is none");
  Expected later;
  later.times = fmt::format(R"("exp":{})", kNow + 61);
  EXPECT_EQ(ask(rsa().token(kRs256, claims(later)))->name, "alice");
}

TEST(JwtAuthenticator, NeedsAnIssuerAndAnAudience) {
  JwtOptions rules = options();
  rules.audience.clear();
  EXPECT_EQ(jwt_authenticator(rsa_keys(), rules).status().code(), Code::kInvalidArgument);
  rules = options();
  rules.issuer.clear();
  EXPECT_EQ(jwt_authenticator(rsa_keys(), rules).status().code(), Code::kInvalidArgument);
}

}  // namespace
}  // namespace tern::test
