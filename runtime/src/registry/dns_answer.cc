#include "registry/dns_answer.h"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "registry/dns_message.h"

namespace tern::registry {

namespace {

constexpr std::uint16_t kInternet = 1;
constexpr std::uint16_t kAlias = 5;  // CNAME
constexpr std::uint8_t kNoSuchName = 3;
constexpr std::size_t kMaxAliases = 16;

Status failure(Code code, std::string_view name, DnsType type, std::string_view what) {
  return Status(code, fmt::format("dns: {} records of \"{}\": {}", to_string(type), name, what),
                HandlerRan::kNo);
}

std::string_view meaning_of(std::uint8_t code) noexcept {
  constexpr std::array<std::string_view, 6> kMeanings = {
      "no error",     "it cannot read the question",     "it has failed",
      "no such name", "it does not know such questions", "it refuses to answer"};
  return code < kMeanings.size() ? kMeanings[code] : "unknown";
}

Result<std::string> read_address(const DnsMessage& message, const DnsRecord& record, DnsType type) {
  bool v4 = type == DnsType::kA;
  ByteView data = message.data(record);
  std::size_t size = v4 ? 4 : 16;
  if (data.size() != size) {
    return Status(Code::kDataLoss,
                  fmt::format("at byte {}: expected an address of {} bytes, not {}", record.at,
                              size, data.size()),
                  HandlerRan::kNo);
  }
  std::array<char, INET6_ADDRSTRLEN> text{};
  ::inet_ntop(v4 ? AF_INET : AF_INET6, data.data(), text.data(), text.size());
  return std::string(text.data());
}

Result<SrvRecord> read_srv(const DnsMessage& message, const DnsRecord& record, DnsType) {
  constexpr std::size_t kNumbers = 6;
  Result<std::string> target = message.name_in(record, kNumbers);
  if (!target.ok()) return target.take_status();
  ByteView data = message.data(record);
  SrvRecord srv;
  srv.priority = DnsMessage::number16(data, 0);
  srv.weight = DnsMessage::number16(data, 2);
  srv.port = DnsMessage::number16(data, 4);
  srv.target = std::move(*target);
  return srv;
}

// The answers of a message that are of the Internet.
Result<std::vector<DnsRecord>> read_answers(DnsMessage& message, const DnsHeader& header) {
  for (int i = 0; i < header.questions; ++i) {
    Status status = message.skip_question();
    if (!status.ok()) return status;
  }
  std::vector<DnsRecord> records;
  for (int i = 0; i < header.answers; ++i) {
    Result<DnsRecord> record = message.record();
    if (!record.ok()) return record.take_status();
    if (record->dns_class == kInternet) records.push_back(std::move(*record));
  }
  return records;
}

// The shorter of the two. As RFC 2181 has it, a number with its first bit set stands for 0.
void keep_shorter(std::optional<std::chrono::seconds>& ttl, std::uint32_t seconds) {
  std::chrono::seconds other(seconds > 0x7fffffff ? 0 : seconds);
  if (!ttl || other < *ttl) ttl = other;
}

// The name that `name` stands for, at the end of its aliases.
Result<std::string> follow_aliases(const DnsMessage& message, const std::vector<DnsRecord>& records,
                                   std::string name, std::optional<std::chrono::seconds>& ttl) {
  for (std::size_t step = 0; step <= kMaxAliases; ++step) {
    auto alias = std::find_if(records.begin(), records.end(), [&](const DnsRecord& record) {
      return record.type == kAlias && same_dns_name(record.owner, name);
    });
    if (alias == records.end()) return name;
    Result<std::string> target = message.name_in(*alias, 0);
    if (!target.ok()) return target;
    keep_shorter(ttl, alias->ttl);
    name = std::move(*target);
  }
  return Status(Code::kDataLoss, fmt::format("there are more than {} aliases", kMaxAliases),
                HandlerRan::kNo);
}

template <typename Record>
using Read = Result<Record> (*)(const DnsMessage&, const DnsRecord&, DnsType);

template <typename Record>
Result<DnsAnswer<Record>> read_records(ByteView bytes, std::string_view name, DnsType type,
                                       Read<Record> read) {
  auto wrong = [&](const Status& why) {
    return failure(Code::kDataLoss, name, type, fmt::format("the answer, {}", why.message()));
  };
  DnsMessage message(bytes);
  Result<DnsHeader> header = message.header();
  if (!header.ok()) return wrong(header.status());
  if (!header->answer) {
    return failure(Code::kDataLoss, name, type, "expected an answer, not a question");
  }
  if (header->code == kNoSuchName) {
    return Status(Code::kNotFound, fmt::format("dns: there is no name \"{}\"", name),
                  HandlerRan::kNo);
  }
  if (header->code != 0) {
    return failure(
        Code::kUnavailable, name, type,
        fmt::format("the nameserver says: {} ({})", meaning_of(header->code), header->code));
  }
  Result<std::vector<DnsRecord>> records = read_answers(message, *header);
  if (!records.ok()) return wrong(records.status());
  DnsAnswer<Record> answer;
  Result<std::string> owner = follow_aliases(message, *records, std::string(name), answer.ttl);
  if (!owner.ok()) return wrong(owner.status());
  for (const DnsRecord& record : *records) {
    if (record.type != static_cast<std::uint16_t>(type)) continue;
    if (!same_dns_name(record.owner, *owner)) continue;
    Result<Record> found = read(message, record, type);
    if (!found.ok()) return wrong(found.status());
    keep_shorter(answer.ttl, record.ttl);
    answer.records.push_back(std::move(*found));
  }
  if (answer.records.empty()) answer.ttl.reset();
  return answer;
}

}  // namespace

std::string_view to_string(DnsType type) noexcept {
  return type == DnsType::kA ? "A" : type == DnsType::kAaaa ? "AAAA" : "SRV";
}

Result<DnsAnswer<std::string>> read_addresses(ByteView message, std::string_view name,
                                              DnsType type) {
  return read_records<std::string>(message, name, type, read_address);
}

Result<DnsAnswer<SrvRecord>> read_srv_records(ByteView message, std::string_view name) {
  return read_records<SrvRecord>(message, name, DnsType::kSrv, read_srv);
}

}  // namespace tern::registry
