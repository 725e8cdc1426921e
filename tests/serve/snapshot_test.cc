// What the pages say of a server with connections.
#include <gtest/gtest.h>
#include <simdjson.h>

#include <array>
#include <chrono>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "http/query.h"
#include "serve/gate.h"
#include "serve/server_core.h"
#include "serve/server_fixture.h"
#include "serve/stream_fixture.h"
#include "serve/take_snapshot.h"

namespace tern::test {
namespace {

using std::chrono::seconds;

// Services of one method each, which answers with nothing.
struct ManyServices {
  class One final : public Service {
   public:
    explicit One(std::size_t number) : name_("many.S" + std::to_string(number)) {
      method_[0] = SampleService::method(SampleService::kTouch);
      method_[0].service = name_;
      method_[0].name = "Run";
      method_[0].id = method_id(name_, "Run");
    }
    std::string_view name() const noexcept override { return name_; }
    std::span<const Method> methods() const noexcept override { return method_; }
    void dispatch(std::size_t, ServerCall& call) override { call.finish(Reply<void>()); }

   private:
    std::string name_;
    std::array<Method, 1> method_{};
  };

  explicit ManyServices(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) services.push_back(std::make_shared<One>(i));
  }

  std::vector<std::shared_ptr<Service>> services;
};

class SnapshotTest : public ::testing::Test {
 protected:
  ~SnapshotTest() override {
    core_->end().async_stop(std::chrono::nanoseconds(0), [this] { stopped_ = true; });
    while (!stopped_) {
      loop_.settle();
      std::this_thread::yield();
    }
  }

  std::unique_ptr<Peer> connect() {
    auto peer = std::make_unique<Peer>();
    core_->serve(loop_.loop(), peer->server_end().open(loop_.loop(), "the test"));
    peer->send(peer->option());
    loop_.settle();
    EXPECT_TRUE(peer->option_reply().has_value());
    return peer;
  }
  // Time goes on, so that no page of before is good any more.
  std::string text(std::string_view target) {
    loop_.advance(seconds(1));
    Metadata headers;
    headers.add("host", "localhost");
    HttpHandler::Request request;
    request.verb = "GET";
    request.path = http::path_of(target);
    request.query = http::query_of(target);
    request.headers = &headers;
    request.peer_is_local = true;
    auto body = std::make_shared<std::promise<std::string>>();
    std::future<std::string> future = body->get_future();
    auto done = [body](HttpHandler::Answer answer) {
      EXPECT_EQ(answer.status, 200);
      body->set_value(std::move(answer.body));
    };
    core_->http_handlers().find(request.path).handle(request, std::move(done));
    return future.get();
  }
  simdjson::dom::element page() { return parser_.parse(text("/debug/rpc?format=json")).value(); }
  static std::uint64_t number(const simdjson::dom::element& object, std::string_view key) {
    return object[key].get_uint64().value();
  }

  TestLoop loop_;
  std::shared_ptr<ScriptedService> service_ = std::make_shared<ScriptedService>();
  std::shared_ptr<serve::ServerCore> core_ = [this] {
    ServerOptions options;
    options.log = [](std::string_view) {};
    auto core = std::make_shared<serve::ServerCore>(loop_.pool(), options);
    EXPECT_TRUE(core->add(service_).ok());
    return core;
  }();
  bool stopped_ = false;
  simdjson::dom::parser parser_;
};

TEST_F(SnapshotTest, NamesEveryMethodWithItsTypes) {
  auto peer = connect();
  simdjson::dom::element method = page()["methods"].at(0).value();
  EXPECT_EQ(method["service"].get_string().value(), "sample.Sample");
  EXPECT_EQ(method["method"].get_string().value(), "Echo");
  EXPECT_EQ(method["argument"].get_string().value(), "string");
  EXPECT_EQ(method["result"].get_string().value(), "string");
}

TEST_F(SnapshotTest, CountsCallsAndWhatTheyTook) {
  auto peer = connect();
  peer->send(peer->request(1, "one"));
  peer->send(peer->request(2, "two"));
  loop_.settle();
  simdjson::dom::element seen = page();
  EXPECT_EQ(number(seen, "calls"), 2u);
  simdjson::dom::element method = seen["methods"].at(0).value();
  EXPECT_EQ(number(method, "calls"), 2u);
  EXPECT_EQ(number(method, "running"), 0u);
  EXPECT_EQ(number(method["latency"]["histogram"].at(0).value(), "count"), 2u);
}

TEST_F(SnapshotTest, ShowsWhatAConnectionDoes) {
  auto peer = connect();
  std::string request = peer->request(1, "one");
  peer->send(request);
  loop_.settle();
  simdjson::dom::element connection = page()["connections"].at(0).value();
  EXPECT_EQ(connection["peer"].get_string().value(), "the test");
  EXPECT_EQ(connection["protocol"].get_string().value(), "tern");
  EXPECT_EQ(connection["codec"].get_string().value(), "application/x-tern");
  EXPECT_EQ(connection["open_for"].get_double().value(), 1);
  EXPECT_EQ(number(connection, "bytes_in"), peer->option().size() + request.size());
  EXPECT_GT(number(connection, "bytes_out"), 0u);
  EXPECT_EQ(number(connection, "calls_running"), 0u);
}

TEST_F(SnapshotTest, ShowsCallsThatRun) {
  auto peer = connect();
  Gate gate;
  service_->on_echo(
      [&gate](ServerContext&, std::string text) { return behind(gate, std::move(text)); });
  peer->send(peer->request(1, "one"));
  loop_.settle();
  simdjson::dom::element seen = page();
  EXPECT_EQ(number(seen, "calls_running"), 1u);
  EXPECT_EQ(number(seen["connections"].at(0).value(), "calls_running"), 1u);
  gate.open();
  loop_.settle();
  EXPECT_EQ(number(page()["connections"].at(0).value(), "calls_running"), 0u);
}

TEST_F(SnapshotTest, ShowsStreamsAndWhatTheyWaitFor) {
  auto feed = std::make_shared<FeedService>();
  ASSERT_TRUE(core_->add(feed).ok());
  feed->watch = [](ServerContext&, std::string, Writer<std::string> out) -> Reply<void> {
    return write_many(std::move(out), 1000, 1000);
  };
  StreamPeer peer;
  core_->serve(loop_.loop(), peer.server_end().open(loop_.loop(), "the test"));
  peer.send(StreamPeer::option(5000));
  loop_.settle();
  peer.send(peer.open(1, FeedService::kWatch));
  loop_.settle();
  simdjson::dom::element seen = page();
  EXPECT_EQ(number(seen, "streams_open"), 1u);
  EXPECT_EQ(number(seen, "calls_running"), 1u);
  simdjson::dom::element connection = seen["connections"].at(0).value();
  EXPECT_EQ(number(connection, "calls_running"), 1u);
  simdjson::dom::element stream = connection["streams"].at(0).value();
  EXPECT_EQ(stream["method"].get_string().value(), "Watch");
  EXPECT_EQ(stream["kind"].get_string().value(), "server stream");
  EXPECT_EQ(stream["open_for"].get_double().value(), 1);
  EXPECT_EQ(stream["waits_for"].get_string().value(), "credit of the client");
  EXPECT_GT(number(stream, "messages_out"), 50u);
  EXPECT_GT(number(stream, "bytes_out"), 4500u);
  EXPECT_LT(number(stream, "bytes_out"), 5000u);
  peer.send(peer.cancel(1));
  loop_.settle();
  seen = page();
  EXPECT_EQ(number(seen, "streams_open"), 0u);
  EXPECT_EQ(seen["connections"].at(0)["streams"].get_array().value().size(), 0u);
}

TEST_F(SnapshotTest, ForgetsConnectionsThatAreClosed) {
  auto peer = connect();
  auto other = connect();
  EXPECT_EQ(page()["connections"].get_array().value().size(), 2u);
  other->end().close();
  loop_.settle();
  simdjson::dom::element seen = page();
  EXPECT_EQ(seen["connections"].get_array().value().size(), 1u);
  EXPECT_EQ(number(seen, "connections_open"), 1u);
  EXPECT_EQ(number(seen, "connections_accepted"), 2u);
}

TEST_F(SnapshotTest, ListsTheFirstThousandConnections) {
  std::vector<std::unique_ptr<Peer>> peers;
  for (std::size_t i = 0; i < serve::kSnapshotConnections + 5; ++i) peers.push_back(connect());
  simdjson::dom::element seen = page();
  EXPECT_EQ(seen["connections"].get_array().value().size(), serve::kSnapshotConnections);
  EXPECT_EQ(number(seen, "connections_left_out"), 5u);
}

TEST_F(SnapshotTest, ListsAThousandMethodsAndThoseThatWereCalledBeforeTheOthers) {
  ManyServices many(10'000);
  for (auto& service : many.services) ASSERT_TRUE(core_->add(service).ok());
  auto peer = connect();
  peer->send(peer->request_by_name(1, "many.S9999/Run", ""));
  peer->send(peer->request(2, "one"));
  loop_.settle();
  simdjson::dom::element seen = page();
  EXPECT_EQ(seen["methods"].get_array().value().size(), serve::kSnapshotMethods);
  EXPECT_EQ(number(seen, "methods_left_out"), 3 + 10'000 - serve::kSnapshotMethods);
  EXPECT_EQ(number(seen, "calls"), 2u);
  simdjson::dom::element last = seen["methods"].at(serve::kSnapshotMethods - 1).value();
  EXPECT_EQ(last["service"].get_string().value(), "many.S9999");
  EXPECT_EQ(number(last, "calls"), 1u);
}

TEST_F(SnapshotTest, CountsRefusalsByReason) {
  auto peer = connect();
  peer->send(peer->request_by_name(1, "sample.Sample/Nothing", ""));
  loop_.settle();
  EXPECT_EQ(number(page()["refused"], "unknown method"), 1u);
}

TEST_F(SnapshotTest, HasNoNameThatAPeerMadeUp) {
  auto peer = connect();
  for (std::string target : {"/debug/rpc", "/debug/rpc?format=json", "/metrics"}) {
    std::size_t before = text(target).size();
    for (std::uint64_t id = 1; id <= 1000; ++id) {
      peer->send(peer->request_by_name(id, "made.Up/M" + std::to_string(id), ""));
      peer->send(peer->request_by_name(id, "sample.Sample/M" + std::to_string(id), ""));
    }
    loop_.settle();
    std::string after = text(target);
    EXPECT_EQ(after.find("made.Up"), std::string::npos);
    EXPECT_LT(after.size(), before + 200);  // numbers have grown, and a reason has come
  }
}

TEST_F(SnapshotTest, SaysHowLongTheServerServes) {
  auto peer = connect();
  EXPECT_EQ(page()["uptime"].get_double().value(), 1);
  EXPECT_EQ(page()["uptime"].get_double().value(), 2);
}

}  // namespace
}  // namespace tern::test
