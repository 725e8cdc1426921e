// Key and value pairs that travel with a call and with its reply.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
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
    ++changes_;
  }
  // Puts one entry in the place of all of this key.
  void set(std::string key, std::string value) {
    remove(key);
    add(std::move(key), std::move(value));
  }
  // Takes out all entries of this key; returns how many there were.
  std::size_t remove(std::string_view key) noexcept {
    auto gone = std::remove_if(entries_.begin(), entries_.end(),
                               [key](const Entry& entry) { return entry.first == key; });
    auto count = static_cast<std::size_t>(entries_.end() - gone);
    entries_.erase(gone, entries_.end());
    if (count > 0) ++changes_;
    return count;
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
  void clear() noexcept {
    entries_.clear();
    ++changes_;
  }
  // Another number after each change.
  std::uint32_t changes() const noexcept { return changes_; }
  auto begin() const noexcept { return entries_.begin(); }
  auto end() const noexcept { return entries_.end(); }
  bool operator==(const Metadata& other) const { return entries_ == other.entries_; }

 private:
  std::vector<Entry> entries_;
  std::uint32_t changes_ = 0;
};

}  // namespace tern
