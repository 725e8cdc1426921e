#include "serve/pages/metrics.h"

#include <gtest/gtest.h>

#include <charconv>
#include <map>
#include <optional>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "serve/pages/sample_snapshot.h"

namespace tern::pages {
namespace {

using test::sample_method;
using test::sample_snapshot;
using test::wicked_snapshot;

// One line with a value.
struct Sample {
  std::string name;
  std::map<std::string, std::string> labels;
  double value = 0;
};

// Reads the format as Prometheus documents it; anything else fails the test.
class Reader {
 public:
  explicit Reader(const std::string& text) {
    std::istringstream lines(text);
    EXPECT_TRUE(text.ends_with('\n'));
    for (std::string line; std::getline(lines, line);) read(line);
  }

  // The values of the metric, in order.
  std::vector<double> values(const std::string& name) const {
    std::vector<double> found;
    for (const Sample& sample : samples_) {
      if (sample.name == name) found.push_back(sample.value);
    }
    return found;
  }
  const std::vector<Sample>& samples() const { return samples_; }

 private:
  void read(const std::string& line) {
    std::istringstream words(line);
    std::string hash, kind, name, type;
    if (line.starts_with("# ")) {
      words >> hash >> kind >> name >> type;
      EXPECT_TRUE(kind == "HELP" || kind == "TYPE") << line;
      if (kind == "TYPE") {
        EXPECT_TRUE(types_.emplace(name, type).second) << name << " is there twice";
        current_ = name;
      }
      return;
    }
    std::optional<Sample> sample = parse(line);
    ASSERT_TRUE(sample.has_value()) << line;
    ASSERT_TRUE(sample->name.starts_with(current_)) << line << " stands below " << current_;
    samples_.push_back(*sample);
  }

  static std::optional<Sample> parse(const std::string& line) {
    Sample sample;
    std::size_t at = line.find_first_of("{ ");
    if (at == std::string::npos) return std::nullopt;
    sample.name = line.substr(0, at);
    if (line[at] == '{') {
      ++at;
      while (line.at(at) != '}') {
        if (line[at] == ',') ++at;
        std::size_t equals = line.find("=\"", at);
        if (equals == std::string::npos) return std::nullopt;
        std::string key = line.substr(at, equals - at);
        std::string value;
        for (at = equals + 2; line.at(at) != '"'; ++at) {
          if (line[at] == '\\') {
            ++at;
            value += line.at(at) == 'n' ? '\n' : line[at];
          } else {
            value += line[at];
          }
        }
        ++at;
        if (!sample.labels.emplace(key, value).second) return std::nullopt;
      }
      ++at;
    }
    if (line.at(at) != ' ') return std::nullopt;
    const char* end = line.data() + line.size();
    auto [stop, error] = std::from_chars(line.data() + at + 1, end, sample.value);
    if (stop != end || error != std::errc()) return std::nullopt;
    return sample;
  }

  std::map<std::string, std::string> types_;
  std::string current_;
  std::vector<Sample> samples_;
};

TEST(MetricsPage, HasTheNumbersOfTheServer) {
  Reader page(metrics_page(sample_snapshot()));
  EXPECT_EQ(page.values("tern_server_uptime_seconds"), std::vector<double>{3725});
  EXPECT_EQ(page.values("tern_server_connections"), std::vector<double>{1});
  EXPECT_EQ(page.values("tern_server_connections_accepted_total"), std::vector<double>{7});
  EXPECT_EQ(page.values("tern_server_refused_total"), (std::vector<double>{0, 6}));
  EXPECT_EQ(page.values("tern_server_calls_total"), std::vector<double>{1234});
  EXPECT_EQ(page.values("tern_server_calls_failed_total"), std::vector<double>{5});
  EXPECT_EQ(page.values("tern_server_calls_running"), std::vector<double>{2});
}

TEST(MetricsPage, HasHistogramsThatAddUp) {
  Reader page(metrics_page(sample_snapshot()));
  std::vector<double> buckets = page.values("tern_server_handling_seconds_bucket");
  ASSERT_EQ(buckets.size(), kBounds / 2 + 2);
  EXPECT_TRUE(std::is_sorted(buckets.begin(), buckets.end()));
  EXPECT_EQ(buckets.front(), 1);
  EXPECT_EQ(buckets.at(5), 1201);
  EXPECT_EQ(buckets.back(), 1232);
  EXPECT_EQ(page.values("tern_server_handling_seconds_count"), std::vector<double>{1232});
  EXPECT_EQ(page.values("tern_server_handling_seconds_sum"), std::vector<double>{2.5});
}

TEST(MetricsPage, NamesTheBoundsOfBuckets) {
  std::vector<double> bounds;
  Reader page(metrics_page(sample_snapshot()));
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
  Reader page(metrics_page(wicked_snapshot()));
  for (const Sample& sample : page.samples()) {
    if (sample.name != "tern_server_calls_total") continue;
    EXPECT_EQ(sample.labels.at("service"), "<script>alert(\"1\")</script>&'\\\n");
  }
  EXPECT_EQ(page.values("tern_server_calls_total").size(), 1u);
}

TEST(MetricsPage, HasEverySeriesOnce) {
  ServerSnapshot snapshot = sample_snapshot();
  snapshot.methods.push_back(sample_method("arith.Arith", "Multiply"));
  Reader page(metrics_page(snapshot));
  std::set<std::pair<std::string, std::map<std::string, std::string>>> seen;
  for (const Sample& sample : page.samples()) {
    EXPECT_TRUE(seen.emplace(sample.name, sample.labels).second) << sample.name;
  }
  EXPECT_EQ(page.values("tern_server_calls_total").size(), 2u);
}

}  // namespace
}  // namespace tern::pages
