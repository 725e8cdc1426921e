// The numbers of clients and clusters for Prometheus.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "tern/client.h"
#include "tern/cluster.h"
#include "tern/credentials.h"

namespace tern {

// The numbers under the name that their metrics have as a label.
template <typename Stats>
struct NamedStats {
  NamedStats(std::string its_name, Stats its_stats)
      : name(std::move(its_name)), stats(std::move(its_stats)) {}

  std::string name;
  Stats stats;
};

// Append metrics in Prometheus' text format, version 0.0.4, whose names docs/debug_page.md lists.
// All clients of a text together, and all clusters, since a metric stands in it once. To have them
// at a server's /metrics:
//   tern::ServerOptions options;
//   options.more_metrics = [&users](std::string& text) {
//     tern::append_client_metrics(text, {{"users", users.stats()}});
//   };
// Threads: any.
void append_client_metrics(std::string& text, const std::vector<NamedStats<ClientStats>>& clients);
// Of the credentials of clients: {"users", credentials->stats()}.
void append_certificate_metrics(std::string& text,
                                const std::vector<NamedStats<CertificateStats>>& credentials);
void append_cluster_metrics(std::string& text,
                            const std::vector<NamedStats<ClusterStats>>& clusters);

}  // namespace tern
