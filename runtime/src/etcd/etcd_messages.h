// What is said to etcd's JSON gateway, and what it says: bodies of requests and responses.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "tern/result.h"

namespace tern::etcd {

struct Entry {
  std::string key;
  std::string value;
  std::int64_t lease = 0;
  std::int64_t revision = 0;  // of its last change
};

struct Range {
  std::int64_t revision = 0;  // of the store
  std::vector<Entry> entries;
};

struct Lease {
  std::int64_t id = 0;
  std::chrono::seconds ttl{0};  // 0: it is gone
};

struct Event {
  bool deleted = false;
  Entry entry;
};

// One line of a watch.
struct WatchMessage {
  std::int64_t revision = 0;
  std::vector<Event> events;
  bool canceled = false;  // nothing follows
  std::string reason;     // of that
};

std::string authenticate_body(std::string_view name, std::string_view password);
std::string grant_body(std::chrono::seconds ttl);
// For keepalive and revoke.
std::string lease_body(std::int64_t id);
std::string put_body(std::string_view key, std::string_view value, std::int64_t lease);
std::string get_body(std::string_view key);
// All keys that begin with `prefix`, which does not end with the byte 0xff.
std::string range_body(std::string_view prefix, std::size_t limit);
std::string watch_body(std::string_view prefix, std::int64_t from_revision);

Result<std::string> parse_token(std::string_view json);
Result<Lease> parse_grant(std::string_view json);
Result<Lease> parse_keepalive(std::string_view json);
Result<Range> parse_range(std::string_view json);
Result<WatchMessage> parse_watch_message(std::string_view json);

// A response whose status is not 200.
Status parse_failure(int http_status, std::string_view body);

// Whether a failure's text says that a token is missing or worth nothing.
bool is_token_failure(std::string_view text) noexcept;

}  // namespace tern::etcd
