#include "zookeeper/zk_discovery.h"

#include <fmt/format.h>
#include <zookeeper/zookeeper.h>

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "registry/instance_json.h"
#include "registry/loop_task.h"
#include "zookeeper/zk_names.h"

namespace tern::zookeeper {

namespace {

// Servers beyond this number are ignored.
constexpr std::size_t kMaxServers = 10'000;
// The time between look-ups that refresh() asks for, at least.
constexpr std::chrono::seconds kLookInterval{1};

}  // namespace

Lister::Lister(std::shared_ptr<Session> session, std::string_view service)
    : session_(std::move(session)),
      path_(zk_service_path(session_->setup().prefix, service)),
      list_(session_->loop(), session_->setup().options.empty_grace),
      backoff_(session_->setup().options.backoff, session_->setup().options.random),
      again_([this] { look(); }) {}

void Lister::refresh() {
  if (stopped_ || !session_->connected()) return;
  Clock::TimePoint due =
      std::max(session_->loop().now(), saturating_add(looked_at_, kLookInterval));
  if (!again_.waiting() || due < again_.due()) session_->loop().start_timer(again_, due);
}

// Everything is read anew: changes may have been missed.
void Lister::on_connected() {
  forget();
  look();
}

void Lister::on_disconnected(const Status& why) {
  ++round_;
  again_.cancel();
  list_.set_failure(why);
}

void Lister::on_node_changed(const std::string& path) {
  if (stopped_ || !session_->connected()) return;
  if (path == path_) {
    look();
  } else if (path.size() > path_.size() && path.starts_with(path_) && path[path_.size()] == '/') {
    read(path.substr(path_.size() + 1));
  }
}

void Lister::look() {
  if (stopped_ || !session_->connected()) return;
  again_.cancel();
  looked_at_ = session_->loop().now();
  names_known_ = false;
  session_->zookeeper().children(
      path_, then([](Lister& self, Outcome outcome) { self.on_names(std::move(outcome)); }));
}

void Lister::on_names(Outcome outcome) {
  if (outcome.code == ZNONODE) {
    session_->zookeeper().exists(path_, then([](Lister& self, Outcome exists) {
                                   self.wait_for_service(std::move(exists));
                                 }));
    return;
  }
  if (outcome.code != ZOK) {
    fail(outcome.status(path_));
    return;
  }
  names_known_ = true;
  std::vector<std::string>& names = outcome.names;
  if (names.size() > kMaxServers) names.resize(kMaxServers);
  std::set<std::string> listed(names.begin(), names.end());
  auto is_gone = [&listed](const std::string& name) { return !listed.contains(name); };
  std::erase_if(found_, [&](const auto& one) { return is_gone(one.first); });
  std::erase_if(no_servers_, is_gone);
  std::erase_if(reading_, [&](const auto& one) { return is_gone(one.first); });
  for (const std::string& name : names) {
    bool known = found_.contains(name) || no_servers_.contains(name) || reading_.contains(name);
    if (!known) read(name);
  }
  show_when_complete();
}

// Nobody has ever announced anything. The watch tells when somebody does.
void Lister::wait_for_service(Outcome outcome) {
  if (outcome.code == ZOK) {
    look();
  } else if (outcome.code == ZNONODE) {
    names_known_ = true;
    found_.clear();
    show_when_complete();
  } else {
    fail(outcome.status(path_));
  }
}

void Lister::read(const std::string& name) {
  std::uint64_t reading = ++readings_;
  reading_.insert_or_assign(name, reading);
  session_->zookeeper().get(fmt::format("{}/{}", path_, name),
                            then([name, reading](Lister& self, const Outcome& outcome) {
                              self.on_read(name, reading, outcome);
                            }));
}

void Lister::on_read(const std::string& name, std::uint64_t reading, const Outcome& outcome) {
  auto place = reading_.find(name);
  if (place == reading_.end() || place->second != reading) return;  // gone, or read again
  if (outcome.code != ZOK && outcome.code != ZNONODE) {
    fail(outcome.status(fmt::format("{}/{}", path_, name)));
    return;
  }
  reading_.erase(place);
  std::optional<std::string> address = text_of_zk_name(name);
  Result<Instance> instance = outcome.code == ZOK && address
                                  ? registry::read_instance(*address, outcome.value)
                                  : Status(Code::kNotFound, "no server");
  found_.erase(name);
  no_servers_.erase(name);
  if (instance.ok()) {
    found_.emplace(name, std::move(*instance));
  } else if (outcome.code == ZOK) {
    no_servers_.insert(name);
  }
  show_when_complete();
}

void Lister::show_when_complete() {
  if (!names_known_ || !reading_.empty()) return;
  backoff_.reset();
  std::vector<Instance> servers;
  servers.reserve(found_.size());
  for (const auto& [name, instance] : found_) servers.push_back(instance);
  // Between two sessions ZooKeeper can have lost its data.
  if (std::exchange(listed_in_, session_->id()) == session_->id()) {
    list_.update(std::move(servers));
  } else {
    list_.update_doubted(std::move(servers));
  }
}

// The next look reads everything.
void Lister::forget() {
  ++round_;
  found_.clear();
  no_servers_.clear();
  reading_.clear();
  names_known_ = false;
}

void Lister::fail(const Status& why) {
  forget();
  list_.set_failure(why);
  if (!stopped_) session_->loop().start_timer(again_, backoff_.next());
}

template <typename Then>
Handle::Done Lister::then(Then then) {
  return [weak = weak_from_this(), round = round_, then = std::move(then)](Outcome outcome) {
    std::shared_ptr<Lister> self = weak.lock();
    if (!self || self->round_ != round || self->stopped_ || !self->session_->connected()) return;
    then(*self, std::move(outcome));
  };
}

Discovery::Discovery(std::shared_ptr<SessionOwner> owner, std::string_view service)
    : owner_(std::move(owner)), lister_(std::make_shared<Lister>(owner_->session(), service)) {
  owner_->loop().post([session = owner_->session(), lister = lister_] { session->add(lister); });
}

Discovery::~Discovery() {
  registry::run_on_loop(owner_->pool(), owner_->loop(),
                        [session = owner_->session(), lister = lister_] {
                          lister->stop();
                          session->remove(*lister);
                        });
}

void Discovery::refresh() {
  owner_->loop().post([lister = lister_] { lister->refresh(); });
}

}  // namespace tern::zookeeper
