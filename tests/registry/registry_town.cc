#include "registry/registry_town.h"

#include <string>
#include <utility>

#include "arith.service.h"
#include "integration/plain_arith.h"

namespace tern::test {

namespace {

constexpr std::string_view kService = "arith.Arith";
constexpr std::string_view kAddress = "tcp@10.0.0.1:7000";
constexpr std::chrono::nanoseconds kStep = std::chrono::seconds(1);

std::shared_ptr<Dialer> borrowed(FakeDialer& dialer) {
  return std::shared_ptr<Dialer>(&dialer, [](Dialer*) {});
}

std::unique_ptr<Server> make_server(TestLoop& loop) {
  ServerOptions options;
  options.log = [](std::string_view) {};
  return std::make_unique<Server>(loop.pool(), std::move(options));
}

std::shared_ptr<Registry> open(HttpRegistryOptions options, FakeDialer& dialer, TestLoop& loop) {
  options.dialer = borrowed(dialer);
  Result<std::shared_ptr<Registry>> registry =
      open_http_registry("registry:9999", loop.pool(), std::move(options));
  EXPECT_TRUE(registry.ok()) << registry.status().to_string();
  return *registry;
}

}  // namespace

std::string name_of(Fate fate) {
  switch (fate) {
    case Fate::kArrives:
      return "Arrives";
    case Fate::kIsLost:
      return "IsLost";
    case Fate::kBreaks:
      return "Breaks";
    case Fate::kAnswerIsLost:
      return "AnswerIsLost";
  }
  return "";
}

RegistryTown::RegistryTown() {
  options_.random = [] { return 0.5; };
}

RegistryTown::~RegistryTown() {
  fate_ = [] { return Fate::kArrives; };
  withdraw();
  watch_.reset();
  cluster_.reset();
  discovery_.reset();
  settle();
  for (Party* one : {&registry_, &server_}) one->loop.io().stop();
  registry_server_.reset();
  arith_server_.reset();
}

void RegistryTown::start() {
  registry_server_ = make_server(registry_.loop);
  Status added = add_http_registry(*registry_server_);
  ASSERT_TRUE(added.ok()) << added.to_string();
  arith_server_ = make_server(server_.loop);
  added = arith_server_->add(std::make_shared<PlainArith>());
  ASSERT_TRUE(added.ok()) << added.to_string();

  Instance instance(*parse_endpoint(kAddress));
  registration_ = open(options_, to_registry_, server_.loop)->announce(kService, instance);
  settle();
  ASSERT_TRUE(registration_->status().ok()) << registration_->status().to_string();
  discovery_ = open(options_, looks_, client_.loop)->discover(kService);
  settle();
  ASSERT_TRUE(discovery_->view().known()) << discovery_->view().status.to_string();
  std::vector<Instance> last = *discovery_->view().servers;
  ASSERT_EQ(last.size(), 1u);
  watch_ = discovery_->watch([this, last](const ServerView& view) mutable {
    if (*view.servers == last) return;
    last = *view.servers;
    ++changes_;
  });
  ClusterOptions options;
  options.client.dialer = borrowed(calls_);
  cluster_ = std::make_unique<Cluster>(discovery_, client_.loop.pool(), options);
  settle();
}

void RegistryTown::pass(std::chrono::nanoseconds time) {
  for (; time.count() > 0; time -= kStep) {
    for (Party* one : {&registry_, &server_, &client_}) {
      one->ahead += std::min(time, kStep) * one->rate;
      auto whole = std::chrono::duration_cast<std::chrono::nanoseconds>(one->ahead);
      one->ahead -= whole;
      one->loop.clock().advance(whole);
    }
    settle();
  }
}

bool RegistryTown::call() {
  bool answered = false;
  Call<std::int64_t> call = arith::ArithStub(*cluster_).Multiply({6, 7});
  call.then([&](Result<std::int64_t> result) { answered = result.ok() && *result == 42; });
  settle();
  return answered;
}

bool RegistryTown::is_listed() {
  MemoryLink& link = *links_.emplace_back(std::make_unique<MemoryLink>());
  Loop& loop = registry_.loop.loop();
  registry_server_->serve(loop, link.right().open(loop, "test"));
  link.left().send(
      "GET /_geerpc_/registry HTTP/1.1\r\nHost: registry\r\nConnection: close\r\n\r\n");
  settle();
  const std::string answer = link.left().take_received();
  EXPECT_NE(answer.find("\r\nX-Geerpc-Servers: "), std::string::npos) << answer;
  return answer.find(kAddress) != std::string::npos;
}

void RegistryTown::settle() {
  bool moved = true;
  while (moved) {
    moved = connect_all();
    moved = carry() || moved;
    for (Party* one : {&registry_, &server_, &client_}) {
      moved = one->loop.io().poll() > 0 || moved;
    }
  }
}

// Puts servers at the far ends of new connections.
bool RegistryTown::connect_all() {
  bool any = false;
  for (; looked_ < looks_.streams(); ++looked_) {
    Loop& loop = registry_.loop.loop();
    registry_server_->serve(loop, looks_.server(looked_).open(loop, "client"));
    any = true;
  }
  for (; called_ < calls_.streams(); ++called_) {
    Loop& loop = server_.loop.loop();
    arith_server_->serve(loop, calls_.server(called_).open(loop, "client"));
    any = true;
  }
  for (; passed_on_ < to_registry_.streams(); ++passed_on_) {
    passages_.emplace_back().index = passed_on_;
    any = true;
  }
  return any;
}

bool RegistryTown::carry() {
  bool any = false;
  for (Passage& passage : passages_) any = carry(passage) || any;
  std::erase_if(passages_, [](const Passage& passage) { return passage.over; });
  return any;
}

// Moves what has come from either side to the other one.
bool RegistryTown::carry(Passage& passage) {
  MemoryEnd& near = to_registry_.server(passage.index);
  const bool given_up = near.end_received();
  const std::string request = near.take_received();
  if (!passage.onward && !request.empty()) {
    set_out(passage, request);
  } else if (!request.empty()) {
    passage.onward->left().send(request);
  }
  bool any = !request.empty();
  if (passage.onward) {
    const bool ended = passage.onward->left().end_received();
    const std::string answer = passage.onward->left().take_received();
    if (passage.fate != Fate::kAnswerIsLost) {
      near.send(answer);
      if (ended) near.shutdown_write();
    }
    any = any || !answer.empty();
    passage.over = ended || given_up;
  }
  passage.over = passage.over || given_up;
  if (passage.over && passage.onward) {
    // The registry's end sees this later.
    passage.onward->left().close();
    links_.push_back(std::move(passage.onward));
  }
  return any || passage.over;
}

void RegistryTown::set_out(Passage& passage, std::string_view request) {
  if (request.starts_with("POST")) {
    ++heartbeats_;
    passage.fate = fate_();
    if (passage.fate != Fate::kArrives) ++lost_;
  }
  if (passage.fate == Fate::kIsLost) return;
  if (passage.fate == Fate::kBreaks) {
    to_registry_.server(passage.index).reset();
    passage.over = true;
    return;
  }
  passage.onward = std::make_unique<MemoryLink>();
  Loop& loop = registry_.loop.loop();
  registry_server_->serve(loop, passage.onward->right().open(loop, "server"));
  passage.onward->left().send(request);
}

void RegistryTown::withdraw() {
  bool over = false;
  registration_->async_withdraw([&over] { over = true; });
  settle();
  EXPECT_TRUE(over);
  registration_.reset();
}

}  // namespace tern::test
