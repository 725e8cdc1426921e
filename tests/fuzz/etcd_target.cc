#include <string_view>

#include "etcd/etcd_messages.h"
#include "fuzz/expect.h"
#include "fuzz/targets.h"
#include "http/head.h"

namespace fuzz {
namespace {

// Whether there is a value; a failure says what came.
template <typename T>
bool is_there(const tern::Result<T>& result) {
  if (result.ok()) return true;
  expect(result.status().message().starts_with("etcd: the answer is \""),
         "a failure says what came");
  expect(result.status().message().size() < 1000, "a failure is short");
  return false;
}

}  // namespace

void etcd(tern::ByteView input) {
  std::string_view json = tern::as_text(input);
  if (auto token = tern::etcd::parse_token(json); is_there(token)) {
    expect(!token->empty() && tern::http::is_field_value(*token), "a token can be a header");
  }
  if (auto lease = tern::etcd::parse_grant(json); is_there(lease)) {
    expect(lease->id != 0 && lease->ttl.count() > 0, "a lease that is granted lasts");
    expect(std::chrono::nanoseconds(lease->ttl).count() > 0,
           "a lease has a time that can be added");
  }
  if (auto lease = tern::etcd::parse_keepalive(json); is_there(lease)) {
    expect(lease->id != 0 && lease->ttl.count() >= 0, "a lease has no time less than none");
  }
  if (auto range = tern::etcd::parse_range(json); is_there(range)) {
    expect(range->revision > 0, "a store has a revision");
    expect(range->entries.size() <= input.size() / 2, "each entry has its bytes");
  }
  if (auto message = tern::etcd::parse_watch_message(json); is_there(message)) {
    expect(message->events.size() <= input.size() / 2, "each event has its bytes");
    expect(message->reason.empty() || message->canceled || message->revision >= 0,
           "a reason is one of an end");
  }
  for (int status : {400, 503}) {
    tern::Status failure = tern::etcd::parse_failure(status, json);
    expect(!failure.ok() && failure.message().starts_with("status "), "a refusal is a failure");
    expect(failure.message().size() < 1000, "a failure is short");
    static_cast<void>(tern::etcd::is_token_failure(failure.message()));
  }
}

}  // namespace fuzz
