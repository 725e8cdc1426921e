#include "compiler/import/rpc_text.h"

#include <algorithm>
#include <cstddef>

namespace rpcgen::import {

Path operator+(Path path, std::int32_t part) {
  path.push_back(part);
  return path;
}

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
      constexpr std::string_view kDigits = "0123456789abcdef";
      out += {'\\', 'u', '{', kDigits[static_cast<unsigned char>(c) >> 4], kDigits[c & 15], '}'};
      continue;
    }
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"";
}

std::string annotations(const std::vector<std::string>& all) {
  if (all.empty()) return "";
  std::string out = " [" + all.front();
  for (std::size_t i = 1; i < all.size(); ++i) out += ", " + all[i];
  return out + "]";
}

void RpcText::doc(const Path& path, const std::string& indent) {
  const auto found = file_.places.find(path);
  if (found == file_.places.end()) return;
  std::string_view left = found->second.doc;
  while (!left.empty()) {
    const std::size_t end = std::min(left.find('\n'), left.size());
    std::string_view text = left.substr(0, end);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\r')) text.remove_suffix(1);
    line(indent + "///" + (text.empty() || text.front() == ' ' ? "" : " ") + std::string(text));
    left.remove_prefix(std::min(end + 1, left.size()));
  }
}

void RpcText::lack(Path path, std::string text) {
  auto found = file_.places.find(path);
  while (found == file_.places.end() && !path.empty()) {
    path.pop_back();
    found = file_.places.find(path);
  }
  lacks_.push_back({found == file_.places.end() ? Place() : found->second, std::move(text)});
}

}  // namespace rpcgen::import
