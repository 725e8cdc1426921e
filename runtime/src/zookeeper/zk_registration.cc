#include "zookeeper/zk_registration.h"

#include <fmt/format.h>
#include <zookeeper/zookeeper.h>

#include <utility>

#include "registry/instance_json.h"
#include "zookeeper/zk_names.h"

namespace tern::zookeeper {

namespace {

constexpr std::chrono::seconds kWithdrawTimeout{2};

}  // namespace

NodeKeeper::NodeKeeper(std::shared_ptr<Session> session, std::string_view service,
                       const Instance& instance)
    : session_(std::move(session)),
      path_(fmt::format("{}/{}", zk_service_path(session_->setup().prefix, service),
                        zk_name(instance.endpoint.to_string()))),
      parents_(zk_parents(path_)),
      value_(registry::instance_json(instance)),
      backoff_(session_->setup().options.backoff, session_->setup().options.random),
      again_([this] { look(); }),
      patience_([this] { end(); }),
      status_(Status(Code::kUnavailable, fmt::format("zookeeper: \"{}\" is not listed yet", path_),
                     HandlerRan::kNo)),
      withdrawal_(session_->loop()) {}

void NodeKeeper::update(const Instance& instance) {
  std::string value = registry::instance_json(instance);
  if (withdrawing_ || value == value_) return;
  value_ = std::move(value);
  if (session_->connected()) look();
}

void NodeKeeper::withdraw(bool asks) {
  withdrawing_ = true;
  status_.set(Status(Code::kCancelled, fmt::format("zookeeper: \"{}\" is withdrawn", path_)));
  if (!asks) {
    end();
    return;
  }
  session_->loop().start_timer(patience_, kWithdrawTimeout);
  session_->loop().add_end_listener(weak_from_this());
  if (session_->connected()) look();
}

void NodeKeeper::end() {
  patience_.cancel();
  withdrawal_.end();
}

void NodeKeeper::on_connected() {
  backoff_.reset();
  look();
}

void NodeKeeper::on_disconnected(const Status& why) {
  ++round_;
  again_.cancel();
  status_.set(why);
}

void NodeKeeper::on_node_changed(const std::string& path) {
  if (path == path_ && session_->connected()) look();
}

void NodeKeeper::look() {
  again_.cancel();
  ++round_;
  session_->zookeeper().get(path_, then(&NodeKeeper::on_looked));
}

void NodeKeeper::on_looked(Outcome outcome) {
  bool ours = outcome.code == ZOK && outcome.owner == session_->id();
  if (outcome.code != ZOK && outcome.code != ZNONODE) {
    fail(outcome.status(path_));
  } else if (withdrawing_) {
    if (ours) {
      take_out(outcome);
    } else {
      leave();
    }
  } else if (outcome.code == ZNONODE) {
    create();
  } else if (ours) {
    keep(outcome);
  } else {
    replace(outcome);
  }
}

void NodeKeeper::keep(const Outcome& found) {
  if (found.value != value_) {
    session_->zookeeper().set(path_, value_, then(&NodeKeeper::on_written));
    return;
  }
  listed_in_ = session_->id();
  status_.set(Status());
}

// The node is of an earlier session of this server's, or of the process that had the address
// before. If another process has just replaced ours, the two would replace each other's for ever:
// then it is replaced after growing waits.
void NodeKeeper::replace(const Outcome& found) {
  if (std::exchange(listed_in_, 0) == session_->id()) {
    fail(Status(Code::kAborted, fmt::format("zookeeper: another session has taken \"{}\"", path_),
                HandlerRan::kNo));
    return;
  }
  session_->zookeeper().remove(path_, found.version, then(&NodeKeeper::on_written));
}

void NodeKeeper::create() {
  session_->zookeeper().create(path_, value_, true, then(&NodeKeeper::on_created));
}

void NodeKeeper::on_created(Outcome outcome) {
  if (outcome.code == ZNONODE) {
    parent_ = 0;
    create_parent();
    return;
  }
  on_written(std::move(outcome));
}

void NodeKeeper::create_parent() {
  session_->zookeeper().create(parents_[parent_], "", false, then(&NodeKeeper::on_parent_created));
}

void NodeKeeper::on_parent_created(Outcome outcome) {
  if (outcome.code != ZOK && outcome.code != ZNODEEXISTS) {
    fail(outcome.status(parents_[parent_]));
  } else if (++parent_ < parents_.size()) {
    create_parent();
  } else {
    create();
  }
}

// Whatever the answer says, what is there says more; it is looked at.
void NodeKeeper::on_written(Outcome outcome) {
  switch (outcome.code) {
    case ZOK:
    case ZNONODE:
    case ZNODEEXISTS:
    case ZBADVERSION:
      look();
      break;
    default:
      fail(outcome.status(path_));
  }
}

void NodeKeeper::take_out(const Outcome& found) {
  session_->zookeeper().remove(path_, found.version, then(&NodeKeeper::on_written));
}

void NodeKeeper::leave() {
  std::shared_ptr<NodeKeeper> alive = shared_from_this();
  session_->remove(*this);
  end();
}

Handle::Done NodeKeeper::then(OnOutcome on_outcome) {
  return [weak = weak_from_this(), round = round_, on_outcome](Outcome outcome) {
    std::shared_ptr<NodeKeeper> self = weak.lock();
    if (!self || self->round_ != round || !self->session_->connected()) return;
    ((*self).*on_outcome)(std::move(outcome));
  };
}

// Tried again, whatever it was; a new connection does not wait for that.
void NodeKeeper::fail(const Status& why) {
  ++round_;
  status_.set(why);
  session_->loop().start_timer(again_, backoff_.next());
}

Registration::Registration(std::shared_ptr<SessionOwner> owner, std::string_view service,
                           const Instance& instance)
    : owner_(std::move(owner)),
      keeper_(std::make_shared<NodeKeeper>(owner_->session(), service, instance)) {
  owner_->loop().post([session = owner_->session(), keeper = keeper_] { session->add(keeper); });
}

Registration::~Registration() {
  registry::withdraw_at_last(*this, owner_->pool());
  keeper_->status().on_change({});
}

// The session stays as long as somebody waits.
void Registration::async_withdraw(UniqueFunction<void()> done) {
  auto told = [owner = owner_, done = std::move(done)]() mutable { done(); };
  if (!keeper_->withdrawal().ask(std::move(told))) return;
  if (owner_->loop().io().stopped()) {
    keeper_->withdraw(false);
  } else {
    owner_->loop().post([keeper = keeper_] { keeper->withdraw(true); });
  }
}

void Registration::update(Instance instance) {
  owner_->loop().post(
      [keeper = keeper_, instance = std::move(instance)] { keeper->update(instance); });
}

}  // namespace tern::zookeeper
