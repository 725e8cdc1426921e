// Fields as nghttp2 takes them, for tests.
#pragma once

#include <nghttp2/nghttp2.h>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace tern::test {

inline std::vector<nghttp2_nv> name_values(
    const std::vector<std::pair<std::string, std::string>>& fields) {
  std::vector<nghttp2_nv> result;
  for (const auto& [name, value] : fields) {
    result.push_back({reinterpret_cast<std::uint8_t*>(const_cast<char*>(name.data())),
                      reinterpret_cast<std::uint8_t*>(const_cast<char*>(value.data())), name.size(),
                      value.size(), NGHTTP2_NV_FLAG_NONE});
  }
  return result;
}

}  // namespace tern::test
