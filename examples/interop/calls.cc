#include "calls.h"

#include <chrono>
#include <future>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "interop.service.h"
#include "report.h"

namespace {

bool multiply_a_thousand_times(interop::ArithStub arith) {
  constexpr std::int64_t kCalls = 1000;
  std::vector<tern::Call<std::int64_t>> calls;
  calls.reserve(kCalls);
  for (std::int64_t i = 0; i < kCalls; ++i) calls.push_back(arith.Multiply({i, i}));
  std::int64_t right = 0;
  std::int64_t i = 0;
  for (tern::Call<std::int64_t>& call : calls) {
    tern::Result<std::int64_t> square = call.get();
    if (square.ok() && *square == i * i) ++right;
    ++i;
  }
  return report("Arith.Multiply(i, i), 1000 at once: " + text_of(right) + " right replies",
                right == kCalls);
}

// Until nobody has a key left to tell: a server of the Go programs keeps those that were set while
// nobody watched.
bool watch_in_vain(interop::KVStoreServiceStub store) {
  constexpr int kKept = 20;
  tern::Result<std::string> key = store.Watch(1).get();
  for (int i = 0; key.ok() && i < kKept; ++i) key = store.Watch(1).get();
  return report("KVStoreService.Watch(1)" + text_of(key), failed_with(key, "timed out"));
}

// Which of two connections the server hears first is chance: the key is set until the watcher has
// heard of it, but not more often than a server of the Go programs bears.
bool watch(interop::KVStoreServiceStub store, interop::KVStoreServiceStub watcher) {
  constexpr int kSets = 8;
  std::promise<tern::Result<std::string>> promise;
  std::future<tern::Result<std::string>> watching = promise.get_future();
  watcher.Watch(10).then(
      [&promise](tern::Result<std::string> key) { promise.set_value(std::move(key)); });
  for (int i = 0; i < kSets && store.Set({"language", "C++"}).get().ok(); ++i) {
    if (watching.wait_for(std::chrono::milliseconds(200)) == std::future_status::ready) break;
  }
  tern::Result<std::string> key = watching.get();
  return report("KVStoreService.Watch(10)" + text_of(key), key.ok() && *key == "language");
}

}  // namespace

bool call_arith(tern::Channel& channel) {
  interop::ArithStub arith(channel);

  tern::Result<std::int64_t> product = arith.Multiply({7, 8}).get();
  bool good = report("Arith.Multiply(7, 8)" + text_of(product), product.ok() && *product == 56);
  tern::Result<interop::Quotient> quotient = arith.Divide({17, 5}).get();
  good &= report("Arith.Divide(17, 5)" + text_of(quotient),
                 quotient.ok() && *quotient == interop::Quotient(3, 2));
  quotient = arith.Divide({1, 0}).get();
  good &= report("Arith.Divide(1, 0)" + text_of(quotient), failed_with(quotient, "divide by zero"));
  good &= multiply_a_thousand_times(arith);
  return good;
}

bool call_kv_store(tern::Channel& channel, tern::Channel& watcher) {
  interop::KVStoreServiceStub store(channel);

  tern::Result<std::string> text = store.Get("nothing").get();
  bool good =
      report("KVStoreService.Get(\"nothing\")" + text_of(text), failed_with(text, "not found"));
  good &= watch_in_vain(store);
  tern::Result<void> set = store.Set({"language", "Go"}).get();
  good &= report("KVStoreService.Set(\"language\", \"Go\")" + text_of(set), set.ok());
  text = store.Get("language").get();
  good &= report("KVStoreService.Get(\"language\")" + text_of(text), text.ok() && *text == "Go");
  // Last, since it may leave keys behind in such a server, which takes ten and no more.
  good &= watch(store, interop::KVStoreServiceStub(watcher));
  return good;
}

bool call_hello(tern::Channel& channel) {
  interop::HelloServiceStub hello(channel);

  tern::Result<std::string> greeting = hello.Hello("world").get();
  bool good = report("HelloService.Hello(\"world\")" + text_of(greeting),
                     failed_with(greeting, "not login"));
  tern::Result<std::string> login = hello.Login("user:word").get();
  good &= report("HelloService.Login(\"user:word\")" + text_of(login),
                 failed_with(login, "username or password incorrect"));
  login = hello.Login("user:pass").get();
  good &= report("HelloService.Login(\"user:pass\")" + text_of(login), login.ok());
  greeting = hello.Hello("world").get();
  good &= report("HelloService.Hello(\"world\")" + text_of(greeting),
                 greeting.ok() && greeting->starts_with("Hello world, from "));
  return good;
}

bool call_foo(tern::Channel& channel) {
  interop::FooStub foo(channel);

  tern::Result<std::int64_t> sum = foo.Sum({1, 3}).get();
  bool good = report("Foo.Sum(1, 3)" + text_of(sum), sum.ok() && *sum == 4);
  auto begin = std::chrono::steady_clock::now();
  sum = foo.Sleep({1, 3}).get();
  auto took = std::chrono::steady_clock::now() - begin;
  good &= report("Foo.Sleep(1, 3)" + text_of(sum),
                 sum.ok() && *sum == 4 && took >= std::chrono::seconds(1));
  return good;
}
