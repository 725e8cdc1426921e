#include "compiler/base/spelling.h"

#include <algorithm>
#include <cctype>
#include <string>
#include <utility>

namespace rpcgen {
namespace {

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return out;
}

}  // namespace

std::size_t edit_distance(std::string_view a, std::string_view b, std::size_t limit) {
  if (std::max(a.size(), b.size()) - std::min(a.size(), b.size()) > limit) return limit + 1;
  // Three rows of the usual table: the one being filled, the one above, and the one above that.
  std::vector<std::size_t> before(b.size() + 1);
  std::vector<std::size_t> above(b.size() + 1);
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::swap(before, above);
    std::swap(above, row);
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = above[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({replaced, above[j] + 1, row[j - 1] + 1});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        row[j] = std::min(row[j], before[j - 2] + 1);
      }
    }
    if (*std::min_element(row.begin(), row.end()) > limit) return limit + 1;
  }
  return std::min(row[b.size()], limit + 1);
}

std::optional<std::string_view> nearest(std::string_view name,
                                        const std::vector<std::string_view>& candidates) {
  constexpr std::size_t kLongest = 64;
  constexpr std::size_t kMost = 2000;
  if (name.empty() || name.size() > kLongest || candidates.size() > kMost) return std::nullopt;
  // A third of the letters may be wrong: more, and the suggestion only confuses.
  std::size_t limit = std::clamp<std::size_t>(name.size() / 3, 1, 3);
  const std::string wanted = lower(name);
  std::optional<std::string_view> best;
  for (std::string_view candidate : candidates) {
    if (candidate == name || candidate.size() > kLongest) continue;
    const std::size_t distance = edit_distance(wanted, lower(candidate), limit);
    if (distance > limit || distance >= std::max(name.size(), candidate.size())) continue;
    if (distance < limit || !best) best = candidate;
    limit = distance;
    if (limit == 0) break;
  }
  return best;
}

std::string with_article(std::string_view noun) {
  if (noun == "bytes") return std::string(noun);
  const bool vowel = !noun.empty() && std::string_view("aeio").find(noun.front()) != noun.npos;
  return (vowel ? "an " : "a ") + std::string(noun);
}

}  // namespace rpcgen
