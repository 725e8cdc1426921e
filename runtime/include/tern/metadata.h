// Key and value pairs that travel with a call and with its reply.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tern/version.h"

namespace tern {

// A short list in the order of adding; keys may repeat. Keys are compared to the letter; use lower
// case, since HTTP does. Size limits are those of the message that carries them.
class Metadata {
 public:
  using Entry = std::pair<std::string, std::string>;

  Metadata() = default;

  void add(std::string key, std::string value) {
    entries_.emplace_back(std::move(key), std::move(value));
  }
  // The first value of `key`, or "" if there is none. Good until the list changes.
  std::string_view get(std::string_view key) const noexcept {
    for (const Entry& entry : entries_) {
      if (entry.first == key) return entry.second;
    }
    return {};
  }
  bool empty() const noexcept { return entries_.empty(); }
  std::size_t size() const noexcept { return entries_.size(); }
  void clear() noexcept { entries_.clear(); }
  auto begin() const noexcept { return entries_.begin(); }
  auto end() const noexcept { return entries_.end(); }
  bool operator==(const Metadata&) const = default;

 private:
  std::vector<Entry> entries_;
};

}  // namespace tern
