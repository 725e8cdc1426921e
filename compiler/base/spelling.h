// "did you mean …?"
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rpcgen {

// How many insertions, deletions, replacements and swaps of neighbours turn one into the other;
// `limit + 1` as soon as it is sure to be more than `limit`.
std::size_t edit_distance(std::string_view a, std::string_view b, std::size_t limit);

// The candidate that a typing mistake most likely made `name` from, if one is near enough. Among
// thousands none is looked for: that takes long, and one of them is always near.
std::optional<std::string_view> nearest(std::string_view name,
                                        const std::vector<std::string_view>& candidates);

// "a struct", "an enum"; "bytes" has none.
std::string with_article(std::string_view noun);

}  // namespace rpcgen
