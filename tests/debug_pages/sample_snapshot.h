// A snapshot with something in every place.
#pragma once

#include <string_view>

#include "debug_pages/server_snapshot.h"
#include "tern/status.h"

namespace tern::test {

inline debug_pages::MethodSnapshot sample_method(std::string_view service, std::string_view name) {
  debug_pages::MethodSnapshot method;
  method.service = service;
  method.method = name;
  method.argument = "arith.Args";
  method.result = "arith.Quotient";
  method.errors = {"arith.DivideByZero"};
  method.timeout = std::chrono::milliseconds(500);
  method.idempotent = true;
  method.calls = 1234;
  method.failed = 5;
  method.failed_by_code[static_cast<std::size_t>(Code::kNotFound)] = 4;
  method.failed_by_code[static_cast<std::size_t>(Code::kInternal)] = 1;
  method.running = 2;
  method.total = std::chrono::milliseconds(2500);
  method.p50 = std::chrono::microseconds(900);
  method.p90 = std::chrono::microseconds(1800);
  method.p99 = std::chrono::milliseconds(4);
  method.max = std::chrono::seconds(100);
  method.latencies[0] = 1;
  method.latencies[10] = 1200;
  method.latencies[11] = 30;
  method.latencies[debug_pages::kBounds] = 1;
  return method;
}

inline debug_pages::ServerSnapshot sample_snapshot() {
  debug_pages::ServerSnapshot snapshot;
  snapshot.version = "0.1.0";
  snapshot.uptime = std::chrono::seconds(3725);
  snapshot.calls = 1234;
  snapshot.failed = 5;
  snapshot.calls_running = 2;
  snapshot.late_replies = 3;
  snapshot.unsent_bytes = 4;
  snapshot.loop_lags = {std::chrono::milliseconds(250), std::chrono::nanoseconds(0)};
  snapshot.connections_open = 1;
  snapshot.connections_accepted = 7;
  snapshot.refused = {{"idle", 0}, {"unknown method", 6}};
  snapshot.methods.push_back(sample_method("arith.Arith", "Divide"));
  debug_pages::ConnectionSnapshot& connection = snapshot.connections.emplace_back();
  connection.peer = "127.0.0.1:53612";
  connection.protocol = "tern";
  connection.codec = "application/x-tern";
  connection.open_for = std::chrono::seconds(61);
  connection.bytes_in = 1536;
  connection.bytes_out = 100;
  connection.calls_running = 2;
  return snapshot;
}

// With a method that streams, and a connection with more streams than are listed.
inline debug_pages::ServerSnapshot streaming_snapshot() {
  debug_pages::ServerSnapshot snapshot = sample_snapshot();
  snapshot.streams_open = 3;
  snapshot.late_frames = 8;
  debug_pages::MethodSnapshot& method = snapshot.methods.emplace_back();
  method.service = "feed.Feed";
  method.method = "Watch";
  method.kind = MethodKind::kServerStream;
  method.messages_in = 11;
  method.messages_out = 1200;
  debug_pages::ConnectionSnapshot& connection = snapshot.connections.front();
  connection.streams_open = 3;
  debug_pages::StreamSnapshot& stream = connection.streams.emplace_back();
  stream.service = "feed.Feed";
  stream.method = "Watch";
  stream.kind = MethodKind::kServerStream;
  stream.open_for = std::chrono::seconds(61);
  stream.messages_out = 1200;
  stream.bytes_out = 2048;
  stream.waits_for = "credit of the client";
  return snapshot;
}

// Names as nobody should give them.
inline debug_pages::ServerSnapshot wicked_snapshot() {
  constexpr std::string_view kWicked = "<script>alert(\"1\")</script>&'\\\n";
  debug_pages::ServerSnapshot snapshot = sample_snapshot();
  snapshot.version = kWicked;
  debug_pages::MethodSnapshot& method = snapshot.methods.front();
  method.service = method.method = method.argument = method.result = kWicked;
  method.errors = {kWicked};
  snapshot.refused = {{kWicked, 1}};
  debug_pages::ConnectionSnapshot& connection = snapshot.connections.front();
  connection.peer = "\xff<script>\n";
  connection.protocol = connection.codec = kWicked;
  return snapshot;
}

}  // namespace tern::test
