// What is said to etcd's JSON gateway, and what it says: bodies of requests and responses.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "tern/result.h"

namespace tern {

struct EtcdEntry {
  std::string key;
  std::string value;
  std::int64_t lease = 0;
  std::int64_t revision = 0;  // of its last change
};

struct EtcdRange {
  std::int64_t revision = 0;  // of the store
  std::vector<EtcdEntry> entries;
};

struct EtcdLease {
  std::int64_t id = 0;
  std::chrono::seconds ttl{0};  // 0: it is gone
};

struct EtcdEvent {
  bool deleted = false;
  EtcdEntry entry;
};

// One line of a watch.
struct EtcdWatchMessage {
  std::int64_t revision = 0;
  std::vector<EtcdEvent> events;
  bool canceled = false;  // nothing follows
  std::string reason;     // of that
};

std::string etcd_authenticate_body(std::string_view name, std::string_view password);
std::string etcd_grant_body(std::chrono::seconds ttl);
// For keepalive and revoke.
std::string etcd_lease_body(std::int64_t id);
std::string etcd_put_body(std::string_view key, std::string_view value, std::int64_t lease);
std::string etcd_get_body(std::string_view key);
// All keys that begin with `prefix`, which does not end with the byte 0xff.
std::string etcd_range_body(std::string_view prefix, std::size_t limit);
std::string etcd_watch_body(std::string_view prefix, std::int64_t from_revision);

Result<std::string> read_etcd_token(std::string_view json);
Result<EtcdLease> read_etcd_grant(std::string_view json);
Result<EtcdLease> read_etcd_keepalive(std::string_view json);
Result<EtcdRange> read_etcd_range(std::string_view json);
Result<EtcdWatchMessage> read_etcd_watch_message(std::string_view json);

// A response whose status is not 200.
Status read_etcd_failure(int http_status, std::string_view body);

// Whether a failure's text says that a token is missing or worth nothing.
bool is_etcd_token_failure(std::string_view text) noexcept;

}  // namespace tern
