#include "debug_pages/metrics.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "debug_pages/metrics_reader.h"
#include "debug_pages/process.h"
#include "debug_pages/sample_snapshot.h"

namespace tern::debug_pages {
namespace {

using test::MetricsReader;
using test::Sample;
using test::sample_method;
using test::sample_snapshot;
using test::wicked_snapshot;

TEST(MetricsPage, HasTheNumbersOfTheServer) {
  MetricsReader page(debug_pages::metrics_page(sample_snapshot()));
  EXPECT_EQ(page.values("tern_server_uptime_seconds"), std::vector<double>{3725});
  EXPECT_EQ(page.values("tern_server_connections"), std::vector<double>{1});
  EXPECT_EQ(page.values("tern_server_connections_accepted_total"), std::vector<double>{7});
  EXPECT_EQ(page.values("tern_server_refused_total"), (std::vector<double>{0, 6}));
  EXPECT_EQ(page.values("tern_server_calls_total"), std::vector<double>{1234});
  EXPECT_EQ(page.values("tern_server_loop_lag_seconds"), (std::vector<double>{0.25, 0}));
  EXPECT_EQ(page.values("tern_server_calls_running"), std::vector<double>{2});
}

TEST(MetricsPage, HasTheLimitThatTheServerFindsIfThereIsOne) {
  debug_pages::ServerSnapshot snapshot = sample_snapshot();
  EXPECT_TRUE(MetricsReader(debug_pages::metrics_page(snapshot))
                  .values("tern_server_concurrency_limit")
                  .empty());
  snapshot.concurrency_limit = 48;
  EXPECT_EQ(
      MetricsReader(debug_pages::metrics_page(snapshot)).values("tern_server_concurrency_limit"),
      std::vector<double>{48});
}

TEST(MetricsPage, SaysWhatIsLeftOfTheCertificateIfThereIsOne) {
  debug_pages::ServerSnapshot snapshot = sample_snapshot();
  EXPECT_TRUE(MetricsReader(debug_pages::metrics_page(snapshot))
                  .values("tern_server_certificate_expires_seconds")
                  .empty());
  snapshot.certificate.emplace();
  snapshot.certificate->expires_in = std::chrono::days(42);
  snapshot.certificate->reload_failures = 3;
  snapshot.certificate->handshakes = 7;
  MetricsReader page(debug_pages::metrics_page(snapshot));
  EXPECT_EQ(page.values("tern_server_certificate_expires_seconds"),
            std::vector<double>{42 * 24 * 3600});
  EXPECT_EQ(page.values("tern_server_certificate_reload_failures_total"), std::vector<double>{3});
  EXPECT_EQ(page.values("tern_server_tls_handshakes_total"), std::vector<double>{7});
}

TEST(MetricsPage, SaysHowOldTheKeysOfTokensAreIfThereAreSome) {
  debug_pages::ServerSnapshot snapshot = sample_snapshot();
  EXPECT_TRUE(
      MetricsReader(debug_pages::metrics_page(snapshot)).values("tern_server_token_keys").empty());
  snapshot.keys.emplace();
  snapshot.keys->keys = 2;
  snapshot.keys->age = std::chrono::minutes(5);
  snapshot.keys->reloads = 4;
  snapshot.keys->reload_failures = 3;
  MetricsReader page(debug_pages::metrics_page(snapshot));
  EXPECT_EQ(page.values("tern_server_token_keys"), std::vector<double>{2});
  EXPECT_EQ(page.values("tern_server_token_keys_age_seconds"), std::vector<double>{300});
  EXPECT_EQ(page.values("tern_server_token_key_reloads_total"), std::vector<double>{4});
  EXPECT_EQ(page.values("tern_server_token_key_reload_failures_total"), std::vector<double>{3});
}

TEST(MetricsPage, CountsStreamsAndTheirMessages) {
  MetricsReader page(debug_pages::metrics_page(test::streaming_snapshot()));
  EXPECT_EQ(page.values("tern_server_streams"), std::vector<double>{3});
  EXPECT_EQ(page.values("tern_server_late_frames_total"), std::vector<double>{8});
  EXPECT_EQ(page.values("tern_server_messages_received_total"), std::vector<double>{11});
  EXPECT_EQ(page.values("tern_server_messages_sent_total"), std::vector<double>{1200});
}

TEST(MetricsPage, CountsFailuresByTheirCode) {
  MetricsReader page(debug_pages::metrics_page(sample_snapshot()));
  std::map<std::string, double> counts;
  for (const Sample& sample : page.samples()) {
    if (sample.name != "tern_server_calls_failed_total") continue;
    EXPECT_EQ(sample.labels.at("method"), "Divide");
    counts[sample.labels.at("code")] = sample.value;
  }
  EXPECT_EQ(counts, (std::map<std::string, double>{{"not_found", 4}, {"internal", 1}}));
}

TEST(MetricsPage, HasHistogramsThatAddUp) {
  MetricsReader page(debug_pages::metrics_page(sample_snapshot()));
  std::vector<double> buckets = page.values("tern_server_handling_seconds_bucket");
  ASSERT_EQ(buckets.size(), debug_pages::kBounds / 2 + 2);
  EXPECT_TRUE(std::is_sorted(buckets.begin(), buckets.end()));
  EXPECT_EQ(buckets.front(), 1);
  EXPECT_EQ(buckets.at(5), 1201);
  EXPECT_EQ(buckets.back(), 1232);
  EXPECT_EQ(page.values("tern_server_handling_seconds_count"), std::vector<double>{1232});
  EXPECT_EQ(page.values("tern_server_handling_seconds_sum"), std::vector<double>{2.5});
}

TEST(MetricsPage, NamesTheBoundsOfBuckets) {
  std::vector<double> bounds;
  MetricsReader page(debug_pages::metrics_page(sample_snapshot()));
  for (const Sample& sample : page.samples()) {
    auto le = sample.labels.find("le");
    if (le == sample.labels.end()) continue;
    bounds.push_back(le->second == "+Inf" ? 1e9 : std::stod(le->second));
  }
  EXPECT_TRUE(std::is_sorted(bounds.begin(), bounds.end()));
  EXPECT_EQ(bounds.front(), 1.024e-06);
  EXPECT_EQ(bounds.at(bounds.size() - 2), 68.719476736);
}

TEST(MetricsPage, EscapesEveryName) {
  MetricsReader page(debug_pages::metrics_page(wicked_snapshot()));
  for (const Sample& sample : page.samples()) {
    if (sample.name != "tern_server_calls_total") continue;
    EXPECT_EQ(sample.labels.at("service"), "<script>alert(\"1\")</script>&'\\\n");
  }
  EXPECT_EQ(page.values("tern_server_calls_total").size(), 1u);
}

TEST(MetricsPage, HasEverySeriesOnce) {
  debug_pages::ServerSnapshot snapshot = sample_snapshot();
  snapshot.methods.push_back(sample_method("arith.Arith", "Multiply"));
  MetricsReader page(debug_pages::metrics_page(snapshot));
  std::set<std::pair<std::string, std::map<std::string, std::string>>> seen;
  for (const Sample& sample : page.samples()) {
    EXPECT_TRUE(seen.emplace(sample.name, sample.labels).second) << sample.name;
  }
  EXPECT_EQ(page.values("tern_server_calls_total").size(), 2u);
}

// As proc(5) has it; the program's name is what anybody may call theirs.
constexpr std::string_view kStat =
    "4242 (a ) (b 1) S 1 4242 4242 0 -1 4194560 2481 0 0 0 150 50 0 0 20 0 9 0 200000 "
    "734003200 2560 18446744073709551615 1 1 0 0 0 0 0 4096 17663 0 0 0 17 1 0 0 0 0 0\n";
constexpr std::string_view kSystemStat = "cpu  1 2 3\nintr 4\nbtime 1700000000\nprocesses 9\n";

TEST(ProcessMetrics, SayWhatTheSystemKnows) {
  std::optional<debug_pages::ProcessNumbers> numbers =
      debug_pages::parse_process(kStat, kSystemStat, 4096, 100);
  ASSERT_TRUE(numbers.has_value());
  numbers->open_fds = 17;
  numbers->max_fds = 1024;
  std::string text;
  debug_pages::append_process(text, *numbers);
  MetricsReader page(text);
  auto value = [&page](const char* name) { return page.values(name).at(0); };
  EXPECT_EQ(value("process_cpu_seconds_total"), 2);
  EXPECT_EQ(value("process_start_time_seconds"), 1700002000);
  EXPECT_EQ(value("process_resident_memory_bytes"), 2560 * 4096);
  EXPECT_EQ(value("process_virtual_memory_bytes"), 734003200);
  EXPECT_EQ(value("process_threads"), 9);
  EXPECT_EQ(value("process_open_fds"), 17);
  EXPECT_EQ(value("process_max_fds"), 1024);
}

TEST(ProcessMetrics, AreNotMadeUpOfWhatCannotBeRead) {
  EXPECT_FALSE(debug_pages::parse_process("", kSystemStat, 4096, 100));
  EXPECT_FALSE(debug_pages::parse_process(kStat.substr(0, 90), kSystemStat, 4096, 100));
  EXPECT_FALSE(debug_pages::parse_process(kStat, "cpu 1\n", 4096, 100));
}

TEST(ProcessMetrics, AreReadOfThisProcess) {
  std::optional<debug_pages::ProcessNumbers> numbers = debug_pages::read_process();
  ASSERT_TRUE(numbers.has_value());
  EXPECT_GE(numbers->threads, 1u);
  EXPECT_GE(numbers->open_fds, 3u);
  EXPECT_GT(numbers->resident_bytes, 0u);
}

}  // namespace
}  // namespace tern::debug_pages
