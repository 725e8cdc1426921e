#include "debug_pages/metrics.h"

#include <fmt/format.h>

#include <utility>
#include <vector>

#include "base/metrics_text.h"
#include "tern/status.h"

namespace tern::debug_pages {

namespace {

// Every so many of the snapshot's bounds is one of the metric's: a bucket for each factor of four.
constexpr std::size_t kStep = 2;

void write_histogram(const MethodSnapshot& method, const std::string& labels,
                     base::MetricsText& text) {
  constexpr std::string_view kName = "tern_server_handling_seconds";
  std::string bucket = fmt::format("{}_bucket", kName);
  std::uint64_t count = 0;
  for (std::size_t i = 0; i < kBounds; ++i) {
    count += method.latencies[i];
    if (i % kStep != 0) continue;
    text.line(bucket, fmt::format("{},le=\"{}\"", labels, base::in_seconds(latency_bound(i))),
              count);
  }
  count += method.latencies[kBounds];
  text.line(bucket, labels + ",le=\"+Inf\"", count);
  text.line(fmt::format("{}_sum", kName), labels, base::in_seconds(method.total));
  text.line(fmt::format("{}_count", kName), labels, count);
}

// A line for each code that there was.
void write_failures(const MethodSnapshot& method, const std::string& labels,
                    base::MetricsText& text) {
  for (std::size_t code = 0; code < base::kCodes; ++code) {
    if (method.failed_by_code[code] == 0) continue;
    text.line("tern_server_calls_failed_total",
              labels + "," + base::metrics_label("code", code_name(static_cast<Code>(code))),
              method.failed_by_code[code]);
  }
}

void write_methods(const ServerSnapshot& snapshot, base::MetricsText& text) {
  std::vector<std::string> labels;
  for (const MethodSnapshot& method : snapshot.methods) {
    labels.push_back(base::metrics_label("service", method.service) + "," +
                     base::metrics_label("method", method.method));
  }
  text.begin("tern_server_calls_total", "counter", "Calls whose handler was to run.");
  for (std::size_t i = 0; i < labels.size(); ++i) {
    text.line("tern_server_calls_total", labels[i], snapshot.methods[i].calls);
  }
  text.begin("tern_server_calls_failed_total", "counter",
             "Calls that ended with an error, a declared one, too, by gRPC's code.");
  for (std::size_t i = 0; i < labels.size(); ++i) {
    write_failures(snapshot.methods[i], labels[i], text);
  }
  text.begin("tern_server_calls_running", "gauge", "Calls that are not answered yet.");
  for (std::size_t i = 0; i < labels.size(); ++i) {
    text.line("tern_server_calls_running", labels[i], snapshot.methods[i].running);
  }
  text.begin("tern_server_messages_received_total", "counter",
             "Messages of streams that have come.");
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (snapshot.methods[i].kind == MethodKind::kUnary) continue;
    text.line("tern_server_messages_received_total", labels[i], snapshot.methods[i].messages_in);
  }
  text.begin("tern_server_messages_sent_total", "counter", "Messages of streams that have left.");
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (snapshot.methods[i].kind == MethodKind::kUnary) continue;
    text.line("tern_server_messages_sent_total", labels[i], snapshot.methods[i].messages_out);
  }
  text.begin("tern_server_handling_seconds", "histogram",
             "Time from the arrival of a request to its reply.");
  for (std::size_t i = 0; i < labels.size(); ++i) {
    write_histogram(snapshot.methods[i], labels[i], text);
  }
}

void write_certificate(const CertificateSnapshot& certificate, base::MetricsText& text) {
  text.only("tern_server_certificate_expires_seconds", "gauge",
            "What is left until the certificate, or one of its chain, expires.",
            certificate.expires_in.count());
  text.only("tern_server_certificate_reloads_total", "counter", "New certificates that were taken.",
            certificate.reloads);
  text.only("tern_server_certificate_reload_failures_total", "counter",
            "New certificates that could not be used, so that the old ones stay.",
            certificate.reload_failures);
  text.only("tern_server_tls_handshakes_total", "counter", "Handshakes that were completed.",
            certificate.handshakes);
  text.only("tern_server_tls_handshakes_failed_total", "counter", "Handshakes that failed.",
            certificate.handshake_failures);
}

void write_keys(const KeyStats& keys, base::MetricsText& text) {
  text.only("tern_server_token_keys", "gauge", "Keys that tokens are verified with.", keys.keys);
  text.only("tern_server_token_keys_age_seconds", "gauge",
            "Time since these keys were read without a failure, or set.",
            base::in_seconds(keys.age));
  text.only("tern_server_token_key_reloads_total", "counter", "New keys that were taken.",
            keys.reloads);
  text.only("tern_server_token_key_reload_failures_total", "counter",
            "New keys that could not be used, so that the old ones stay.", keys.reload_failures);
}

}  // namespace

std::string metrics_page(const ServerSnapshot& snapshot) {
  std::string page;
  base::MetricsText text(page);
  text.begin("tern_server_info", "gauge", "Always 1; the label says which version runs.");
  text.line("tern_server_info", base::metrics_label("version", snapshot.version), 1);
  text.only("tern_server_uptime_seconds", "gauge", "Since the server began to serve.",
            base::in_seconds(snapshot.uptime));
  text.only("tern_server_draining", "gauge", "1 while the server is stopping.",
            snapshot.draining ? 1 : 0);
  text.only("tern_server_connections", "gauge", "Connections that are open.",
            snapshot.connections_open);
  text.only("tern_server_connections_accepted_total", "counter", "Connections so far.",
            snapshot.connections_accepted);
  text.only("tern_server_streams", "gauge", "Streams that are open.", snapshot.streams_open);
  text.only("tern_server_late_frames_total", "counter",
            "Data and credit of streams that had ended.", snapshot.late_frames);
  text.only("tern_server_late_replies_total", "counter",
            "Replies of handlers whose call had ended.", snapshot.late_replies);
  text.only("tern_server_unsent_bytes", "gauge", "Bytes that wait for peers that do not read.",
            snapshot.unsent_bytes);
  if (snapshot.concurrency_limit > 0) {
    text.only("tern_server_concurrency_limit", "gauge",
              "How many calls may run at present, as the server has found out.",
              snapshot.concurrency_limit);
  }
  if (snapshot.certificate) write_certificate(*snapshot.certificate, text);
  if (snapshot.keys) write_keys(*snapshot.keys, text);
  text.begin("tern_server_loop_lag_seconds", "gauge",
             "What an event loop takes to get to something new; it grows while one is blocked.");
  for (std::size_t i = 0; i < snapshot.loop_lags.size(); ++i) {
    text.line("tern_server_loop_lag_seconds", base::metrics_label("loop", std::to_string(i)),
              base::in_seconds(snapshot.loop_lags[i]));
  }
  text.begin("tern_server_refused_total", "counter",
             "Connections and requests that were refused, by reason.");
  for (const auto& [reason, count] : snapshot.refused) {
    text.line("tern_server_refused_total", base::metrics_label("reason", reason), count);
  }
  text.only("tern_server_methods_left_out", "gauge",
            "Methods without lines below because there are too many.", snapshot.methods_left_out);
  write_methods(snapshot, text);
  return page;
}

}  // namespace tern::debug_pages
