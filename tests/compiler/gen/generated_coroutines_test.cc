// Messages inside co_await expressions: g++ 12 destroys some temporaries twice there.
#include <gtest/gtest.h>

#include <asio/awaitable.hpp>
#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/io_context.hpp>
#include <string>
#include <utility>
#include <vector>

#include "everything.rpc.h"
#include "tern/call_options.h"

namespace tests::everything {
namespace {

// Long enough to be on the heap: freed twice, the program ends.
const std::string kLong(100, 'x');

asio::awaitable<std::string> name_of(const Broken& broken, tern::CallOptions = {}) {
  co_return broken.part;
}
asio::awaitable<std::string> take_name(Broken broken) {
  co_return std::move(broken.part);
}
asio::awaitable<Broken> make(std::string part) {
  co_return Broken(std::move(part), {1, 2, 3}, {});
}

// The list has a name: g++ 12 compiles no braced list of elements inside co_await.
asio::awaitable<void> pass_temporaries(int& rounds) {
  std::vector<std::int32_t> codes(100, 7);
  EXPECT_EQ(co_await name_of({kLong, codes, {}}), kLong);
  EXPECT_EQ(co_await name_of(Broken(kLong, codes, {})), kLong);
  EXPECT_EQ(co_await take_name({kLong, codes, {}}), kLong);
  EXPECT_EQ(co_await take_name(Broken()), "");
  EXPECT_EQ(co_await name_of(co_await make(kLong), {}), kLong);
  Broken made = co_await make(kLong);
  EXPECT_EQ(made.codes.size(), 3u);
  ++rounds;
}

TEST(GeneratedMessage, LivesOnceInsideCoAwait) {
  asio::io_context io;
  int rounds = 0;
  asio::co_spawn(io, pass_temporaries(rounds), asio::detached);
  io.run();
  EXPECT_EQ(rounds, 1);
}

}  // namespace
}  // namespace tests::everything
