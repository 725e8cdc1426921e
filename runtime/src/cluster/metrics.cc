#include "tern/metrics.h"

#include <string_view>

#include "base/metrics_text.h"
#include "base/time_left.h"

namespace tern {

namespace {

template <typename Stats>
struct Metric {
  std::string_view name;
  std::string_view type;
  std::string_view help;
  std::uint64_t Stats::*number;
};

constexpr Metric<ClientStats> kOfClients[] = {
    {"tern_client_calls_total", "counter", "Calls that were started.", &ClientStats::calls_started},
    {"tern_client_calls_pending", "gauge", "Calls that have no answer yet.",
     &ClientStats::calls_pending},
    {"tern_client_connects_total", "counter", "Connections that came to be.",
     &ClientStats::connects},
    {"tern_client_connect_failures_total", "counter", "Attempts to connect that failed.",
     &ClientStats::connect_failures},
    {"tern_client_late_replies_total", "counter", "Replies to calls that had ended.",
     &ClientStats::late_replies},
    {"tern_client_unknown_replies_total", "counter", "Replies to calls that never were.",
     &ClientStats::unknown_replies},
    {"tern_client_unsent_bytes", "gauge", "Bytes that wait for a server that does not read.",
     &ClientStats::unsent_bytes},
};

constexpr Metric<ClusterStats> kOfClusters[] = {
    {"tern_cluster_calls_total", "counter", "Calls that were started.", &ClusterStats::calls},
    {"tern_cluster_attempts_total", "counter", "Attempts of calls that were sent to a server.",
     &ClusterStats::attempts},
    {"tern_cluster_retries_total", "counter", "Attempts that followed a failed one.",
     &ClusterStats::retries},
    {"tern_cluster_hedges_total", "counter", "Attempts beside one that took long.",
     &ClusterStats::hedges},
    {"tern_cluster_over_budget_total", "counter",
     "Failures that were not retried for want of budget.", &ClusterStats::over_budget},
    {"tern_cluster_ejections_total", "counter", "Times that a server was left out for a while.",
     &ClusterStats::ejections},
    {"tern_cluster_calls_pending", "gauge", "Calls that have no answer yet.",
     &ClusterStats::calls_pending},
    {"tern_cluster_calls_waiting", "gauge", "Of those, calls that wait for a server.",
     &ClusterStats::calls_waiting},
};

constexpr Metric<CertificateStats> kOfCredentials[] = {
    {"tern_client_certificate_reloads_total", "counter", "New certificates that were taken.",
     &CertificateStats::reloads},
    {"tern_client_certificate_reload_failures_total", "counter",
     "New certificates that could not be used, so that the old ones stay.",
     &CertificateStats::reload_failures},
    {"tern_client_tls_handshakes_total", "counter", "Handshakes that were completed.",
     &CertificateStats::handshakes},
    {"tern_client_tls_handshakes_failed_total", "counter", "Handshakes that failed.",
     &CertificateStats::handshake_failures},
};

template <typename Metrics, typename Stats>
void append(const Metrics& metrics, std::string_view label,
            const std::vector<NamedStats<Stats>>& all, base::MetricsText& text) {
  if (all.empty()) return;
  for (const auto& metric : metrics) {
    text.begin(metric.name, metric.type, metric.help);
    for (const NamedStats<Stats>& one : all) {
      text.line(metric.name, base::metrics_label(label, one.name), one.stats.*metric.number);
    }
  }
}

// A metric of every server of every cluster.
template <typename ValueOf>
void append_of_servers(std::string_view name, std::string_view type, std::string_view help,
                       const std::vector<NamedStats<ClusterStats>>& clusters,
                       base::MetricsText& text, ValueOf value_of) {
  text.begin(name, type, help);
  for (const NamedStats<ClusterStats>& cluster : clusters) {
    for (const ClusterServerStats& server : cluster.stats.servers) {
      text.line(name,
                base::metrics_label("cluster", cluster.name) + "," +
                    base::metrics_label("server", server.address),
                value_of(server));
    }
  }
}

}  // namespace

void append_client_metrics(std::string& text, const std::vector<NamedStats<ClientStats>>& clients) {
  base::MetricsText lines(text);
  append(kOfClients, "client", clients, lines);
}

void append_certificate_metrics(std::string& text,
                                const std::vector<NamedStats<CertificateStats>>& credentials) {
  if (credentials.empty()) return;
  base::MetricsText lines(text);
  append(kOfCredentials, "credentials", credentials, lines);
  constexpr std::string_view kExpires = "tern_client_certificate_expires_seconds";
  lines.begin(kExpires, "gauge",
              "What is left until the client's certificate, or one of its chain, expires.");
  for (const NamedStats<CertificateStats>& one : credentials) {
    if (one.stats.subject.empty()) continue;  // it shows none
    lines.line(kExpires, base::metrics_label("credentials", one.name),
               base::time_left(one.stats.expires).count());
  }
}

void append_cluster_metrics(std::string& text,
                            const std::vector<NamedStats<ClusterStats>>& clusters) {
  if (clusters.empty()) return;
  using Server = ClusterServerStats;
  base::MetricsText lines(text);
  append(kOfClusters, "cluster", clusters, lines);
  append_of_servers("tern_cluster_server_ready", "gauge", "1 while the server is connected.",
                    clusters, lines,
                    [](const Server& one) { return one.state == "ready" ? 1 : 0; });
  append_of_servers("tern_cluster_server_ejected", "gauge", "1 while the server is left out.",
                    clusters, lines,
                    [](const Server& one) { return one.state == "ejected" ? 1 : 0; });
  append_of_servers("tern_cluster_server_attempts_total", "counter", "Attempts that went to it.",
                    clusters, lines, [](const Server& one) { return one.calls; });
  append_of_servers("tern_cluster_server_failures_total", "counter",
                    "Attempts whose failure counts against it.", clusters, lines,
                    [](const Server& one) { return one.failures; });
  append_of_servers("tern_cluster_server_calls_pending", "gauge",
                    "Attempts that have no answer yet.", clusters, lines,
                    [](const Server& one) { return one.pending; });
  append_of_servers("tern_cluster_server_latency_seconds", "gauge",
                    "What an attempt takes, averaged with the latest counting most.", clusters,
                    lines, [](const Server& one) { return base::in_seconds(one.latency); });
}

}  // namespace tern
