// Calls and their ends on a connection that works.
#include <gmock/gmock.h>

#include <deque>
#include <new>

#include "call/client_fixture.h"
#include "tern/codegen/type_ops_of.h"

namespace tern::test {
namespace {

using arith::DivideByZero;

class ClientCalls : public ClientTest {};

// A method whose argument finds no memory when it is copied, or encoded.
template <bool kCopying>
const TypeOps& starved() noexcept {
  static const TypeOps ops = [] {
    TypeOps made = type_ops<arith::Args>();
    if (kCopying) {
      made.clone = [](const void*) -> void* { throw std::bad_alloc(); };
    } else {
      made.encode_native = [](const void*, Buffer& out) -> Status {
        out.append("a part");
        throw std::bad_alloc();
      };
    }
    return made;
  }();
  return ops;
}
template <bool kCopying>
const Method& starved_method() {
  static const Method method = [] {
    Method made = arith::ArithStub::multiply();
    made.argument = &starved<kCopying>;
    return made;
  }();
  return method;
}

// A server that answers each call alone, and that has less time the more often the client reads.
TEST_F(ClientCalls, AreReadManyAtOnceIfRepliesAreToGather) {
  options.gather_replies = 2ms;
  connect();
  std::vector<OutcomePtr<std::int64_t>> outcomes;
  std::deque<std::uint64_t> unanswered;
  MemoryEnd& end = dialer->client(0);
  auto serve = [&](int calls) {
    std::size_t before = end.reads();
    for (int i = 0; i < calls; ++i) {
      while (outcomes.size() < 64) outcomes.push_back(multiply(1, 2));
      loop.settle();
      for (const SentFrame& request : server().read()) unanswered.push_back(request.id);
      std::size_t reads = end.reads();
      server().reply(unanswered.front(), 2);
      unanswered.pop_front();
      loop.settle();
      loop.advance(end.reads() == reads ? 20us : 40us);
      std::erase_if(outcomes, [](const auto& outcome) { return outcome->ok(); });
    }
    return end.reads() - before;
  };
  serve(10000);
  EXPECT_LT(serve(10000), 2500u);

  // What is left to gather when the server falls silent is late by no more than the limit.
  serve(5);
  EXPECT_GT(outcomes.size(), unanswered.size());
  loop.advance(options.gather_replies);
  std::erase_if(outcomes, [](const auto& outcome) { return outcome->ok(); });
  EXPECT_EQ(outcomes.size(), unanswered.size());
}

TEST_F(ClientCalls, AreReadAsRepliesComeUnlessAskedOtherwise) {
  connect();
  std::vector<OutcomePtr<std::int64_t>> outcomes;
  for (int i = 0; i < 64; ++i) outcomes.push_back(multiply(1, 2));
  loop.settle();
  std::vector<SentFrame> requests = server().read();
  ASSERT_EQ(requests.size(), 64u);
  for (std::size_t i = 0; i < requests.size(); ++i) {
    server().reply(requests[i].id, 2);
    loop.settle();
    loop.advance(20us);
    EXPECT_TRUE(outcomes[i]->ok()) << i;
  }
}

TEST_F(ClientCalls, SendOptionAndFirstRequestsInOneWrite) {
  auto first = multiply(6, 7);
  auto second = multiply(2, 3);
  loop.settle();

  EXPECT_EQ(dialer->client(0).writes(), 1u);
  std::string option = server().read_option();
  EXPECT_THAT(option, testing::HasSubstr("\"MagicNumber\":3927900"));
  EXPECT_THAT(option, testing::HasSubstr("\"CodecType\":\"application/x-tern\""));
  EXPECT_THAT(option, testing::HasSubstr("\"Version\":1"));
  std::vector<SentFrame> sent = server().read();
  ASSERT_EQ(sent.size(), 2u);
  EXPECT_EQ(sent[0].method_id, arith::ArithStub::multiply().id);

  server().accept();
  server().reply(sent[1].id, 6);
  server().reply(sent[0].id, 42);
  loop.settle();
  EXPECT_EQ(first->value(), 42);
  EXPECT_EQ(second->value(), 6);
  EXPECT_EQ(first->ends + second->ends, 2);
}

TEST_F(ClientCalls, ManyOfOneTurnGoOutInOneWrite) {
  connect();
  std::size_t writes = dialer->client(0).writes();
  for (int i = 0; i < 100; ++i) multiply(i, i);
  loop.settle();
  EXPECT_EQ(dialer->client(0).writes(), writes + 1);
  EXPECT_EQ(server().read().size(), 100u);
}

TEST_F(ClientCalls, StartedByCallbacksGoOutAtTheEndOfTheTurn) {
  connect();
  int started = 0;
  for (int i = 0; i < 8; ++i) {
    stub().Multiply({i, 1}).then([&](Result<std::int64_t>) {
      stub().Multiply({1, 1}).then([](Result<std::int64_t>) {});
      ++started;
    });
  }
  loop.settle();
  std::size_t writes = dialer->client(0).writes();
  std::string replies;
  for (const SentFrame& request : server().read()) {
    replies += WickedServer::reply_bytes(request.id, 0);
  }
  server().send(replies);
  loop.settle();
  EXPECT_EQ(started, 8);
  EXPECT_EQ(dialer->client(0).writes(), writes + 1);
  EXPECT_EQ(server().read().size(), 8u);
}

TEST_F(ClientCalls, CarryMetadataBothWays) {
  connect();
  CallOptions call;
  call.metadata.add("trace", "17");
  Call<std::int64_t> product = stub().Multiply({6, 7}, call);
  loop.settle();
  SentFrame request = server().read().at(0);
  EXPECT_EQ(request.metadata.get("trace"), "17");

  Metadata answer;
  answer.add("server", "wicked");
  std::int64_t value = 42;
  server().reply(request.id, type_ops<std::int64_t>(), &value, answer);
  loop.settle();
  ASSERT_TRUE(product.done());
  EXPECT_EQ(product.reply_metadata().get("server"), "wicked");
  EXPECT_EQ(*product.get(), 42);
}

TEST_F(ClientCalls, WithoutArgumentAndResultWork) {
  connect();
  auto reset = watch(stub().Reset());
  loop.settle();
  Nothing nothing;
  server().reply(server().read().at(0).id, type_ops<Nothing>(), &nothing);
  loop.settle();
  EXPECT_TRUE(reset->ok());
}

TEST_F(ClientCalls, EndWithTheErrorThatTheServerSends) {
  connect();
  auto call = multiply(1, 0);
  loop.settle();
  server().fail(server().read().at(0).id, Status(Code::kNotFound, "no such thing"));
  loop.settle();
  EXPECT_EQ(call->code(), Code::kNotFound);
  EXPECT_EQ(call->message(), "no such thing");
  EXPECT_EQ(call->ran(), HandlerRan::kYes);
}

TEST_F(ClientCalls, BelieveTheServerThatTheHandlerDidNotRun) {
  connect();
  auto call = multiply(1, 0);
  loop.settle();
  server().fail(server().read().at(0).id,
                Status(Code::kUnimplemented, "unknown method", HandlerRan::kNo));
  loop.settle();
  EXPECT_EQ(call->ran(), HandlerRan::kNo);
}

TEST_F(ClientCalls, TellDeclaredErrorsApart) {
  connect();
  auto call = watch(stub().Divide({7, 0}));
  loop.settle();
  server().fail(server().read().at(0).id, DivideByZero(7).to_status());
  loop.settle();
  EXPECT_EQ(call->code(), Code::kInvalidArgument);
  EXPECT_EQ(call->message(), "divide by zero");
  const auto* error = call->result->status().as<DivideByZero>();
  ASSERT_NE(error, nullptr);
  EXPECT_EQ(error->dividend, 7);
}

TEST_F(ClientCalls, BelieveADeclaredErrorThatTheHandlerRan) {
  connect();
  auto call = watch(stub().Divide({7, 0}));
  loop.settle();
  server().fail(server().read().at(0).id,
                DivideByZero(7).to_status().with_handler_ran(HandlerRan::kYes));
  loop.settle();
  EXPECT_EQ(call->ran(), HandlerRan::kYes);
}

TEST_F(ClientCalls, KeepTheTextOfAnErrorThatIsNotDeclared) {
  connect();
  auto call = multiply(7, 0);  // declares none
  loop.settle();
  server().fail(server().read().at(0).id, DivideByZero(7).to_status());
  loop.settle();
  EXPECT_EQ(call->message(), "divide by zero");
  EXPECT_EQ(call->result->status().as<DivideByZero>(), nullptr);
}

// K1: a reply for a call that never was.
TEST_F(ClientCalls, AnUnknownReplyIsCountedAndDropped) {
  connect();
  auto call = multiply(6, 7);
  loop.settle();
  std::uint64_t id = server().read().at(0).id;
  server().reply(id + 1000, 1);
  server().reply(0, 1);
  server().reply(id, 42);
  loop.settle();
  EXPECT_EQ(call->value(), 42);
  EXPECT_EQ(client().stats().unknown_replies, 2u);
  EXPECT_EQ(client().stats().late_replies, 0u);
}

// K2: the first of two replies wins.
TEST_F(ClientCalls, ASecondReplyIsCountedAndDropped) {
  connect();
  auto call = multiply(6, 7);
  auto other = multiply(1, 2);
  loop.settle();
  std::vector<SentFrame> sent = server().read();
  server().reply(sent[0].id, 42);
  server().reply(sent[0].id, 43);
  server().fail(sent[0].id, Status(Code::kInternal, "and an error, too"));
  server().reply(sent[1].id, 2);
  loop.settle();
  EXPECT_EQ(call->ends, 1);
  EXPECT_EQ(call->value(), 42);
  EXPECT_EQ(other->value(), 2);
  EXPECT_EQ(client().stats().late_replies, 2u);
}

// K2: a reply before there was a request.
TEST_F(ClientCalls, AReplyBeforeItsRequestIsNotKeptForIt) {
  connect();
  server().reply(2, 13);  // the id that the next call will have
  loop.settle();
  EXPECT_EQ(client().stats().unknown_replies, 1u);
  auto call = multiply(6, 7);
  loop.settle();
  EXPECT_EQ(call->ends, 0);
  server().reply(server().read().at(0).id, 42);
  loop.settle();
  EXPECT_EQ(call->value(), 42);
}

TEST_F(ClientCalls, ADroppedCallIsAnsweredToNobody) {
  connect();
  { auto dropped = stub().Multiply({6, 7}); }
  loop.settle();
  std::vector<SentFrame> sent = server().read();
  ASSERT_EQ(sent.size(), 1u);  // and no cancel
  server().reply(sent[0].id, 42);
  loop.settle();
  EXPECT_EQ(client().stats().calls_pending, 0u);
  EXPECT_EQ(client().stats().late_replies, 0u);
}

TEST_F(ClientCalls, AReplyThatCannotBeReadFailsItsCallOnly) {
  connect();
  auto broken = multiply(1, 2);
  auto good = multiply(6, 7);
  loop.settle();
  std::vector<SentFrame> sent = server().read();
  std::string text = "no number";
  server().reply(sent[0].id, type_ops<std::string>(), &text);
  server().reply(sent[1].id, 42);
  loop.settle();
  ASSERT_EQ(broken->ends, 1);
  EXPECT_FALSE(broken->ok());
  EXPECT_EQ(broken->ran(), HandlerRan::kYes);
  EXPECT_THAT(broken->message(),
              testing::HasSubstr("arith.Arith/Multiply on tcp@127.0.0.1:7: reply"));
  EXPECT_EQ(good->value(), 42);
}

TEST_F(ClientCalls, ThatFindNoMemoryFailAlone) {
  arith::Args args(6, 7);
  auto copied = watch(start_call<std::int64_t>(client(), starved_method<true>(), &args, {}));
  EXPECT_EQ(copied->ends, 1);
  EXPECT_EQ(copied->code(), Code::kInternal);
  EXPECT_EQ(copied->ran(), HandlerRan::kNo);
  connect();
  auto before = multiply(1, 2);
  auto encoded = watch(start_call<std::int64_t>(client(), starved_method<false>(), &args, {}));
  auto after = multiply(3, 4);
  EXPECT_EQ(encoded->ends, 1);
  EXPECT_EQ(encoded->code(), Code::kInternal);
  EXPECT_EQ(encoded->ran(), HandlerRan::kNo);
  loop.settle();
  std::vector<SentFrame> sent = server().read();
  ASSERT_EQ(sent.size(), 2u);
  server().reply(sent[0].id, 2);
  server().reply(sent[1].id, 12);
  loop.settle();
  EXPECT_EQ(before->value(), 2);
  EXPECT_EQ(after->value(), 12);
}

TEST_F(ClientCalls, AFrameThatNoServerSendsEndsTheConnection) {
  connect();
  auto call = multiply(6, 7);
  loop.settle();
  Buffer cancel;
  wire::native::Frames::write_bare(wire::FrameKind::kCancel, 1, {}, cancel);
  server().send(as_text(cancel.view()));
  loop.settle();
  EXPECT_EQ(call->code(), Code::kUnavailable);
  EXPECT_EQ(call->ran(), HandlerRan::kUnknown);
}

TEST_F(ClientCalls, WithAnAddressThatCannotBeReadFailWithTheReason) {
  Client broken("tcp@nowhere", loop.pool(), options);
  auto call = watch(arith::ArithStub(broken).Multiply({6, 7}));
  EXPECT_EQ(call->code(), Code::kInvalidArgument);
  EXPECT_EQ(call->ran(), HandlerRan::kNo);
  EXPECT_THAT(call->message(), testing::HasSubstr("tcp@nowhere"));
  EXPECT_EQ(broken.connect().code(), Code::kInvalidArgument);
}

TEST_F(ClientCalls, WithACodecThatIsNotKnownFailWithTheReason) {
  options.codec = "application/x-none";
  auto call = multiply(6, 7);
  EXPECT_EQ(call->code(), Code::kInvalidArgument);
  EXPECT_THAT(call->message(), testing::HasSubstr("codec \"application/x-none\" is not known"));
}

TEST_F(ClientCalls, SpeakJsonIfAskedTo) {
  options.codec = "application/x-tern+json";
  multiply(6, 7);
  loop.settle();
  EXPECT_THAT(server().read_option(), testing::HasSubstr("application/x-tern+json"));
  EXPECT_EQ(server().read().at(0).body, "{\"A\":6,\"B\":7}");
}

// The server was given a number.
TEST_F(ClientCalls, AMethodThatIsNotServedIsNamed) {
  connect();
  auto call = multiply(6, 7);
  loop.settle();
  server().fail(server().read().at(0).id,
                Status(Code::kUnimplemented, "no method of the id 0x7122af32 is served here",
                       HandlerRan::kNo));
  loop.settle();
  EXPECT_EQ(call->code(), Code::kUnimplemented);
  EXPECT_EQ(call->message(),
            "arith.Arith/Multiply on tcp@127.0.0.1:7: no method of the id 0x7122af32 is served "
            "here");
}

TEST_F(ClientCalls, AReplyToACallThatWaitedIsKnownWhenItComesLate) {
  options.limits.calls_in_flight = 10;
  CallOptions waits = wait_for_ready();
  waits.timeout = 1s;
  auto waited = multiply(1, 1, waits);
  auto hurried = multiply(2, 2);
  loop.settle();
  std::uint64_t hurried_id = server().read().at(0).id;
  server().accept();
  loop.settle();
  std::uint64_t waited_id = server().read().at(0).id;
  EXPECT_LT(waited_id, hurried_id);
  loop.advance(1s);
  EXPECT_EQ(waited->code(), Code::kDeadlineExceeded);
  server().reply(waited_id, 1);
  server().reply(hurried_id, 4);
  loop.settle();
  EXPECT_EQ(hurried->value(), 4);
  EXPECT_EQ(client().stats().late_replies, 1u);
  EXPECT_EQ(client().stats().unknown_replies, 0u);
}

}  // namespace
}  // namespace tern::test
