#include "registry/cautious_list.h"

#include <fmt/format.h>

#include <utility>

#include "net/loop.h"

namespace tern::registry {

CautiousList::CautiousList(Loop& loop, std::chrono::nanoseconds grace)
    : loop_(loop), grace_(grace), grace_timer_([this] {
        kept_.clear();
        show();
      }) {}

void CautiousList::update(std::vector<Instance> found) {
  if (found.empty()) {
    update_doubted({});
    return;
  }
  found_.clear();
  for (Instance& one : found) {
    std::string address = one.endpoint.to_string();
    kept_.erase(address);
    found_.insert_or_assign(std::move(address), std::move(one));
  }
  show();
}

void CautiousList::update_doubted(std::vector<Instance> found) {
  keep_those_shown();
  found_.clear();
  if (found.empty()) {
    show();
  } else {
    update(std::move(found));
  }
}

void CautiousList::keep_those_shown() {
  for (auto& [address, instance] : found_) {
    kept_.insert_or_assign(address, std::move(instance));
  }
  if (!kept_.empty() && !grace_timer_.waiting()) loop_.start_timer(grace_timer_, grace_);
}

void CautiousList::show() {
  std::vector<Instance> all;
  all.reserve(found_.size() + kept_.size());
  for (const ByAddress* some : {&found_, &kept_}) {
    for (const auto& [address, instance] : *some) all.push_back(instance);
  }
  if (kept_.empty()) grace_timer_.cancel();
  std::size_t doubted = kept_.size();
  list_.update(std::move(all));
  if (doubted > 0) {
    list_.set_failure(Status(Code::kUnavailable,
                             fmt::format("{} servers are no longer listed; they are kept for a "
                                         "while in case that is the registry's fault",
                                         doubted),
                             HandlerRan::kNo));
  }
}

}  // namespace tern::registry
