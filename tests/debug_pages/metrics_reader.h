// Reads Prometheus' text format as its documentation has it.
#pragma once

#include <gtest/gtest.h>

#include <charconv>
#include <map>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

namespace tern::test {

// One line with a value.
struct Sample {
  std::string name;
  std::map<std::string, std::string> labels;
  double value = 0;
};

// Anything but the format fails the test.
class MetricsReader {
 public:
  explicit MetricsReader(const std::string& text) {
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

}  // namespace tern::test
