// The code that a page of docs shows.
#pragma once

#include <fstream>
#include <istream>
#include <string>
#include <string_view>
#include <vector>

namespace tern::test {

// Each line without what it begins with, and no empty ones.
inline std::string without_indent(std::istream&& in) {
  std::string all;
  for (std::string line; std::getline(in, line);) {
    std::size_t start = line.find_first_not_of(' ');
    if (start != std::string::npos) all += line.substr(start) + '\n';
  }
  return all;
}

// What stands between "```cpp" and "```" in the page at `path`, without indent.
inline std::vector<std::string> code_of_page(const std::string& path) {
  constexpr std::string_view kBegin = "```cpp\n";
  const std::string page = without_indent(std::ifstream(path));
  std::vector<std::string> blocks;
  for (std::size_t at = page.find(kBegin); at != std::string::npos; at = page.find(kBegin, at)) {
    at += kBegin.size();
    std::size_t end = page.find("```", at);
    blocks.push_back(page.substr(at, end - at));
    at = end;
  }
  return blocks;
}

}  // namespace tern::test
