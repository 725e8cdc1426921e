// A stub that calls a skeleton with nothing between them.
#include <gtest/gtest.h>

#include <asio/io_context.hpp>
#include <map>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "awkward.service.h"
#include "direct_call.h"
#include "everything.service.h"
#include "tern/channel.h"

namespace tests::everything {
namespace {

class DirectChannel final : public tern::Channel {
 public:
  explicit DirectChannel(tern::Service& service) : service_(service) {}

  void start(const tern::Method& method, const void* argument, const tern::CallOptions&,
             tern::CallRef call) override {
    std::span<const tern::Method> methods = service_.methods();
    for (std::size_t i = 0; i < methods.size(); ++i) {
      if (methods[i].id != method.id) continue;
      asio::io_context io;
      tern::test::DirectCall direct(methods[i], argument, std::move(call), io);
      service_.dispatch(i, direct);
      io.run();
      return;
    }
    FAIL() << "no method " << method.name;
  }

 private:
  tern::Service& service_;
};

// Answers each call in the simplest way there is.
class Answers : public EverythingService {
 public:
  tern::Reply<Scalars> Echo(tern::ServerContext&, Scalars request) override { return request; }
  tern::Reply<Optionals> EchoOptionals(tern::ServerContext&, Optionals request) override {
    return request;
  }
  tern::Reply<Lists> EchoLists(tern::ServerContext&, Lists request) override { return request; }
  tern::Reply<Maps> EchoMaps(tern::ServerContext&, Maps request) override { return request; }
  tern::Reply<Shape> EchoShape(tern::ServerContext&, Shape request) override { return request; }
  tern::Reply<Tree> EchoTree(tern::ServerContext&, Tree request) override { return request; }
  tern::Reply<bool> Bool(tern::ServerContext&, bool value) override { return !value; }
  tern::Reply<std::int32_t> Int32(tern::ServerContext&, std::int32_t value) override {
    return -value;
  }
  tern::Reply<std::int64_t> Int64(tern::ServerContext&, std::int64_t value) override {
    return -value;
  }
  tern::Reply<std::uint32_t> Uint32(tern::ServerContext&, std::uint32_t value) override {
    return value + 1;
  }
  tern::Reply<std::uint64_t> Uint64(tern::ServerContext&, std::uint64_t value) override {
    return value + 1;
  }
  tern::Reply<float> Float(tern::ServerContext&, float value) override { return value / 2; }
  tern::Reply<double> Double(tern::ServerContext&, double value) override { return value / 2; }
  tern::Reply<std::string> Text(tern::ServerContext&, std::string value) override {
    return value + value;
  }
  tern::Reply<std::vector<std::byte>> Blob(tern::ServerContext&,
                                           std::vector<std::byte> value) override {
    return value;
  }
  tern::Reply<tern::Timestamp> Later(tern::ServerContext&, tern::Timestamp value) override {
    return value + std::chrono::hours(1);
  }
  tern::Reply<tern::Duration> Longer(tern::ServerContext&, tern::Duration value) override {
    return value * 2;
  }
  tern::Reply<Color> Paint(tern::ServerContext&, Color value) override { return value; }
  tern::Reply<std::int64_t> Sum(tern::ServerContext&, std::vector<std::int64_t> values) override {
    std::int64_t sum = 0;
    for (std::int64_t value : values) sum += value;
    return sum;
  }
  tern::Reply<std::map<std::int32_t, std::vector<std::string>>> Invert(
      tern::ServerContext&, std::map<std::string, std::int32_t> values) override {
    std::map<std::int32_t, std::vector<std::string>> inverted;
    for (const auto& [key, value] : values) inverted[value].push_back(key);
    return inverted;
  }
  tern::Reply<void> Ping(tern::ServerContext&) override {
    ++pings;
    return {};
  }
  tern::Reply<tern::Timestamp> Now(tern::ServerContext&) override {
    return tern::Timestamp(std::chrono::seconds(1));
  }
  tern::Reply<void> Log(tern::ServerContext&, std::string value) override {
    throw std::runtime_error(value);
  }
  tern::Reply<common::Point> Move(tern::ServerContext&, common::Point request) override {
    return move(request);
  }
  tern::Reply<Scalars> Fail(tern::ServerContext&, std::string value) override {
    if (value == "silent") return Silent();
    return Broken(value, {}, {});
  }
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
  tern::Reply<void> Former(tern::ServerContext&, Old) override {
    return {};
  }
#pragma GCC diagnostic pop
  tern::Reply<void> delete_(tern::ServerContext&, std::string) override {
    return {};
  }
  tern::Reply<std::vector<std::string>> list(tern::ServerContext&, std::int32_t value) override {
    return std::vector<std::string>(static_cast<std::size_t>(value), "x");
  }
  tern::Reply<std::string> error(tern::ServerContext&) override {
    return Silent();
  }

  int pings = 0;

 private:
  static asio::awaitable<tern::Result<common::Point>> move(common::Point point) {
    co_return common::Point(point.y, point.x);
  }
};

class GeneratedService : public testing::Test {
 protected:
  Answers service_;
  DirectChannel channel_{service_};
  EverythingStub stub_{channel_};
};

TEST_F(GeneratedService, TakesAndGivesMessages) {
  Scalars scalars;
  scalars.text = "text";
  scalars.color = Color::Green;
  tern::Result<Scalars> echo = stub_.Echo(scalars).get();
  ASSERT_TRUE(echo.ok()) << echo.status().to_string();
  EXPECT_EQ(*echo, scalars);
}

TEST_F(GeneratedService, TakesAMessageInBraces) {
  tern::Result<common::Point> moved = stub_.Move({1, 2}).get();
  ASSERT_TRUE(moved.ok()) << moved.status().to_string();
  EXPECT_EQ(*moved, common::Point(2, 1));
}

TEST_F(GeneratedService, TakesAndGivesScalarsListsAndMaps) {
  EXPECT_EQ(*stub_.Int32(5).get(), -5);
  EXPECT_EQ(*stub_.Text("ab").get(), "abab");
  EXPECT_EQ(*stub_.Paint(Color::Green).get(), Color::Green);
  EXPECT_EQ(*stub_.Sum({1, 2, 3}).get(), 6);
  EXPECT_EQ(*stub_.Longer(std::chrono::seconds(1)).get(), std::chrono::seconds(2));
  EXPECT_EQ(stub_.Invert({{"a", 1}, {"b", 1}}).get()->at(1), (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(stub_.list(3).get()->size(), 3u);
}

TEST_F(GeneratedService, NeedsNeitherArgumentNorResult) {
  EXPECT_TRUE(stub_.Ping().get().ok());
  EXPECT_EQ(service_.pings, 1);
  EXPECT_EQ(*stub_.Now().get(), tern::Timestamp(std::chrono::seconds(1)));
}

TEST_F(GeneratedService, TellsDeclaredErrorsApart) {
  tern::Result<Scalars> broken = stub_.Fail("axle").get();
  ASSERT_NE(broken.status().as<Broken>(), nullptr);
  EXPECT_EQ(broken.status().as<Broken>()->part, "axle");
  EXPECT_NE(stub_.Fail("silent").get().status().as<Silent>(), nullptr);
}

TEST_F(GeneratedService, PassesTheExceptionOfAHandlerOn) {
  EXPECT_THROW(stub_.Log("thrown"), std::runtime_error);
}

TEST_F(GeneratedService, DescribesItsMethods) {
  EXPECT_EQ(service_.name(), "tests.everything.Everything");
  std::span<const tern::Method> methods = service_.methods();
  ASSERT_EQ(methods.size(), 29u);

  EXPECT_EQ(methods[0].name, "Echo");
  EXPECT_EQ(methods[0].service, "tests.everything.Everything");
  EXPECT_TRUE(methods[0].idempotent);
  EXPECT_EQ(methods[0].timeout.count(), 0);
  EXPECT_EQ(methods[0].argument().name, "tests.everything.Scalars");

  const tern::Method& fail = methods[24];
  EXPECT_EQ(fail.name, "Fail");
  EXPECT_EQ(fail.timeout, std::chrono::milliseconds(500));
  ASSERT_EQ(fail.errors.size(), 3u);
  EXPECT_EQ(fail.errors[2]().name, "tests.common.NotFound");

  // On the wire a method has the name of the .rpc file, also where C++ has another one.
  EXPECT_EQ(methods[26].name, "delete");
}

// Methods called like types, parameters and local variables.
class AwkwardAnswers final : public awkward::namespace_::CallsService {
 public:
  using PointMessage = awkward::namespace_::Point;
  using ColorValue = awkward::namespace_::Color;
  tern::Reply<PointMessage> Point(tern::ServerContext&, PointMessage request) override {
    return request;
  }
  tern::Reply<ColorValue> Color(tern::ServerContext&, ColorValue value) override { return value; }
  tern::Reply<awkward::namespace_::context> delete_(tern::ServerContext&,
                                                    awkward::namespace_::argument a) override {
    return awkward::namespace_::context(a.value);
  }
  tern::Reply<awkward::namespace_::call> options(tern::ServerContext&,
                                                 awkward::namespace_::context c) override {
    return awkward::namespace_::call(c.x);
  }
  tern::Reply<awkward::namespace_::argument> call(tern::ServerContext&,
                                                  awkward::namespace_::call c) override {
    return awkward::namespace_::argument(c.x);
  }
  tern::Reply<std::vector<awkward::namespace_::Empty>> Empty(tern::ServerContext&,
                                                             awkward::namespace_::Empty) override {
    return std::vector<awkward::namespace_::Empty>(2);
  }
};

TEST(GeneratedServiceWithAwkwardNames, IsCalledLikeAnyOther) {
  AwkwardAnswers service;
  DirectChannel channel(service);
  awkward::namespace_::CallsStub stub(channel);
  EXPECT_EQ(stub.delete_({3}).get()->x, 3);
  EXPECT_EQ(stub.options({4}).get()->x, 4);
  EXPECT_EQ(stub.call({5}).get()->value, 5);
  EXPECT_EQ(*stub.Color(awkward::namespace_::Color::default_).get(),
            awkward::namespace_::Color::default_);
  EXPECT_EQ(stub.Empty({}).get()->size(), 2u);
}

}  // namespace
}  // namespace tests::everything
