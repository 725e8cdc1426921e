#include "etcd/etcd_messages.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <random>
#include <string>

namespace tern {
namespace {

using ::testing::HasSubstr;

// As etcd 3.4 writes them; "dGVybi9z" is "tern/s", "e30=" is "{}".
constexpr std::string_view kGrant =
    R"({"header":{"cluster_id":"1","revision":"7"},"ID":"7587891101421245706","TTL":"10"})";
constexpr std::string_view kKeepalive =
    R"({"result":{"header":{"revision":"7"},"ID":"7587891101421245706","TTL":"10"}})";
constexpr std::string_view kRange =
    R"({"header":{"revision":"9"},"kvs":[{"key":"dGVybi9z","create_revision":"3",)"
    R"("mod_revision":"4","version":"2","value":"e30=","lease":"12"}],"count":"1"})";
constexpr std::string_view kWatch =
    R"({"result":{"header":{"revision":"9"},"events":[{"kv":{"key":"dGVybi9z","mod_revision":"8",)"
    R"("value":"e30="}},{"type":"DELETE","kv":{"key":"dGVybi9z","mod_revision":"9"}}]}})";
constexpr std::string_view kToken = R"({"header":{"revision":"1"},"token":"abc.12"})";
constexpr std::string_view kRefusal =
    R"({"error":"etcdserver: requested lease not found","message":"m","code":5})";

// Reads `text` as everything that it can be.
bool is_anything(std::string_view text) {
  EXPECT_FALSE(etcd::parse_failure(500, text).ok());
  return etcd::parse_grant(text).ok() || etcd::parse_keepalive(text).ok() ||
         etcd::parse_range(text).ok() || etcd::parse_watch_message(text).ok() ||
         etcd::parse_token(text).ok();
}

constexpr std::array kGood = {kGrant, kKeepalive, kRange, kWatch, kToken};

TEST(EtcdMessages, AreRead) {
  Result<etcd::Lease> lease = etcd::parse_grant(kGrant);
  ASSERT_TRUE(lease.ok()) << lease.status().to_string();
  EXPECT_EQ(lease->id, 7587891101421245706);
  EXPECT_EQ(lease->ttl, std::chrono::seconds(10));
  EXPECT_EQ(etcd::parse_keepalive(kKeepalive)->ttl, std::chrono::seconds(10));
  EXPECT_EQ(*etcd::parse_token(kToken), "abc.12");

  Result<etcd::Range> range = etcd::parse_range(kRange);
  ASSERT_TRUE(range.ok()) << range.status().to_string();
  EXPECT_EQ(range->revision, 9);
  ASSERT_EQ(range->entries.size(), 1u);
  EXPECT_EQ(range->entries[0].key, "tern/s");
  EXPECT_EQ(range->entries[0].value, "{}");
  EXPECT_EQ(range->entries[0].lease, 12);
  EXPECT_EQ(range->entries[0].revision, 4);

  Result<etcd::WatchMessage> message = etcd::parse_watch_message(kWatch);
  ASSERT_TRUE(message.ok()) << message.status().to_string();
  EXPECT_FALSE(message->canceled);
  ASSERT_EQ(message->events.size(), 2u);
  EXPECT_FALSE(message->events[0].deleted);
  EXPECT_TRUE(message->events[1].deleted);
  EXPECT_EQ(message->events[1].entry.revision, 9);
}

TEST(EtcdMessages, LeaveOutWhatIsZero) {
  EXPECT_EQ(etcd::parse_keepalive(R"({"result":{"header":{},"ID":"5"}})")->ttl.count(), 0);
  EXPECT_TRUE(etcd::parse_range(R"({"header":{"revision":"1"}})")->entries.empty());
}

TEST(EtcdMessages, SayWhyAWatchIsOver) {
  auto compacted = etcd::parse_watch_message(
      R"({"result":{"header":{"revision":"9"},"canceled":true,"compact_revision":"8"}})");
  ASSERT_TRUE(compacted.ok());
  EXPECT_TRUE(compacted->canceled);
  EXPECT_THAT(compacted->reason, HasSubstr("compacted up to revision 8"));
  auto error = etcd::parse_watch_message(R"({"error":{"grpc_code":14,"message":"no leader"}})");
  ASSERT_TRUE(error.ok());
  EXPECT_TRUE(error->canceled);
  EXPECT_EQ(error->reason, "no leader");
}

TEST(EtcdMessages, SayWhyARequestIsRefused) {
  Status status = etcd::parse_failure(404, kRefusal);
  EXPECT_EQ(status.code(), Code::kNotFound);
  EXPECT_THAT(status.to_string(), HasSubstr("requested lease not found"));
  EXPECT_EQ(etcd::parse_failure(502, "<html>Bad Gateway</html>").code(), Code::kUnavailable);
  EXPECT_EQ(etcd::parse_failure(500, R"({"error":"e","code":99})").code(), Code::kUnavailable);
}

TEST(EtcdMessages, AreRefusedWhenTheyAreSomethingElse) {
  for (std::string_view text :
       {"",
        " ",
        "null",
        "[]",
        "{}",
        "\"text\"",
        "7",
        "{\"header\":null}",
        "{\"header\":[]}",
        "{\"header\":{\"revision\":\"x\"}}",
        "{\"header\":{\"revision\":\"7 \"}}",
        "{\"header\":{\"revision\":\"99999999999999999999\"}}",
        "{\"header\":{\"revision\":1.5}}",
        "{\"header\":{\"revision\":true}}",
        "{\"header\":{},\"kvs\":{}}",
        "{\"header\":{},\"kvs\":[7]}",
        "{\"header\":{},\"kvs\":[{\"key\":\"!\"}]}",
        "{\"header\":{},\"kvs\":[{\"key\":7}]}",
        "{\"result\":{\"header\":{},\"events\":[{}]}}",
        "{\"result\":[]}",
        "{\"error\":\"text\"}",
        "{\"result\":{\"header\":{},\"events\":[{\"type\":\"MOVE\",\"kv\":{}}]}}",
        "{\"result\":{\"header\":{},\"canceled\":\"yes\"}}",
        "{\"token\":\"\"}",
        "{\"token\":\"a\\r\\nX: y\"}",
        "{\"ID\":\"0\",\"TTL\":\"10\"}",
        "{\"ID\":\"1\"}",
        "{\"ID\":\"1\",\"TTL\":\"-1\"}",
        "{\"ID\":\"1\",\"TTL\":\"9223372036854775807\"}",
        "HTTP/1.1 200 OK",
        "\xff\xfe",
        "{\"header\":{}} {"}) {
    EXPECT_FALSE(is_anything(text)) << text;
  }
}

TEST(EtcdMessages, AreQuotedInRefusals) {
  std::string text = etcd::parse_range("<html>\r\n").status().to_string();
  EXPECT_THAT(text, HasSubstr("etcd: the answer is \"<html>\\x0d\\x0a\""));
}

TEST(EtcdMessages, AreRefusedUnlessTheyAreWhole) {
  for (std::string_view good : kGood) {
    for (std::size_t size = 0; size < good.size(); ++size) {
      // On the heap and no byte longer, for the sanitizer to see who reads on.
      const std::string part(good.substr(0, size));
      EXPECT_FALSE(is_anything(part)) << part;
    }
    EXPECT_TRUE(is_anything(good)) << good;
  }
}

TEST(EtcdMessages, AreNestedNoDeeperThanAnybodyNeeds) {
  std::string deep =
      "{\"header\":{},\"x\":" + std::string(100'000, '[') + std::string(100'000, ']') + "}";
  EXPECT_FALSE(is_anything(deep));
}

// No claim but that it ends: with the sanitizers this is the test.
TEST(EtcdMessages, CanBeDamagedInAnyWay) {
  std::mt19937 random(7);
  for (int round = 0; round < 20'000; ++round) {
    std::string text(round % 6 == 5 ? kRefusal : kGood[static_cast<std::size_t>(round) % 6]);
    for (std::uint32_t i = random() % 4 + 1; i > 0; --i) {
      std::size_t at = random() % text.size();
      switch (random() % 4) {
        case 0:
          text[at] = static_cast<char>(random());
          break;
        case 1:
          text.erase(at, random() % 8 + 1);
          text += "}";
          break;
        case 2:
          text.insert(at, text.substr(random() % text.size(), random() % 16));
          break;
        default:
          text.insert(at, 1, "{}[]\":,\\0-.e"[random() % 12]);
      }
    }
    is_anything(text);
  }
}

TEST(EtcdMessages, AskWhatIsMeant) {
  EXPECT_EQ(etcd::authenticate_body("a\"b", "p\\\n"), R"({"name":"a\"b","password":"p\\\n"})");
  EXPECT_EQ(etcd::grant_body(std::chrono::seconds(10)), R"({"TTL":"10"})");
  EXPECT_EQ(etcd::lease_body(-5), R"({"ID":"-5"})");
  EXPECT_EQ(etcd::put_body("tern/s", "{}", 12),
            R"({"key":"dGVybi9z","value":"e30=","lease":"12"})");
  // "tern/s/" up to "tern/s0".
  EXPECT_EQ(etcd::range_body("tern/s/", 5),
            R"({"key":"dGVybi9zLw==","range_end":"dGVybi9zMA==","limit":"5"})");
  EXPECT_THAT(etcd::watch_body("tern/s/", 10), HasSubstr(R"("start_revision":"10")"));
}

}  // namespace
}  // namespace tern
