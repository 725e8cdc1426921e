#include <chrono>
#include <iostream>

#include "demos.h"
#include "foo.service.h"
#include "tern/fan_out.h"

namespace {

using std::chrono::milliseconds;

std::string text_of(const tern::Result<std::int64_t>& result) {
  return result.ok() ? std::to_string(*result) : result.status().to_string();
}

template <typename Start>
void print_each(tern::Cluster& cluster, Start start) {
  auto answers = tern::call_each(cluster, start).get();
  if (!answers.ok()) {
    std::cout << "  " << answers.status().to_string() << std::endl;
    return;
  }
  for (const tern::ServerResult<std::int64_t>& answer : *answers) {
    std::cout << "  " << answer.server.endpoint.to_string() << ": " << text_of(answer.result)
              << std::endl;
  }
}

}  // namespace

bool show_broadcast(const std::shared_ptr<tern::Discovery>& servers, tern::IoPool& pool) {
  tern::Cluster cluster(servers, pool);
  tern::FanOut everyone = tern::FanOut::broadcast(cluster);
  foo::FooStub foo(everyone);

  tern::Result<std::int64_t> sum = foo.Sum({1, 2}).get();
  std::cout << "broadcast Sum(1, 2): " << text_of(sum) << std::endl;

  tern::CallOptions patient;
  patient.timeout = milliseconds(2000);
  tern::Result<std::int64_t> sleep = foo.Sleep({1, 2}, patient).get();
  std::cout << "broadcast Sleep(1, 2) in 2 s: " << text_of(sleep) << std::endl;

  std::cout << "every server's own answer:" << std::endl;
  print_each(cluster, [&](tern::Channel& server) {
    return foo::FooStub(server).Sleep({1, 2}, patient);
  });
  return sum.ok() && sleep.status().code() == tern::Code::kDeadlineExceeded;
}
