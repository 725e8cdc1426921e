// The numbers of clients and clusters, as Prometheus reads them.
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <utility>

#include "debug_pages/metrics_reader.h"
#include "tern/metrics.h"

namespace tern::test {
namespace {

using Values = std::vector<double>;

TEST(ClientMetrics, StandUnderEachClientsName) {
  ClientStats users;
  users.calls_started = 5;
  users.connect_failures = 2;
  ClientStats prices;
  prices.calls_started = 7;
  std::string text = "before 1\n";
  append_client_metrics(text, {{"users", users}, {"pri\"ces", prices}});
  MetricsReader page(text.substr(text.find('#')));
  EXPECT_EQ(page.values("tern_client_calls_total"), (Values{5, 7}));
  EXPECT_EQ(page.values("tern_client_connect_failures_total"), (Values{2, 0}));
  EXPECT_EQ(page.samples().at(1).labels.at("client"), "pri\"ces");
}

TEST(ClientMetrics, SayWhatIsLeftOfTheCertificatesThatAreShown) {
  CertificateStats shown;
  shown.subject = "CN=users";
  shown.expires = std::chrono::system_clock::now() + std::chrono::days(10);
  shown.reload_failures = 2;
  CertificateStats none;
  none.expires = std::chrono::system_clock::time_point::max();
  std::string text;
  append_certificate_metrics(text, {{"users", shown}, {"prices", none}});
  MetricsReader page(text);
  const Values left = page.values("tern_client_certificate_expires_seconds");
  ASSERT_EQ(left.size(), 1u);
  EXPECT_NEAR(left.front(), 10 * 24 * 3600, 60);
  EXPECT_EQ(page.values("tern_client_certificate_reload_failures_total"), (Values{2, 0}));
}

TEST(ClientMetrics, OfClustersNameTheirServers) {
  ClusterStats stats;
  stats.calls = 9;
  stats.retries = 2;
  for (const char* state : {"ready", "ejected"}) {
    ClusterServerStats& server = stats.servers.emplace_back();
    server.address = std::string("tcp@") + state + ":7000";
    server.state = state;
    server.failures = 3;
    server.latency = std::chrono::milliseconds(20);
  }
  std::string text;
  append_cluster_metrics(text, {{"arith", stats}});
  MetricsReader page(text);
  EXPECT_EQ(page.values("tern_cluster_calls_total"), Values{9});
  EXPECT_EQ(page.values("tern_cluster_retries_total"), Values{2});
  EXPECT_EQ(page.values("tern_cluster_server_ready"), (Values{1, 0}));
  EXPECT_EQ(page.values("tern_cluster_server_ejected"), (Values{0, 1}));
  EXPECT_EQ(page.values("tern_cluster_server_failures_total"), (Values{3, 3}));
  EXPECT_EQ(page.values("tern_cluster_server_latency_seconds"), (Values{0.02, 0.02}));
  std::set<std::pair<std::string, std::map<std::string, std::string>>> series;
  for (const Sample& sample : page.samples()) {
    EXPECT_TRUE(series.emplace(sample.name, sample.labels).second) << sample.name;
  }
}

TEST(ClientMetrics, AreNoneOfNobody) {
  std::string text;
  append_client_metrics(text, {});
  append_cluster_metrics(text, {});
  EXPECT_EQ(text, "");
}

}  // namespace
}  // namespace tern::test
