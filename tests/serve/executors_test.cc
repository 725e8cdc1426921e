// A server that has no thread of its own: its work runs where the test says.
#include <gtest/gtest.h>

#include <asio/thread_pool.hpp>
#include <atomic>
#include <future>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>

#include "serve/http_fixture.h"
#include "tern/blocking.h"

namespace tern::test {
namespace {

using namespace std::chrono_literals;

class Executors : public HttpFixture {
 protected:
  // Blocking work on one executor, pages on another.
  void work_on(asio::any_io_executor blocking, asio::any_io_executor pages) {
    options().blocking_executor = std::move(blocking);
    options().page_executor = std::move(pages);
    options().debug_pages.loopback_only = false;
    options().debug_pages.hosts = {"here"};
    service().on_echo([this](ServerContext& context, std::string text) -> Reply<std::string> {
      return tern::blocking(context, [this, text = std::move(text)] { return work(text); });
    });
  }
  void work_on_the_loop() {
    asio::any_io_executor loop_executor = loop().io().get_executor();
    work_on(loop_executor, loop_executor);
  }
  std::string work(const std::string& text) {
    worker_ = std::this_thread::get_id();
    if (text == "wait") {
      begun_.set_value();
      release_.get_future().wait();
      released_ = true;
    }
    if (text == "stop") {
      EXPECT_THROW(server().stop(), std::logic_error);
    }
    return text;
  }

  std::thread::id worker_;
  std::promise<void> begun_;
  std::promise<void> release_;
  std::atomic<bool> released_ = false;
};

TEST_F(Executors, RunBlockingWorkAndPagesOnTheLoopItself) {
  work_on_the_loop();
  auto peer = connect();
  peer->send(peer->request(1, "hello"));
  settle();
  EXPECT_EQ(peer->answer().text, "hello");
  EXPECT_EQ(worker_, std::this_thread::get_id());
  HttpAnswer page = ask(bare("GET", "/debug/rpc"));
  EXPECT_EQ(page.status, 200);
  EXPECT_NE(page.body.find("sample.Sample"), std::string::npos);
  EXPECT_EQ(ask(bare("GET", "/metrics")).status, 200);
}

TEST_F(Executors, LetAServerEndOnOneThread) {
  work_on_the_loop();
  auto peer = connect();
  peer->send(peer->request(1, "hello"));
  std::thread::id here = std::this_thread::get_id();
  bool before = false;
  bool done = false;
  EXPECT_TRUE(server().before_stop([&] {
    EXPECT_EQ(std::this_thread::get_id(), here);
    before = true;
  }));
  server().async_stop(0s, [&] { done = true; });
  EXPECT_FALSE(before);
  settle();
  EXPECT_TRUE(before);
  peer->end().close();
  settle();
  EXPECT_TRUE(done);
}

TEST_F(Executors, AreWaitedForWhenTheServerEnds) {
  asio::thread_pool threads(1);
  work_on(threads.get_executor(), loop().io().get_executor());
  auto peer = connect();
  peer->send(peer->request(1, "wait"));
  settle();
  begun_.get_future().wait();
  EXPECT_NE(worker_, std::this_thread::get_id());
  bool done = false;
  server().async_stop(0s, [&] {
    EXPECT_TRUE(released_);  // the end is behind the work, never before it
    done = true;
  });
  settle();
  peer->end().close();
  settle();
  EXPECT_FALSE(done);
  release_.set_value();
  while (!done) {
    settle();
    std::this_thread::yield();
  }
  threads.join();
}

TEST_F(Executors, AreToldFromThreadsThatMayStopTheServer) {
  asio::thread_pool threads(1);
  work_on(threads.get_executor(), loop().io().get_executor());
  auto peer = connect();
  peer->send(peer->request(1, "stop"));
  while (peer->end().unread() == 0) settle();
  EXPECT_EQ(peer->answer().text, "stop");
  threads.join();
}

// Work that an executor destroys without having run it is done with, too.
TEST_F(Executors, MayEndBeforeTheServer) {
  std::optional<asio::thread_pool> threads(std::in_place, 1);
  work_on(threads->get_executor(), loop().io().get_executor());
  auto first = connect();
  auto second = connect();
  first->send(first->request(1, "wait"));
  settle();
  begun_.get_future().wait();
  second->send(second->request(1, "never"));
  settle();
  threads->stop();
  release_.set_value();
  threads->join();
  bool done = false;
  server().async_stop(0s, [&] { done = true; });
  first->end().close();
  second->end().close();
  settle();
  EXPECT_FALSE(done) << "the work is still queued";
  threads.reset();
  settle();
  EXPECT_TRUE(done);
}

}  // namespace
}  // namespace tern::test
