// Reads what a nameserver answers. No sockets: bytes in, records out.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tern/buffer.h"
#include "tern/result.h"

namespace tern::registry {

// The numbers that DNS has for them.
enum class DnsType : std::uint16_t { kA = 1, kAaaa = 28, kSrv = 33 };
// "AAAA".
std::string_view to_string(DnsType type) noexcept;

struct SrvRecord {
  std::uint16_t priority = 0;
  std::uint16_t weight = 0;
  std::uint16_t port = 0;
  std::string target;  // "." for a service that is not offered
};

template <typename Record>
struct DnsAnswer {
  std::vector<Record> records;
  std::optional<std::chrono::seconds> ttl;  // the shortest; none without records
};

// A whole message, of at most 65,535 bytes. The records are those of `name`, or of what its aliases
// in the message lead to; records of other names are ignored. There are none if the name exists
// without records of the kind. kNotFound: there is no such name; kUnavailable: the nameserver could
// not tell; kDataLoss: the message is malformed, and where.
//
// Addresses come in numbers.
Result<DnsAnswer<std::string>> read_addresses(ByteView message, std::string_view name,
                                              DnsType type);
Result<DnsAnswer<SrvRecord>> read_srv_records(ByteView message, std::string_view name);

}  // namespace tern::registry
