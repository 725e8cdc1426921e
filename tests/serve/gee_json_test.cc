// GeeRPC with JSON on a whole server, as a person types it.
#include <gtest/gtest.h>

#include <string>

#include "serve/server_fixture.h"

namespace tern::test {
namespace {

constexpr std::string_view kOption =
    "{\"MagicNumber\":3927900,\"CodecType\":\"application/json\"}\n";

class GeeJsonSession : public ServerFixture {
 protected:
  void SetUp() override { peer_ = connect_silent(); }
  std::string exchange(std::string_view text) {
    peer_->send(text);
    settle();
    return peer_->end().take_received();
  }
  bool closed() { return peer_->end().end_received(); }

 private:
  std::unique_ptr<Peer> peer_;
};

TEST_F(GeeJsonSession, AnswersAPerson) {
  EXPECT_EQ(exchange(std::string(kOption) + "{\"ServiceMethod\":\"Sample.Echo\",\"Seq\":1} \"hi\""),
            "{\"ServiceMethod\":\"Sample.Echo\",\"Seq\":1,\"Error\":\"\"}\n\"hi\"\n");
}

TEST_F(GeeJsonSession, SaysInGeeRpcsWordsThatNothingIsThereAndGoesOn) {
  EXPECT_EQ(exchange(std::string(kOption) + "{\"ServiceMethod\":\"Nope.Echo\",\"Seq\":1}{\"a\":1}"),
            "{\"ServiceMethod\":\"Nope.Echo\",\"Seq\":1,\"Error\":\"rpc server: can't find service "
            "Nope\"}\n{}\n");
  EXPECT_EQ(exchange("{\"ServiceMethod\":\"Sample.Touch\",\"Seq\":2}{}"),
            "{\"ServiceMethod\":\"Sample.Touch\",\"Seq\":2,\"Error\":\"\"}\n{}\n");
}

TEST_F(GeeJsonSession, SaysWhyItEnds) {
  EXPECT_EQ(exchange(std::string(kOption) + "{\"Seq\":1,\"Seq\":2}"),
            "{\"ServiceMethod\":\"\",\"Seq\":0,\"Error\":\"header: duplicate key \\\"Seq\\\"\"}"
            "\n{}\n");
  EXPECT_TRUE(closed());
}

TEST_F(GeeJsonSession, AnswersArgumentsThatDoNotFitAndGoesOn) {
  std::string answer =
      exchange(std::string(kOption) + "{\"ServiceMethod\":\"Sample.Echo\",\"Seq\":1}7 ");
  EXPECT_EQ(answer,
            "{\"ServiceMethod\":\"Sample.Echo\",\"Seq\":1,\"Error\":\"the argument of "
            "sample.Sample.Echo: expected a string, got 7\"}\n{}\n");
  EXPECT_EQ(exchange("{\"ServiceMethod\":\"Sample.Echo\",\"Seq\":2}\"x\""),
            "{\"ServiceMethod\":\"Sample.Echo\",\"Seq\":2,\"Error\":\"\"}\n\"x\"\n");
}

}  // namespace
}  // namespace tern::test
