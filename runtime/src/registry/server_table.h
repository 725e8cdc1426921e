// Who is listed in a registry: the entries, when they expire, and which list has changed.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "registry/registry_protocol.h"
#include "tern/clock.h"

namespace tern::registry {

// The caller says what time it is. Threads: one at a time.
class ServerTable {
 public:
  enum class Put : std::uint8_t { kChanged, kRenewed, kFull };

  // `expire` 0: entries stay. For as long as an entry lasts (5 min if for ever) after `started` the
  // table is warming: there may be servers of which it has not heard yet.
  ServerTable(std::chrono::nanoseconds expire, std::size_t max_entries, std::string epoch,
              Clock::TimePoint started);

  // Lists a server, or renews its entry.
  Put put(Listing listing, Clock::TimePoint now);
  // Takes out the entry of the address under `service`, or all of the address if that is "". False
  // if there is none.
  bool remove(std::string_view address, std::string_view service);
  // Removes what has not been renewed in time, and ends the warming. True if a list has changed.
  bool expire(Clock::TimePoint now);
  // When expire() has something to do next.
  std::optional<Clock::TimePoint> next_due() const;

  // Each address of list(service) once, in order.
  std::vector<std::string_view> addresses(std::string_view service) const;
  // The list for one service: its servers, and those that do not say what they serve. "": all.
  ListAnswer list(std::string_view service) const;
  // The entries of one address among them.
  ListAnswer list(std::string_view service, std::string_view address) const;
  bool contains(std::string_view service, std::string_view address) const;
  // Of list(service): "epoch-number".
  std::string version(std::string_view service) const;

  // How often any list has changed.
  std::uint64_t changes() const noexcept { return version_; }
  std::size_t size() const noexcept { return entries_.size(); }
  const std::string& epoch() const noexcept { return epoch_; }
  std::chrono::nanoseconds lifetime() const noexcept { return expire_; }

 private:
  using Key = std::pair<std::string, std::string>;  // address, service
  struct Entry {
    Listing listing;
    std::multimap<Clock::TimePoint, Key>::iterator due;  // end() if it does not expire
  };
  using Entries = std::map<Key, Entry>;

  bool belongs(const Listing& listing, std::string_view service) const;
  ListAnswer empty_answer(std::string_view service) const;
  void erase(Entries::iterator entry);
  void changed(const std::string& service);
  void all_changed();

  const std::chrono::nanoseconds expire_;
  const std::size_t max_entries_;
  const std::string epoch_;
  std::optional<Clock::TimePoint> warm_at_;  // nothing: it is warm

  Entries entries_;
  std::multimap<Clock::TimePoint, Key> due_;
  std::set<std::string> withdrawn_;  // addresses, while it is warming

  std::uint64_t version_ = 1;  // of all lists
  std::uint64_t floor_ = 1;    // of a list that is not among the next
  std::map<std::string, std::uint64_t, std::less<>> versions_;  // by service
};

}  // namespace tern::registry
