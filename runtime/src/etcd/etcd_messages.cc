#include "etcd/etcd_messages.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <charconv>
#include <limits>
#include <system_error>

#include "base/peer_text.h"
#include "codec/base64.h"
#include "http/head.h"
#include "wire/json_members.h"

namespace tern::etcd {

namespace {

using simdjson::dom::element;
using simdjson::dom::object;

std::string base64(std::string_view text) {
  std::string out(codec::base64_size(text.size()), '\0');
  codec::write_base64(as_bytes(text), out.data());
  return out;
}

std::string quoted(std::string_view text) {
  Buffer out;
  wire::put_json_string(text, out);
  return std::string(as_text(out.view()));
}

// The first key behind all that begin with `prefix`.
std::string end_of(std::string_view prefix) {
  std::string end(prefix);
  end.back() = static_cast<char>(end.back() + 1);
  return end;
}

Status unexpected(std::string_view json, std::string_view expected) {
  return Status(
      Code::kUnavailable,
      fmt::format("etcd: the answer is \"{}\"; expected {}", base::peer_text(json), expected),
      HandlerRan::kUnknown);
}

// --- Members; what is missing is 0, "" or false, as etcd leaves those out ---

// A number, or a number as a string, as 64-bit ones come.
bool read_int(object from, std::string_view key, std::int64_t& out) {
  element value;
  if (from[key].get(value) != simdjson::SUCCESS) return true;
  if (value.get(out) == simdjson::SUCCESS) return true;
  std::string_view text;
  if (value.get(text) != simdjson::SUCCESS) return false;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc() && end == text.data() + text.size();
}

bool read_bool(object from, std::string_view key, bool& out) {
  element value;
  return from[key].get(value) != simdjson::SUCCESS || value.get(out) == simdjson::SUCCESS;
}

bool read_text(object from, std::string_view key, std::string& out) {
  element value;
  if (from[key].get(value) != simdjson::SUCCESS) return true;
  std::string_view text;
  if (value.get(text) != simdjson::SUCCESS) return false;
  out = text;
  return true;
}

bool read_bytes(object from, std::string_view key, std::string& out) {
  std::string text;
  std::vector<std::byte> bytes;
  if (!read_text(from, key, text) || !codec::read_base64(text, bytes)) return false;
  out = as_text(bytes);
  return true;
}

bool read_revision(object from, std::int64_t& out) {
  object header;
  if (from["header"].get(header) != simdjson::SUCCESS) return false;
  return read_int(header, "revision", out);
}

bool read_lease(object from, Lease& out) {
  std::int64_t ttl = 0;
  if (!read_int(from, "ID", out.id) || !read_int(from, "TTL", ttl)) return false;
  constexpr std::int64_t kLongest = 9'000'000'000;  // seconds: etcd's own limit; fits nanoseconds
  if (ttl > kLongest) return false;
  out.ttl = std::chrono::seconds(ttl < 0 ? 0 : ttl);
  return true;
}

bool read_entry(object from, Entry& out) {
  return read_bytes(from, "key", out.key) && read_bytes(from, "value", out.value) &&
         read_int(from, "lease", out.lease) && read_int(from, "mod_revision", out.revision);
}

// A member that is a list of objects, or is not there.
template <typename Each>
bool read_list(object from, std::string_view key, Each each) {
  element value;
  if (from[key].get(value) != simdjson::SUCCESS) return true;
  simdjson::dom::array list;
  if (value.get(list) != simdjson::SUCCESS) return false;
  for (element one : list) {
    object item;
    if (one.get(item) != simdjson::SUCCESS || !each(item)) return false;
  }
  return true;
}

bool read_event(object from, Event& out) {
  std::string type;
  object entry;
  if (!read_text(from, "type", type) || from["kv"].get(entry) != simdjson::SUCCESS) return false;
  out.deleted = type == "DELETE";
  if (!out.deleted && !type.empty() && type != "PUT") return false;
  return read_entry(entry, out.entry);
}

bool read_range(object from, Range& out) {
  return read_revision(from, out.revision) && out.revision > 0 &&
         read_list(from, "kvs",
                   [&out](object item) { return read_entry(item, out.entries.emplace_back()); });
}

bool read_watch(object from, WatchMessage& out) {
  std::int64_t compacted = 0;
  bool good = read_revision(from, out.revision) && read_bool(from, "canceled", out.canceled) &&
              read_text(from, "cancel_reason", out.reason) &&
              read_int(from, "compact_revision", compacted) &&
              read_list(from, "events", [&out](object item) {
                return read_event(item, out.events.emplace_back());
              });
  if (compacted != 0) {
    out.canceled = true;
    out.reason = fmt::format("the store is compacted up to revision {}", compacted);
  }
  return good;
}

// Streams wrap what they say.
bool unwrap(object from, object& out) {
  return from["result"].get(out) == simdjson::SUCCESS;
}

Status failure_of(std::int64_t code, int http_status, std::string_view message) {
  Code known = code > 0 && code <= 16 ? static_cast<Code>(code) : Code::kUnavailable;
  return Status(known, fmt::format("status {}: {}", http_status, base::peer_text(message)),
                HandlerRan::kYes);
}

// Parses, and calls `read` with the object that the text is.
template <typename T, typename Read>
Result<T> read_answer(std::string_view json, std::string_view expected, Read read) {
  simdjson::dom::parser parser;
  object all;
  T out;
  if (parser.parse(json.data(), json.size()).get(all) != simdjson::SUCCESS || !read(all, out)) {
    return unexpected(json, expected);
  }
  return out;
}

}  // namespace

std::string authenticate_body(std::string_view name, std::string_view password) {
  return fmt::format(R"({{"name":{},"password":{}}})", quoted(name), quoted(password));
}

std::string grant_body(std::chrono::seconds ttl) {
  return fmt::format(R"({{"TTL":"{}"}})", ttl.count());
}

std::string lease_body(std::int64_t id) {
  return fmt::format(R"({{"ID":"{}"}})", id);
}

std::string put_body(std::string_view key, std::string_view value, std::int64_t lease) {
  return fmt::format(R"({{"key":"{}","value":"{}","lease":"{}"}})", base64(key), base64(value),
                     lease);
}

std::string get_body(std::string_view key) {
  return fmt::format(R"({{"key":"{}"}})", base64(key));
}

std::string range_body(std::string_view prefix, std::size_t limit) {
  return fmt::format(R"({{"key":"{}","range_end":"{}","limit":"{}"}})", base64(prefix),
                     base64(end_of(prefix)), limit);
}

std::string watch_body(std::string_view prefix, std::int64_t from_revision) {
  return fmt::format(
      R"({{"create_request":{{"key":"{}","range_end":"{}","start_revision":"{}"}}}})",
      base64(prefix), base64(end_of(prefix)), from_revision);
}

Result<std::string> parse_token(std::string_view json) {
  return read_answer<std::string>(
      json, "a token that can be a header", [](object all, std::string& out) {
        return read_text(all, "token", out) && !out.empty() && http::is_field_value(out);
      });
}

Result<Lease> parse_grant(std::string_view json) {
  return read_answer<Lease>(json, "a lease with its ID and TTL", [](object all, Lease& out) {
    return read_lease(all, out) && out.id != 0 && out.ttl.count() > 0;
  });
}

Result<Lease> parse_keepalive(std::string_view json) {
  return read_answer<Lease>(json, "a lease, in \"result\"", [](object all, Lease& out) {
    object result;
    return unwrap(all, result) && read_lease(result, out) && out.id != 0;
  });
}

Result<Range> parse_range(std::string_view json) {
  return read_answer<Range>(json, "keys and a revision", read_range);
}

Result<WatchMessage> parse_watch_message(std::string_view json) {
  return read_answer<WatchMessage>(json, "events, in \"result\"",
                                   [](object all, WatchMessage& out) {
                                     object result;
                                     if (unwrap(all, result)) return read_watch(result, out);
                                     object error;
                                     out.canceled = true;
                                     return all["error"].get(error) == simdjson::SUCCESS &&
                                            read_text(error, "message", out.reason);
                                   });
}

Status parse_failure(int http_status, std::string_view body) {
  simdjson::dom::parser parser;
  object all;
  std::string message;
  std::int64_t code = 0;
  if (parser.parse(body.data(), body.size()).get(all) == simdjson::SUCCESS &&
      read_text(all, "error", message) && read_int(all, "code", code)) {
    return failure_of(code, http_status, message);
  }
  return failure_of(0, http_status, body);
}

bool is_token_failure(std::string_view text) noexcept {
  for (std::string_view one :
       {"invalid auth token", "user name is empty", "revision of auth store is old"}) {
    if (text.find(one) != std::string_view::npos) return true;
  }
  return false;
}

}  // namespace tern::etcd
