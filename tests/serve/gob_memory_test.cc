// How much memory the calls of a connection that speaks gob can have together.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "codec/hostile.h"
#include "serve/gate.h"
#include "serve/server_fixture.h"
#include "tern/codegen/type_ops_of.h"
#include "wire/go/gob_client.h"

namespace tern::test {
namespace {

using namespace std::chrono_literals;

using Texts = std::vector<std::string>;
using sample::HeapGrowth;
using testing::AllOf;
using testing::Each;
using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::SizeIs;

constexpr std::size_t kSpare = 256 * 1024;  // Limits::gob_decode_overhead_bytes
constexpr std::string_view kName = "sample.Table";
constexpr std::array<Method, 1> kMethods{{{kName,
                                           "Count",
                                           method_id(kName, "Count"),
                                           &type_ops<Texts>,
                                           &type_ops<std::int64_t>,
                                           {},
                                           std::chrono::nanoseconds(0),
                                           false}}};

// Counts texts, if there are any not before the gate opens. Has them until then.
class Table final : public Service {
 public:
  explicit Table(Gate& gate) : gate_(gate) {}
  std::string_view name() const noexcept override { return kName; }
  std::span<const Method> methods() const noexcept override { return kMethods; }
  void dispatch(std::size_t, ServerCall& call) override {
    Texts texts;
    if (call.decode(texts)) call.finish(Reply<std::int64_t>(count(gate_, std::move(texts))));
  }

 private:
  static asio::awaitable<Result<std::int64_t>> count(Gate& gate, Texts texts) {
    if (!texts.empty()) co_await gate.wait();
    co_return static_cast<std::int64_t>(texts.size());
  }

  Gate& gate_;
};

class GobMemoryOfAConnection : public ServerFixture {
 protected:
  void SetUp() override {
    options().handle_timeout = 1s;
    EXPECT_TRUE(server().add(std::make_shared<Table>(gate)).ok());
    peer_ = connect_silent();
    // What a connection takes in any case, types that are told once among it.
    send(request(0, Texts()));
    EXPECT_THAT(replies(), ElementsAre("0"));
  }

  std::string request(std::uint64_t id, const Texts& texts) {
    Buffer out;
    wire::RequestHead head;
    head.id = id;
    head.method = &kMethods[0];
    EXPECT_TRUE(client_.write_request(head, type_ops<Texts>(), &texts, out).ok());
    return std::string(as_text(out.view()));
  }
  void send(std::string_view bytes) {
    peer_->send(bytes);
    settle();
  }
  MemoryEnd& server_end() { return peer_->server_end(); }

  // The replies that have come since the last call: numbers, or why there is none.
  std::vector<std::string> replies() {
    received_ += peer_->end().take_received();
    std::vector<std::string> all;
    for (std::size_t at = 0;;) {
      wire::Frame frame;
      Status why;
      const auto progress = client_.next(as_bytes(received_).subspan(at), frame, why);
      EXPECT_TRUE(why.ok()) << why.to_string();
      if (progress.step == wire::ClientProtocol::Step::kMore) return received_.erase(0, at), all;
      at += progress.consumed;
      if (progress.step != wire::ClientProtocol::Step::kFrame) continue;
      std::int64_t number = 0;
      if (frame.kind == wire::FrameKind::kError) {
        all.emplace_back(frame.message);
      } else if (client_.read_body(frame, type_ops<std::int64_t>(), &number).ok()) {
        all.push_back(std::to_string(number));
      }
    }
  }

  Gate gate;

 private:
  std::unique_ptr<Peer> peer_;
  wire::go::ClientProtocol client_{wire::go::Dialect::kNetRpc, Limits()};
  std::string received_;
};

TEST_F(GobMemoryOfAConnection, IsBoundedByItsBytesHoweverManyCallsItMakes) {
  std::string calls;
  for (std::uint64_t id = 1; id <= 200; ++id) calls += request(id, Texts(3'200));
  StreamFaults small;
  small.read_size = 1000;
  server_end().set_faults(small);
  server_end().block_reads(true);
  send(calls);
  const HeapGrowth growth;
  server_end().block_reads(false);
  settle();
  EXPECT_EQ(gate.waiting(), 2);  // of 76,784 beyond 8 times their bytes each
  EXPECT_LE(growth.most(), kSpare + 8 * (calls.size() - server_end().unread()));
  gate.open();
  settle();
  EXPECT_THAT(replies(), AllOf(SizeIs(200), Each("3200")));
}

TEST_F(GobMemoryOfAConnection, IsNoLimitForCallsThatTakeWhatTheyCameIn) {
  const Texts full(20, std::string(50, 'x'));
  for (std::uint64_t id = 1; id <= 300; ++id) send(request(id, full));
  EXPECT_EQ(gate.waiting(), 300);
  gate.open();
  settle();
  EXPECT_THAT(replies(), AllOf(SizeIs(300), Each("20")));
}

TEST_F(GobMemoryOfAConnection, ThatIsNotThereFailsTheCallAndNoOther) {
  send(request(1, Texts(5'200)) + request(2, Texts(6'000)));
  EXPECT_THAT(replies(), ElementsAre(HasSubstr(
                             "the argument of sample.Table.Count: the value needs 192000 bytes "
                             "of memory for the 6003 that came; the limit is ")));
  send(request(3, Texts(12'000)) + request(4, Texts()));
  EXPECT_THAT(replies(),
              ElementsAre(EndsWith("(Limits::gob_decode_overhead_bytes, less what running calls "
                                   "have)"),
                          "0"));
  gate.open();
  settle();
  send(request(5, Texts(6'000)) + request(6, Texts(12'000)));
  EXPECT_THAT(replies(), ElementsAre("5200", "6000",
                                     EndsWith(" and 262144 (Limits::gob_decode_overhead_bytes)")));
}

TEST_F(GobMemoryOfAConnection, IsThereAgainWhenTimeIsUp) {
  send(request(1, Texts(10'000)));
  EXPECT_EQ(gate.waiting(), 1);
  advance(1s);
  EXPECT_EQ(gate.cancelled(), 1);
  send(request(2, Texts(10'000)));
  EXPECT_EQ(gate.waiting(), 1);
  gate.open();
  settle();
  EXPECT_THAT(replies(), ElementsAre(HasSubstr("request handle timeout"), "10000"));
}

}  // namespace
}  // namespace tern::test
