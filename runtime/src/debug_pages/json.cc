#include "debug_pages/json.h"

#include "base/peer_text.h"
#include "codec/json_writer.h"
#include "codec/utf8.h"
#include "debug_pages/allow_text.h"
#include "debug_pages/text.h"
#include "tern/buffer.h"
#include "tern/status.h"

namespace tern::debug_pages {

namespace {

// One object or list after another; every string in it is UTF-8 or made so.
class Json {
 public:
  void text(std::string_view key, std::string_view value) {
    writer_.key_string(key);
    item(value);
  }
  void number(std::string_view key, std::uint64_t value) {
    writer_.key_string(key);
    writer_.unsigned_integer(value);
  }
  void seconds(std::string_view key, std::chrono::nanoseconds value) {
    writer_.key_string(key);
    writer_.float64(std::chrono::duration<double>(value).count());
  }
  void boolean(std::string_view key, bool value) {
    writer_.key_string(key);
    writer_.boolean(value);
  }
  void item(std::string_view value) {
    writer_.string(codec::is_utf8(value) ? value : base::peer_text(value));
  }
  void item_seconds(std::chrono::nanoseconds value) {
    writer_.float64(std::chrono::duration<double>(value).count());
  }
  void begin_list(std::string_view key) {
    writer_.key_string(key);
    writer_.begin_list(0);
  }
  void end_list() { writer_.end_list(); }
  void begin_object() { writer_.begin_map(0); }
  void begin_object(std::string_view key) {
    writer_.key_string(key);
    writer_.begin_map(0);
  }
  void end_object() { writer_.end_map(); }

  std::string take() { return std::string(as_text(buffer_.view())); }

 private:
  Buffer buffer_;
  codec::JsonWriter writer_{buffer_};
};

void write_latency(const MethodSnapshot& method, Json& json) {
  json.begin_object("latency");
  json.seconds("total", method.total);
  json.seconds("p50", method.p50);
  json.seconds("p90", method.p90);
  json.seconds("p99", method.p99);
  json.seconds("max", method.max);
  json.begin_list("histogram");
  for (std::size_t i = 0; i <= kBounds; ++i) {
    if (method.latencies[i] == 0) continue;
    json.begin_object();
    if (i < kBounds) json.seconds("below", latency_bound(i));
    json.number("count", method.latencies[i]);
    json.end_object();
  }
  json.end_list();
  json.end_object();
}

void write_method(const MethodSnapshot& method, bool rules_hold, Json& json) {
  json.begin_object();
  json.text("service", method.service);
  json.text("method", method.method);
  json.text("argument", method.argument);
  json.text("result", method.result);
  json.text("kind", kind_name(method.kind));
  json.begin_list("errors");
  for (std::string_view error : method.errors) json.item(error);
  json.end_list();
  json.boolean("idempotent", method.idempotent);
  if (rules_hold || method.access.kind != Access::Kind::kUnmarked) {
    json.text("allow", allow_text(method.access));
  }
  if (method.timeout.count() > 0) json.seconds("timeout", method.timeout);
  json.number("calls", method.calls);
  json.number("failed", method.failed);
  json.begin_object("failed_by_code");
  for (std::size_t code = 0; code < base::kCodes; ++code) {
    std::uint64_t count = method.failed_by_code[code];
    if (count > 0) json.number(code_name(static_cast<Code>(code)), count);
  }
  json.end_object();
  json.number("running", method.running);
  if (method.kind != MethodKind::kUnary) {
    json.number("messages_in", method.messages_in);
    json.number("messages_out", method.messages_out);
  }
  write_latency(method, json);
  json.end_object();
}

void write_stream(const StreamSnapshot& stream, Json& json) {
  json.begin_object();
  json.text("service", stream.service);
  json.text("method", stream.method);
  json.text("kind", kind_name(stream.kind));
  json.seconds("open_for", stream.open_for);
  json.number("messages_in", stream.messages_in);
  json.number("messages_out", stream.messages_out);
  json.number("bytes_in", stream.bytes_in);
  json.number("bytes_out", stream.bytes_out);
  json.text("waits_for", stream.waits_for);
  json.end_object();
}

void write_connection(const ConnectionSnapshot& connection, Json& json) {
  json.begin_object();
  json.text("peer", base::peer_text(connection.peer));
  json.text("protocol", connection.protocol);
  json.text("codec", connection.codec);
  json.seconds("open_for", connection.open_for);
  json.number("bytes_in", connection.bytes_in);
  json.number("bytes_out", connection.bytes_out);
  json.number("calls_running", connection.calls_running);
  json.begin_list("streams");
  for (const StreamSnapshot& stream : connection.streams) write_stream(stream, json);
  json.end_list();
  json.number("streams_left_out", connection.streams_open - connection.streams.size());
  json.end_object();
}

}  // namespace

std::string json_page(const ServerSnapshot& snapshot) {
  Json json;
  json.begin_object();
  json.text("version", snapshot.version);
  json.seconds("uptime", snapshot.uptime);
  json.boolean("draining", snapshot.draining);
  if (snapshot.authenticates) json.boolean("authenticates", true);
  json.number("calls", snapshot.calls);
  json.number("failed", snapshot.failed);
  json.number("calls_running", snapshot.calls_running);
  json.number("streams_open", snapshot.streams_open);
  json.number("late_frames", snapshot.late_frames);
  json.number("late_replies", snapshot.late_replies);
  json.number("unsent_bytes", snapshot.unsent_bytes);
  if (snapshot.concurrency_limit > 0) json.number("concurrency_limit", snapshot.concurrency_limit);
  if (snapshot.certificate) {
    const CertificateSnapshot& certificate = *snapshot.certificate;
    json.begin_object("certificate");
    json.text("subject", certificate.subject);
    json.seconds("expires_in", certificate.expires_in);
    json.number("reloads", certificate.reloads);
    json.number("reload_failures", certificate.reload_failures);
    json.text("last_failure", certificate.last_failure);
    json.number("handshakes", certificate.handshakes);
    json.number("handshake_failures", certificate.handshake_failures);
    json.end_object();
  }
  if (snapshot.keys) {
    const KeyStats& keys = *snapshot.keys;
    json.begin_object("token_keys");
    json.number("keys", keys.keys);
    json.seconds("age", keys.age);
    json.number("reloads", keys.reloads);
    json.number("reload_failures", keys.reload_failures);
    json.text("last_failure", keys.last_failure);
    json.end_object();
  }
  json.number("connections_open", snapshot.connections_open);
  json.number("connections_accepted", snapshot.connections_accepted);
  json.begin_list("loop_lags");
  for (std::chrono::nanoseconds lag : snapshot.loop_lags) json.item_seconds(lag);
  json.end_list();
  json.begin_object("refused");
  for (const auto& [reason, count] : snapshot.refused) {
    if (count > 0) json.number(reason, count);
  }
  json.end_object();
  json.begin_list("methods");
  for (const MethodSnapshot& method : snapshot.methods)
    write_method(method, snapshot.authenticates, json);
  json.end_list();
  json.number("methods_left_out", snapshot.methods_left_out);
  json.begin_list("connections");
  for (const ConnectionSnapshot& connection : snapshot.connections) {
    write_connection(connection, json);
  }
  json.end_list();
  json.number("connections_left_out", snapshot.connections_left_out);
  json.end_object();
  return json.take() + "\n";
}

}  // namespace tern::debug_pages
