// Work on the workers: what is done with what it captures and is given.
#include "tern/blocking.h"

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <functional>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

#include "serve/handlers_fixture.h"

namespace tern::test {
namespace {

// Counts those that live. Its memory makes a sanitizer see each one that dies twice.
class Tracked {
 public:
  explicit Tracked(std::string text) : text_(std::make_unique<std::string>(std::move(text))) {
    ++live;
  }
  Tracked(const Tracked& other) : text_(std::make_unique<std::string>(other.text())) { ++live; }
  Tracked(Tracked&& other) noexcept : text_(std::move(other.text_)) { ++live; }
  Tracked& operator=(Tracked other) noexcept {
    text_.swap(other.text_);
    return *this;
  }
  ~Tracked() { --live; }

  const std::string& text() const { return *text_; }

  static inline std::atomic<int> live = 0;

 private:
  std::unique_ptr<std::string> text_;
};

struct Braced {
  Tracked tracked;
  int times = 0;
};

using Text = asio::awaitable<Result<std::string>>;

class Blocking : public Handlers {
 protected:
  Blocking() { Tracked::live = 0; }

  // What a handler answers that does its work in this way.
  template <typename Handler>
  std::string answer_of(Handler handler) {
    service().on_echo([handler](ServerContext& context, std::string text) -> Reply<std::string> {
      return handler(context, std::move(text));
    });
    auto peer = connect();
    peer->send(peer->request(1, "Ada"));
    std::vector<Answer> answers;
    settle_until([&] { return !(answers = peer->answers()).empty(); });
    return answers.at(0).text;
  }
};

TEST_F(Blocking, IsReturnedWithWhatItCaptures) {
  auto handler = [](ServerContext& context, std::string text) -> Reply<std::string> {
    Tracked tracked(std::move(text));
    return blocking(context, [tracked = std::move(tracked)] { return "Hello " + tracked.text(); });
  };
  EXPECT_EQ(answer_of(handler), "Hello Ada");
  EXPECT_EQ(Tracked::live, 0);
}

Text await_named(ServerContext& context, std::string text) {
  Tracked tracked(std::move(text));
  auto work = [tracked] { return "Hello " + tracked.text(); };
  co_return co_await blocking(context, work);
}

TEST_F(Blocking, IsAwaitedByItsName) {
  EXPECT_EQ(answer_of(await_named), "Hello Ada");
  EXPECT_EQ(Tracked::live, 0);
}

Text await_later(ServerContext& context, std::string text) {
  Tracked tracked(std::move(text));
  Text later = blocking(context, [tracked] { return "Hello " + tracked.text(); });
  co_return co_await std::move(later);
}

TEST_F(Blocking, IsAwaitedAsAnAwaitableThatHasAName) {
  EXPECT_EQ(answer_of(await_later), "Hello Ada");
  EXPECT_EQ(Tracked::live, 0);
}

Text await_arguments(ServerContext& context, std::string text) {
  Tracked tracked(text);
  Tracked moved(text);
  co_return co_await blocking(
      context,
      [](const Tracked& a, Tracked b, std::unique_ptr<std::string> c, std::string d) {
        return a.text() + b.text() + *c + d;
      },
      tracked, std::move(moved), std::make_unique<std::string>("!"), std::string("?"));
}

TEST_F(Blocking, IsAwaitedWithItsArgumentsBehindIt) {
  EXPECT_EQ(answer_of(await_arguments), "AdaAda!?");
  EXPECT_EQ(Tracked::live, 0);
}

Text await_references(ServerContext& context, std::string text) {
  Tracked tracked(std::move(text));
  std::string seen;
  auto work = [&seen](const Tracked& one) { seen = one.text(); };
  Result<void> done = co_await blocking(context, work, std::cref(tracked));
  co_return done.ok() ? Result<std::string>(seen) : Result<std::string>(done.status());
}

TEST_F(Blocking, TakesReferencesToWhatWaits) {
  EXPECT_EQ(answer_of(await_references), "Ada");
  EXPECT_EQ(Tracked::live, 0);
}

Text await_braces(ServerContext& context, std::string text) {
  Braced braced{Tracked(std::move(text)), 2};
  auto work = [](const Braced& one) { return one.tracked.text(); };
  co_return co_await blocking(context, work, braced);
}

TEST_F(Blocking, TakesAnAggregateByItsName) {
  EXPECT_EQ(answer_of(await_braces), "Ada");
  EXPECT_EQ(Tracked::live, 0);
}

std::string hello(std::string name) {
  return "Hello " + name;
}

Text await_function(ServerContext& context, std::string text) {
  co_return co_await blocking(context, &hello, std::move(text));
}

TEST_F(Blocking, TakesAFunction) {
  EXPECT_EQ(answer_of(await_function), "Hello Ada");
}

// What may be awaited at once is an awaitable. tests/serve/refused shows what the compiler says of
// what may not.
template <typename... Args>
using Answered = decltype(blocking(std::declval<ServerContext&>(), std::declval<Args>()...));

TEST_F(Blocking, IsNoAwaitableIfTheCompilerWouldDestroyItTwice) {
  Tracked tracked("");
  auto captures = [tracked] { return std::string(); };
  auto captures_number = [number = 1] { return std::to_string(number); };
  auto takes_any = [](const auto&) { return std::string(); };
  using Captures = decltype(captures);
  using TakesAny = decltype(takes_any);
  using Awaited = asio::awaitable<Result<std::string>>;
  using Twice =
      std::conditional_t<internal::kCoAwaitDestroysTwice, BlockingReply<std::string>, Awaited>;
  EXPECT_TRUE((std::is_same_v<Answered<Captures>, Twice>));
  EXPECT_TRUE((std::is_same_v<Answered<TakesAny, Braced>, Twice>));
  EXPECT_TRUE((std::is_same_v<Answered<TakesAny, Captures>, Twice>));
  EXPECT_TRUE((std::is_same_v<Answered<Captures&>, Awaited>));
  EXPECT_TRUE((std::is_same_v<Answered<decltype(captures_number)>, Awaited>));
  EXPECT_TRUE((std::is_same_v<Answered<TakesAny, Braced&>, Awaited>));
  EXPECT_TRUE((std::is_same_v<Answered<TakesAny, std::string>, Awaited>));
}

TEST_F(Blocking, OfACallThatNeverEndsLeavesTheOtherWorkersToOthers) {
  std::promise<void> end;
  std::shared_future<void> ended = end.get_future().share();
  service().on_echo([ended](ServerContext& context, std::string text) -> Reply<std::string> {
    return blocking(context, [ended, text] {
      if (text == "stuck") ended.wait();
      return text;
    });
  });
  auto peer = connect();
  peer->send(peer->request(1, "stuck"));
  for (std::uint64_t id = 2; id <= 100; ++id) peer->send(peer->request(id, "free"));
  std::size_t answered = 0;
  settle_until([&] {
    for (const Answer& answer : peer->answers()) {
      EXPECT_EQ(answer.text, "free");
      ++answered;
    }
    return answered == 99;
  });
  end.set_value();
  std::vector<Answer> last;
  settle_until([&] { return !(last = peer->answers()).empty(); });
  EXPECT_EQ(last.front().text, "stuck");
}

}  // namespace
}  // namespace tern::test
