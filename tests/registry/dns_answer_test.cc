// Answers byte by byte, as no honest nameserver sends them.
#include "registry/dns_answer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tern::registry {
namespace {

using namespace std::chrono_literals;
using namespace std::string_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr std::uint16_t kCname = 5;
constexpr std::size_t kBehindQuestion = 12 + 8 + 4;

std::string number16(unsigned number) {
  return {static_cast<char>(number >> 8), static_cast<char>(number & 0xff)};
}

std::string number32(std::uint32_t number) {
  return number16(number >> 16) + number16(number & 0xffff);
}

// The header of an answer to one question for "a.test", and the question.
std::string head(unsigned answers, unsigned flags = 0x8580) {
  return number16(7) + number16(flags) + number16(1) + number16(answers) + number32(0) +
         "\1a\4test\0"s + number16(1) + number16(1);
}

const std::string kOwner = "\xC0\x0C";  // the name of the question

std::string record(const std::string& owner, unsigned type, std::uint32_t ttl,
                   const std::string& bytes) {
  return owner + number16(type) + number16(1) + number32(ttl) +
         number16(static_cast<unsigned>(bytes.size())) + bytes;
}

Result<DnsAnswer<std::string>> ipv4(const std::string& message) {
  return read_addresses(as_bytes(message), "a.test", DnsType::kA);
}
std::string failure(const std::string& message) {
  return ipv4(message).status().to_string();
}

TEST(DnsAnswers, HaveTheAddressesOfTheName) {
  auto answer = ipv4(head(2) + record(kOwner, 1, 60, "\x0A\0\0\1"s) +
                     record("\1A\4TEST\0"s, 1, 20, "\x0A\0\0\2"s));
  ASSERT_TRUE(answer.ok()) << answer.status().to_string();
  EXPECT_THAT(answer->records, ElementsAre("10.0.0.1", "10.0.0.2"));
  EXPECT_EQ(answer->ttl, 20s);
}

TEST(DnsAnswers, HaveNoRecordsOfOthers) {
  auto answer = ipv4(head(3) + record("\1b\4test\0"s, 1, 60, "\x0A\6\6\6"s) +
                     record(kOwner, 28, 60, std::string(16, '\1')) + record("\0"s, 41, 0, ""));
  ASSERT_TRUE(answer.ok()) << answer.status().to_string();
  EXPECT_THAT(answer->records, IsEmpty());
  EXPECT_EQ(answer->ttl, std::nullopt);
}

TEST(DnsAnswers, LeadFromAliasToAlias) {
  auto answer = ipv4(head(3) + record("\1c\4test\0"s, 1, 60, "\x0A\0\0\1"s) +
                     record("\1b\4test\0"s, kCname, 30, "\1c\4test\0"s) +
                     record(kOwner, kCname, 40, "\1b\4test\0"s));
  ASSERT_TRUE(answer.ok()) << answer.status().to_string();
  EXPECT_THAT(answer->records, ElementsAre("10.0.0.1"));
  EXPECT_EQ(answer->ttl, 30s);
}

TEST(DnsAnswers, LeadInNoCircles) {
  EXPECT_EQ(failure(head(1) + record(kOwner, kCname, 60, kOwner)),
            "data_loss: dns: A records of \"a.test\": the answer, there are more than 16 aliases");
}

TEST(DnsAnswers, HaveNamesThatEnd) {
  std::string self = "\xC0" + std::string(1, static_cast<char>(kBehindQuestion));
  EXPECT_THAT(failure(head(1) + self), HasSubstr("at byte 24: a name goes on at byte 24; expected "
                                                 "a place before byte 24"));
  EXPECT_THAT(failure(head(1) + "\xC0\x1A" + self), HasSubstr("a name goes on at byte 26"));
  EXPECT_THAT(failure(head(1) + "\1x" + self), HasSubstr("a name goes on at byte 24"));
  std::string label = "\x3F" + std::string(63, 'x');
  EXPECT_THAT(failure(head(1) + label + label + label + label + '\0'),
              HasSubstr("a name has more than 255 bytes"));
  EXPECT_THAT(failure(head(1) + "\x80"), HasSubstr("expected a label of at most 63 bytes"));
  EXPECT_THAT(failure(head(1) + "\xC0"), HasSubstr("expected 2 bytes of a pointer to a name"));
  EXPECT_THAT(failure(head(1) + "\5abc"), HasSubstr("expected 5 bytes of a label, not 3"));
  EXPECT_THAT(failure(head(1)), HasSubstr("at byte 24: expected 1 bytes of a name, not 0"));
}

TEST(DnsAnswers, HaveTheRecordsThatTheyCount) {
  std::string one = record(kOwner, 1, 60, "\x0A\0\0\1"s);
  EXPECT_THAT(failure(head(0xffff) + one), HasSubstr("at byte 40: expected 1 bytes of a name"));
  std::string questions = head(1);
  questions[4] = questions[5] = '\xff';
  EXPECT_THAT(failure(questions), HasSubstr("expected 1 bytes of a name, not 0"));
  EXPECT_THAT(failure(head(1) + one.substr(0, 6)), HasSubstr("expected 10 bytes of a record"));
  EXPECT_THAT(failure(head(1) + one.substr(0, 14)), HasSubstr("expected 4 bytes of a record's"));
}

TEST(DnsAnswers, HaveAddressesOfTheRightSize) {
  EXPECT_THAT(failure(head(1) + record(kOwner, 1, 60, "\x0A\0\0"s)),
              HasSubstr("at byte 36: expected an address of 4 bytes, not 3"));
}

TEST(DnsAnswers, SayWhyThereIsNone) {
  EXPECT_EQ(failure(head(0, 0x8583)), "not_found: dns: there is no name \"a.test\"");
  EXPECT_EQ(failure(head(0, 0x8582)),
            "unavailable: dns: A records of \"a.test\": the nameserver says: it has failed (2)");
  EXPECT_EQ(failure(head(0, 0x0100)),
            "data_loss: dns: A records of \"a.test\": expected an answer, not a question");
  EXPECT_THAT(failure("short"), HasSubstr("expected 12 bytes of a header, not 5"));
}

TEST(DnsAnswers, TakeATimeToLiveWithItsFirstBitForNone) {
  EXPECT_EQ(ipv4(head(1) + record(kOwner, 1, 0x80000000, "\x0A\0\0\1"s))->ttl, 0s);
  EXPECT_EQ(ipv4(head(1) + record(kOwner, 1, 0x7fffffff, "\x0A\0\0\1"s))->ttl, 2147483647s);
}

TEST(DnsAnswers, HaveServersInTheirSrvRecords) {
  std::string numbers = number16(10) + number16(3) + number16(7001);
  auto srv = [](const std::string& bytes) {
    return read_srv_records(as_bytes(head(1) + record(kOwner, 33, 60, bytes)), "a.test");
  };
  auto answer = srv(numbers + "\3h.1" + kOwner);
  ASSERT_TRUE(answer.ok()) << answer.status().to_string();
  ASSERT_EQ(answer->records.size(), 1u);
  const SrvRecord& server = answer->records.front();
  EXPECT_EQ(server.priority, 10);
  EXPECT_EQ(server.weight, 3);
  EXPECT_EQ(server.port, 7001);
  EXPECT_EQ(server.target, "h\\0461.a.test");
  EXPECT_EQ(srv(numbers + "\0"s)->records.front().target, ".");
  EXPECT_THAT(srv(numbers).status().to_string(), HasSubstr("expected 7 bytes of a record's data"));
  EXPECT_THAT(srv(numbers + kOwner + "more").status().to_string(),
              HasSubstr("a name ends at byte 44; expected it to end with the record's data"));
}

}  // namespace
}  // namespace tern::registry
