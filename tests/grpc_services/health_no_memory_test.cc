// Every allocation fails once while watches are opened, told and given up: none keeps its place,
// and the same server goes on.
#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "grpc_services/health_service.h"
#include "integration/no_memory/program.h"

namespace tern::test {
namespace {

using grpc_services::HealthService;
using grpc_services::HealthStatuses;
using tern_grpc::HealthCheckResponse;
using tern_grpc::HealthStub;
using tern_grpc::ServingStatus;

constexpr std::size_t kWatches = 2;

// Of the server that runs.
std::weak_ptr<HealthStatuses> statuses;

std::shared_ptr<Service> make_health(Ledger&) {
  auto made = std::make_shared<HealthStatuses>(std::weak_ptr<serve::ServerCore>(), kWatches);
  statuses = made;
  return std::make_shared<HealthService>(std::move(made));
}

void watch_and_leave(Caller& caller, Ledger& ledger, Turns& turns) {
  HealthStub stub(caller.channel());
  const auto health = statuses.lock();
  health->clear("a.database");
  {
    auto server = stub.Watch({""});
    auto database = stub.Watch({"a.database"});
    turns.settle();
    health->set("a.database", true);
    turns.settle();
    health->set_all(false);
    turns.settle();
    health->set_all(true);
  }
  turns.settle();
  Call<HealthCheckResponse> check = stub.Check({"a.database"});
  ledger.watch([&check](auto done) {
    std::move(check).then([done](Result<HealthCheckResponse>) { done(); });
  });
  turns.settle();
}

// There is room for as many as ever.
void check_watches(Caller& caller, Turns& turns, std::function<void(bool)> done) {
  statuses.lock()->set_all(true);  // whatever could not be said
  HealthStub stub(caller.channel());
  std::vector<ServerStream<HealthCheckResponse>> streams;
  for (std::size_t i = 0; i < kWatches; ++i) streams.push_back(stub.Watch({""}));
  turns.settle();
  std::size_t told = 0;
  for (auto& stream : streams) {
    HealthCheckResponse message;
    if (stream.try_read(message) && message.status == ServingStatus::SERVING) ++told;
  }
  streams.clear();
  turns.settle();
  done(told == kWatches);
}

Work health_work(std::string_view name, std::string_view address) {
  Work work;
  work.name = name;
  work.address = address;
  work.make_service = make_health;
  work.make_calls = watch_and_leave;
  work.check = check_watches;
  return work;
}

TEST(HealthWithoutMemory, LosesNoPlaceOverGrpc) {
  fail_each_allocation(health_work("grpc", "grpc+unix@here"));
}

TEST(HealthWithoutMemory, LosesNoPlaceOverOurFrames) {
  fail_each_allocation(health_work("unix", "unix@here"));
}

}  // namespace
}  // namespace tern::test
