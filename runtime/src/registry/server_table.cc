#include "registry/server_table.h"

#include <fmt/format.h>

#include <algorithm>

namespace tern::registry {

namespace {

constexpr std::chrono::minutes kWarmUp{5};

}  // namespace

ServerTable::ServerTable(std::chrono::nanoseconds expire, std::size_t max_entries,
                         std::string epoch, Clock::TimePoint started)
    : expire_(expire),
      max_entries_(max_entries),
      epoch_(std::move(epoch)),
      warm_at_(saturating_add(started,
                              expire.count() > 0 ? expire : std::chrono::nanoseconds(kWarmUp))) {}

ServerTable::Put ServerTable::put(Listing listing, Clock::TimePoint now) {
  Key key(listing.address, listing.service);
  auto found = entries_.find(key);
  bool is_new = found == entries_.end();
  if (is_new && entries_.size() >= max_entries_) return Put::kFull;
  withdrawn_.erase(listing.address);
  if (is_new) found = entries_.emplace(key, Entry{Listing(), due_.end()}).first;
  Entry& entry = found->second;
  if (entry.due != due_.end()) due_.erase(entry.due);
  entry.due = expire_.count() > 0 ? due_.emplace(saturating_add(now, expire_), key) : due_.end();
  if (!is_new && entry.listing == listing) return Put::kRenewed;
  entry.listing = std::move(listing);
  changed(key.second);
  return Put::kChanged;
}

bool ServerTable::remove(std::string_view address, std::string_view service) {
  bool removed = false;
  auto entry = entries_.lower_bound(Key(address, service));
  while (entry != entries_.end() && entry->first.first == address) {
    if (!service.empty() && entry->first.second != service) break;
    changed(entry->first.second);
    erase(entry++);
    removed = true;
  }
  // A server that has left is not expected to register again, even if it has not yet since the
  // start.
  if (warm_at_ && withdrawn_.size() < max_entries_ && !contains("", address) &&
      withdrawn_.emplace(address).second && !removed) {
    all_changed();
  }
  return removed;
}

bool ServerTable::expire(Clock::TimePoint now) {
  bool any = false;
  while (!due_.empty() && due_.begin()->first <= now) {
    auto entry = entries_.find(due_.begin()->second);
    changed(entry->first.second);
    erase(entry);
    any = true;
  }
  if (warm_at_ && *warm_at_ <= now) {
    warm_at_.reset();
    withdrawn_.clear();
    all_changed();
    any = true;
  }
  return any;
}

std::optional<Clock::TimePoint> ServerTable::next_due() const {
  if (due_.empty()) return warm_at_;
  return warm_at_ ? std::min(*warm_at_, due_.begin()->first) : due_.begin()->first;
}

std::vector<std::string_view> ServerTable::addresses(std::string_view service) const {
  std::vector<std::string_view> all;
  for (const auto& [key, entry] : entries_) {
    if (!belongs(entry.listing, service)) continue;
    if (all.empty() || all.back() != key.first) all.push_back(key.first);
  }
  return all;
}

bool ServerTable::belongs(const Listing& listing, std::string_view service) const {
  return service.empty() || listing.service.empty() || listing.service == service;
}

ListAnswer ServerTable::empty_answer(std::string_view service) const {
  ListAnswer answer;
  answer.version = version(service);
  answer.warming = warm_at_.has_value();
  return answer;
}

ListAnswer ServerTable::list(std::string_view service) const {
  ListAnswer answer = empty_answer(service);
  for (const auto& [key, entry] : entries_) {
    if (belongs(entry.listing, service)) answer.servers.push_back(entry.listing);
  }
  answer.withdrawn.assign(withdrawn_.begin(), withdrawn_.end());
  return answer;
}

ListAnswer ServerTable::list(std::string_view service, std::string_view address) const {
  ListAnswer answer = empty_answer(service);
  for (auto entry = entries_.lower_bound(Key(address, ""));
       entry != entries_.end() && entry->first.first == address; ++entry) {
    if (service.empty() || entry->first.second == service) {
      answer.servers.push_back(entry->second.listing);
    }
  }
  return answer;
}

bool ServerTable::contains(std::string_view service, std::string_view address) const {
  auto entry = entries_.lower_bound(Key(address, service));
  return entry != entries_.end() && entry->first.first == address &&
         (service.empty() || entry->first.second == service);
}

std::string ServerTable::version(std::string_view service) const {
  auto of = [this](std::string_view name) {
    auto found = versions_.find(name);
    return found == versions_.end() ? floor_ : found->second;
  };
  std::uint64_t version = service.empty() ? version_ : std::max(of(service), of(""));
  return fmt::format("{}-{}", epoch_, version);
}

void ServerTable::erase(Entries::iterator entry) {
  if (entry->second.due != due_.end()) due_.erase(entry->second.due);
  entries_.erase(entry);
}

void ServerTable::changed(const std::string& service) {
  // Names that are gone for good are not kept for ever.
  if (versions_.size() > 2 * max_entries_) all_changed();
  versions_.insert_or_assign(service, ++version_);
}

void ServerTable::all_changed() {
  floor_ = ++version_;
  versions_.clear();
}

}  // namespace tern::registry
