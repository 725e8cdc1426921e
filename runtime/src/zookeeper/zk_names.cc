#include "zookeeper/zk_names.h"

#include <fmt/format.h>

#include <iterator>

#include "base/ascii.h"

namespace tern::zookeeper {

namespace {

// "." and ".." are no names, and these are the only ones of points alone that anybody writes.
bool must_escape(char c, bool only_points) {
  return c <= ' ' || c >= 0x7f || c == '/' || c == '%' || (only_points && c == '.');
}

}  // namespace

std::string zk_name(std::string_view text) {
  bool only_points = text.find_first_not_of('.') == std::string_view::npos;
  std::string name;
  for (char c : text) {
    if (must_escape(c, only_points)) {
      fmt::format_to(std::back_inserter(name), "%{:02X}", static_cast<unsigned char>(c));
    } else {
      name += c;
    }
  }
  return name;
}

std::optional<std::string> text_of_zk_name(std::string_view name) {
  std::string text;
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (name[i] != '%') {
      text += name[i];
      continue;
    }
    if (name.size() - i < 3) return std::nullopt;
    int high = base::hex_value(name[i + 1]);
    int low = base::hex_value(name[i + 2]);
    if (high < 0 || low < 0) return std::nullopt;
    text += static_cast<char>(high * 16 + low);
    i += 2;
  }
  if (zk_name(text) != name) return std::nullopt;
  return text;
}

std::string zk_service_path(std::string_view prefix, std::string_view service) {
  return fmt::format("/{}/{}", prefix, zk_name(service));
}

std::vector<std::string> zk_parents(std::string_view path) {
  std::vector<std::string> parents;
  for (std::size_t slash = path.find('/', 1); slash != std::string_view::npos;
       slash = path.find('/', slash + 1)) {
    parents.emplace_back(path.substr(0, slash));
  }
  return parents;
}

}  // namespace tern::zookeeper
