// Takes a DNS message apart, from its first byte to its last.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "tern/buffer.h"
#include "tern/result.h"

namespace tern::registry {

struct DnsHeader {
  bool answer = false;  // not a question
  std::uint8_t code = 0;
  std::uint16_t questions = 0;
  std::uint16_t answers = 0;
};

struct DnsRecord {
  std::string owner;
  std::uint16_t type = 0;
  std::uint16_t dns_class = 0;
  std::uint32_t ttl = 0;
  std::size_t at = 0;  // of its data, in the message
  std::size_t size = 0;
};

// Failures are kDataLoss, and say at which byte they are and what was expected there.
class DnsMessage {
 public:
  // `bytes` outlives it.
  explicit DnsMessage(ByteView bytes) noexcept : bytes_(bytes) {}

  // In this order: the header, its questions, its answers.
  Result<DnsHeader> header();
  Status skip_question();
  Result<DnsRecord> record();

  ByteView data(const DnsRecord& record) const { return bytes_.subspan(record.at, record.size); }
  // The name that stands `offset` bytes into the data of the record, up to its end.
  Result<std::string> name_in(const DnsRecord& record, std::size_t offset) const;

  static std::uint16_t number16(ByteView bytes, std::size_t at) noexcept;

 private:
  Status take_name(std::string& name);
  Status need(std::size_t size, std::string_view what) const;

  const ByteView bytes_;
  std::size_t at_ = 0;
};

// Whether it is the same name, however its letters are written, with or without the final dot.
bool same_dns_name(std::string_view one, std::string_view other) noexcept;

}  // namespace tern::registry
