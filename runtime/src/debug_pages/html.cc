#include "debug_pages/html.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "base/duration_text.h"
#include "base/peer_text.h"
#include "debug_pages/allow_text.h"
#include "debug_pages/chart.h"
#include "debug_pages/page_files.h"
#include "debug_pages/text.h"
#include "tern/status.h"

namespace tern::debug_pages {

namespace {

std::string escaped(std::string_view text) {
  std::string out;
  append_html(out, text);
  return out;
}

// Builds the page. What the members take is plain text, but for raw().
class Html {
 public:
  void raw(std::string_view html) { out_ += html; }
  void text(std::string_view text) { append_html(out_, text); }

  // One of the numbers at the top.
  void tile(std::string_view name, std::string_view value, std::string_view kind = "") {
    fmt::format_to(std::back_inserter(out_), "<div><dt>{}</dt><dd class=\"{}\">{}</dd></div>\n",
                   escaped(name), kind, escaped(value));
  }
  // The first `words` columns hold words, the others numbers.
  void begin_table(std::string_view kind, std::size_t words,
                   std::initializer_list<std::string_view> columns) {
    fmt::format_to(std::back_inserter(out_), "<table class=\"{}\"><thead><tr>", kind);
    std::size_t at = 0;
    for (std::string_view column : columns) {
      raw(at++ < words ? "<th scope=\"col\" class=\"word\">" : "<th scope=\"col\">");
      text(column);
      raw("</th>");
    }
    raw("</tr></thead><tbody>\n");
  }
  void end_table() { raw("</tbody></table>\n"); }
  // `column` stands beside the value where there is no room for a table.
  void cell(std::string_view column, std::string_view value, std::string_view kind = "") {
    fmt::format_to(std::back_inserter(out_), "<td data-name=\"{}\" class=\"{}\">{}</td>",
                   escaped(column), kind, escaped(value));
  }
  std::string& out() { return out_; }

 private:
  std::string out_;
};

void write_summary(const ServerSnapshot& snapshot, Html& html) {
  html.raw("<dl>\n");
  html.tile("State", snapshot.draining ? "stopping" : "serving",
            snapshot.draining ? "bad" : "good");
  html.tile("Up for", base::long_duration(snapshot.uptime));
  html.tile("Calls", grouped(snapshot.calls));
  html.tile("Failed", grouped(snapshot.failed), snapshot.failed > 0 ? "bad" : "");
  html.tile("Running", grouped(snapshot.calls_running));
  if (snapshot.streams_open > 0) html.tile("Streams", grouped(snapshot.streams_open));
  if (snapshot.concurrency_limit > 0) html.tile("Limit", grouped(snapshot.concurrency_limit));
  std::chrono::nanoseconds lag{0};
  for (std::chrono::nanoseconds one : snapshot.loop_lags) lag = std::max(lag, one);
  html.tile("Loop lag", base::short_duration(lag), lag >= std::chrono::seconds(1) ? "bad" : "");
  if (snapshot.certificate) {
    const CertificateSnapshot& certificate = *snapshot.certificate;
    const bool bad =
        certificate.expires_in < std::chrono::days(7) || !certificate.last_failure.empty();
    const std::string left = certificate.expires_in.count() < 0
                                 ? std::string("expired")
                                 : base::long_duration(certificate.expires_in);
    html.tile("Certificate", left, bad ? "bad" : "");
  }
  if (snapshot.keys) {
    html.tile("Token keys",
              fmt::format("{}, {} old", grouped(snapshot.keys->keys),
                          base::long_duration(snapshot.keys->age)),
              snapshot.keys->last_failure.empty() ? "" : "bad");
  }
  html.tile("Connections", grouped(snapshot.connections_open));
  html.tile("Accepted", grouped(snapshot.connections_accepted));
  html.raw("</dl>\n");
}

// "1,234 / 56": in, then out.
std::string in_and_out(std::string in, std::string_view out) {
  in += " / ";
  in += out;
  return in;
}

// "Divide(arith.Args) → arith.Quotient", "Watch(feed.From) → stream feed.Tick", and what it
// declares below. `rules_hold`: the server has an authenticator.
void write_signature(const MethodSnapshot& method, bool rules_hold, Html& html) {
  html.raw("<td><code><b>");
  html.text(method.method);
  html.raw(client_streams(method.kind) ? "</b>(stream " : "</b>(");
  html.text(method.argument);
  html.raw(server_streams(method.kind) ? ") → stream " : ") → ");
  html.text(method.result);
  html.raw("</code>");
  std::string notes;
  for (std::string_view error : method.errors) {
    notes += notes.empty() ? "throws " : ", ";
    notes += error;
  }
  if (method.idempotent) notes += notes.empty() ? "idempotent" : "; idempotent";
  if (method.kind != MethodKind::kUnary) {
    notes += (notes.empty() ? "messages in / out: " : "; messages in / out: ") +
             in_and_out(grouped(method.messages_in), grouped(method.messages_out));
  }
  if (method.timeout.count() > 0) {
    notes += (notes.empty() ? "timeout " : "; timeout ") + base::short_duration(method.timeout);
  }
  if (rules_hold || method.access.kind != Access::Kind::kUnmarked) {
    notes += (notes.empty() ? "allow: " : "; allow: ") + allow_text(method.access);
  }
  if (!notes.empty()) {
    html.raw("<small>");
    html.text(notes);
    html.raw("</small>");
  }
  html.raw("</td>");
}

// The number, and below it what it is made of.
void write_failed(const MethodSnapshot& method, Html& html) {
  std::string codes;
  for (std::size_t code = 0; code < base::kCodes; ++code) {
    std::uint64_t count = method.failed_by_code[code];
    if (count == 0) continue;
    if (!codes.empty()) codes += ", ";
    codes += fmt::format("{} {}", code_name(static_cast<Code>(code)), grouped(count));
  }
  html.raw(method.failed > 0 ? "<td data-name=\"Failed\" class=\"bad\">"
                             : "<td data-name=\"Failed\" class=\"\">");
  html.text(grouped(method.failed));
  if (!codes.empty()) {
    html.raw("<small>");
    html.text(codes);
    html.raw("</small>");
  }
  html.raw("</td>");
}

void write_method(const MethodSnapshot& method, bool rules_hold, Html& html) {
  html.raw("<tr>");
  write_signature(method, rules_hold, html);
  html.cell("Calls", grouped(method.calls));
  write_failed(method, html);
  html.cell("Running", grouped(method.running));
  bool done = method.max.count() > 0;
  auto time = [done](std::chrono::nanoseconds value) {
    return done ? base::short_duration(value) : "–";
  };
  html.cell("p50", time(method.p50));
  html.cell("p90", time(method.p90));
  html.cell("p99", time(method.p99));
  html.cell("Longest", time(method.max));
  html.raw("<td data-name=\"Handling times\">");
  append_chart(html.out(), method);
  html.raw("</td></tr>\n");
}

void write_services(const ServerSnapshot& snapshot, Html& html) {
  if (snapshot.methods.empty()) html.raw("<p>This server has no services.</p>\n");
  std::string_view service;
  for (std::size_t i = 0; i < snapshot.methods.size(); ++i) {
    const MethodSnapshot& method = snapshot.methods[i];
    if (i == 0 || method.service != service) {
      if (i > 0) html.end_table();
      service = method.service;
      html.raw("<h2>");
      html.text(service);
      html.raw("</h2>\n");
      html.begin_table("methods", 1,
                       {"Method", "Calls", "Failed", "Running", "p50", "p90", "p99", "Longest",
                        "Handling times"});
    }
    write_method(method, snapshot.authenticates, html);
  }
  if (!snapshot.methods.empty()) html.end_table();
  if (snapshot.methods_left_out > 0) {
    html.raw("<p class=\"faint\">and ");
    html.text(grouped(snapshot.methods_left_out));
    html.raw(" methods more</p>\n");
  }
}

void write_streams(const ServerSnapshot& snapshot, Html& html) {
  if (snapshot.streams_open == 0) return;
  html.raw("<h2>Streams</h2>\n");
  html.begin_table(
      "connections", 3,
      {"Method", "Peer", "Kind", "Open for", "Messages in / out", "Bytes in / out", "Waits for"});
  std::size_t listed = 0;
  for (const ConnectionSnapshot& connection : snapshot.connections) {
    for (const StreamSnapshot& stream : connection.streams) {
      ++listed;
      html.raw("<tr>");
      html.cell("Method", std::string(stream.service) + "." + std::string(stream.method));
      html.cell("Peer", connection.peer.empty() ? "Unix socket" : base::peer_text(connection.peer));
      html.cell("Kind", kind_name(stream.kind), "word");
      html.cell("Open for", base::long_duration(stream.open_for));
      html.cell("Messages in / out",
                in_and_out(grouped(stream.messages_in), grouped(stream.messages_out)));
      html.cell("Bytes in / out",
                in_and_out(bytes_text(stream.bytes_in), bytes_text(stream.bytes_out)));
      html.cell("Waits for", stream.waits_for, "word");
      html.raw("</tr>\n");
    }
  }
  html.end_table();
  if (snapshot.streams_open > listed) {
    html.raw("<p class=\"faint\">and ");
    html.text(grouped(snapshot.streams_open - listed));
    html.raw(" streams more</p>\n");
  }
}

void write_connections(const ServerSnapshot& snapshot, Html& html) {
  html.raw("<h2>Connections</h2>\n");
  html.begin_table("connections", 3,
                   {"Peer", "Protocol", "Codec", "Open for", "In", "Out", "Running"});
  for (const ConnectionSnapshot& connection : snapshot.connections) {
    html.raw("<tr>");
    html.cell("Peer", connection.peer.empty() ? "Unix socket" : base::peer_text(connection.peer));
    html.cell("Protocol", connection.protocol.empty() ? "handshake" : connection.protocol, "word");
    html.cell("Codec", connection.codec, "word");
    html.cell("Open for", base::long_duration(connection.open_for));
    html.cell("In", bytes_text(connection.bytes_in));
    html.cell("Out", bytes_text(connection.bytes_out));
    html.cell("Running", grouped(connection.calls_running));
    html.raw("</tr>\n");
  }
  html.end_table();
  if (snapshot.connections_left_out > 0) {
    html.raw("<p class=\"faint\">and ");
    html.text(grouped(snapshot.connections_left_out));
    html.raw(" connections more</p>\n");
  }
}

void write_refusals(const ServerSnapshot& snapshot, Html& html) {
  html.raw("<h2>Turned away</h2>\n");
  bool any = std::any_of(snapshot.refused.begin(), snapshot.refused.end(),
                         [](const auto& one) { return one.second > 0; });
  if (!any) {
    html.raw("<p class=\"faint\">No connection and no request so far.</p>\n");
    return;
  }
  html.begin_table("refusals", 1, {"Reason", "Times"});
  for (const auto& [reason, count] : snapshot.refused) {
    if (count == 0) continue;
    html.raw("<tr>");
    html.cell("Reason", reason);
    html.cell("Times", grouped(count));
    html.raw("</tr>\n");
  }
  html.end_table();
}

}  // namespace

std::string html_page(const ServerSnapshot& snapshot) {
  Html html;
  html.raw(R"(<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<noscript><meta http-equiv="refresh" content="5"></noscript>
<title>Tern server</title>
<style>)");
  html.raw(kStyle);
  html.raw(
      "</style>\n</head>\n<body>\n<header><h1>Tern server</h1> <span class=\"faint\">version ");
  html.text(snapshot.version);
  html.raw(
      "</span> <a href=\"?format=json\">JSON</a> <a href=\"/metrics\">metrics</a>"
      "<span id=\"live\" role=\"status\"></span></header>\n<main>\n");
  write_summary(snapshot, html);
  write_services(snapshot, html);
  write_streams(snapshot, html);
  write_connections(snapshot, html);
  write_refusals(snapshot, html);
  html.raw("</main>\n<script>");
  html.raw(kScript);
  html.raw("</script>\n</body>\n</html>\n");
  return std::move(html.out());
}

const std::string& content_security_policy() {
  static const std::string policy = fmt::format(
      "default-src 'none'; style-src '{}'; script-src '{}'; connect-src 'self'; img-src data:; "
      "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
      kStyleHash, kScriptHash);
  return policy;
}

}  // namespace tern::debug_pages
