#include "registry/server_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "registry/server_address.h"

namespace tern::registry {

namespace {

constexpr std::size_t kMaxReported = 5;
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

// The words of a line, without a comment. A '#' inside of a word is one of its letters.
std::vector<std::string_view> words_of(std::string_view line) {
  std::vector<std::string_view> words;
  while (true) {
    std::size_t start = line.find_first_not_of(" \t\r");
    if (start == std::string_view::npos || line[start] == '#') return words;
    line.remove_prefix(start);
    std::string_view word = line.substr(0, line.find_first_of(" \t\r"));
    words.push_back(word);
    line.remove_prefix(word.size());
  }
}

bool has_control(std::string_view word) {
  return std::any_of(word.begin(), word.end(),
                     [](char c) { return static_cast<unsigned char>(c) < ' ' || c == 0x7f; });
}

Status wrong(std::string what) {
  return Status(Code::kInvalidArgument, std::move(what), HandlerRan::kNo);
}

Status read_weight(std::string_view text, std::uint32_t& weight) {
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), weight);
  if (error == std::errc() && end == text.data() + text.size()) return {};
  return wrong(fmt::format("weight \"{}\" is not a number from 0 to 4294967295", text));
}

Status read_property(std::string_view word, std::set<std::string_view>& seen, Instance& server) {
  std::size_t equals = word.find('=');
  if (equals == std::string_view::npos || equals == 0) {
    return wrong(fmt::format(
        "expected key=value behind the address, such as weight=3 or zone=a, not \"{}\"", word));
  }
  std::string_view key = word.substr(0, equals);
  std::string_view value = word.substr(equals + 1);
  if (!seen.insert(key).second) return wrong(fmt::format("duplicate key \"{}\"", key));
  if (key == "weight") return read_weight(value, server.weight);
  if (key == "zone") {
    server.zone = value;
  } else {
    server.metadata.emplace(key, value);
  }
  return {};
}

// What the last line of a file says that has been cut off can be read, and be wrong.
Status check_end(std::string_view last_word, bool ends) {
  if (ends) return {};
  return wrong(fmt::format(
      "expected a newline behind \"{}\"; without it the line may be half written", last_word));
}

Result<Instance> read_server(const std::vector<std::string_view>& words) {
  for (std::string_view word : words) {
    if (has_control(word)) return wrong("there is a control character in it");
  }
  Result<Endpoint> endpoint = parse_server_address(words.front());
  if (!endpoint.ok()) return endpoint.take_status();
  Instance server(std::move(*endpoint));
  std::set<std::string_view> seen;
  for (std::size_t i = 1; i < words.size(); ++i) {
    Status status = read_property(words[i], seen, server);
    if (!status.ok()) return status;
  }
  return server;
}

}  // namespace

Result<std::vector<Instance>> parse_server_file(std::string_view name, std::string_view text) {
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  std::vector<Instance> servers;
  std::map<std::string, std::size_t> lines;  // by address
  std::string failures;
  std::size_t failed = 0;
  for (std::size_t number = 1; !text.empty(); ++number) {
    std::string_view line = text.substr(0, text.find('\n'));
    bool ends = line.size() < text.size();
    text.remove_prefix(line.size() + (ends ? 1 : 0));
    std::vector<std::string_view> words = words_of(line);
    if (words.empty()) continue;
    Result<Instance> server = read_server(words);
    Status status = server.status();
    if (server.ok()) {
      auto [first, added] = lines.emplace(server->endpoint.to_string(), number);
      status =
          added ? check_end(words.back(), ends)
                : wrong(fmt::format("\"{}\" is in line {} already", first->first, first->second));
    }
    if (status.ok()) {
      servers.push_back(std::move(*server));
    } else if (++failed <= kMaxReported) {
      failures +=
          fmt::format("{}{}:{}: {}", failed == 1 ? "" : "\n", name, number, status.message());
    }
  }
  if (failed > kMaxReported) failures += fmt::format("\n{}: {} more", name, failed - kMaxReported);
  if (failed > 0) return wrong(std::move(failures));
  if (servers.empty()) {
    return wrong(
        fmt::format("{}: expected one server a line, such as \"tcp@10.0.0.1:7000 "
                    "weight=3\"; there is none",
                    name));
  }
  return servers;
}

}  // namespace tern::registry
