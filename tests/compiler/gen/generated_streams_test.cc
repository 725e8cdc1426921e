// A stub whose streams a skeleton serves: the runtime's own streams between them, and no sockets.
#include <gtest/gtest.h>

#include <asio/co_spawn.hpp>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "awkward_streams.service.h"
#include "direct_call.h"
#include "stream/stream_pair.h"
#include "streams.service.h"
#include "tern/channel.h"

namespace tests::streams {
namespace {

// Its end goes behind the messages of its stream.
class StreamCall final : public tern::test::DirectCall {
 public:
  using Ended = std::function<void(const tern::Status&)>;

  StreamCall(const tern::Method& method, const void* argument, tern::CallRef caller,
             asio::io_context& io, std::shared_ptr<tern::StreamState> stream, Ended ended)
      : DirectCall(method, argument, std::move(caller), io),
        stream_(std::move(stream)),
        ended_(std::move(ended)) {}

  void send_reply(const tern::TypeOps& type, const void* value) override {
    const bool is_message = tern::server_streams(method_.kind);
    EXPECT_EQ(&type, is_message ? &tern::type_ops<tern::Nothing>() : &method_.result());
    send_error(tern::test::copy_value(type, value, caller_->reply_slot()));
  }
  void send_error(const tern::Status& status) override {
    outcome_ = status;
    ended_(status);
  }
  // What the client does when the end has arrived.
  void complete() {
    if (outcome_) caller_->complete(*outcome_);
  }

 private:
  std::shared_ptr<tern::StreamState> stream() override { return stream_; }

  std::shared_ptr<tern::StreamState> stream_;
  Ended ended_;
  std::optional<tern::Status> outcome_;
};

class Answers final : public StoreService {
 public:
  tern::Reply<void> Watch(tern::ServerContext&, WatchRequest request,
                          tern::Writer<Change> out) override {
    return watch(std::move(request), std::move(out));
  }
  tern::Reply<Summary> Upload(tern::ServerContext&, tern::Reader<Change> in) override {
    return upload(std::move(in));
  }
  tern::Reply<void> Chat(tern::ServerContext&, tern::Reader<Change> in,
                         tern::Writer<Summary> out) override {
    return chat(std::move(in), std::move(out));
  }
  tern::Reply<Change> Get(tern::ServerContext&, std::string value) override {
    return Change(value, "value", 1);
  }
  tern::Reply<void> All(tern::ServerContext&, tern::Writer<Change> out) override {
    EXPECT_TRUE(out.try_write(Change("all", "", 1)));
    return {};
  }
  tern::Reply<void> Drop(tern::ServerContext&, tern::Reader<std::string> in) override {
    return drop(std::move(in));
  }
  tern::Reply<void> Log(tern::ServerContext&, Entry request, tern::Writer<Entry> out) override {
    EXPECT_TRUE(out.try_write(Entry(request.class_ + 1)));
    return {};
  }
  tern::Reply<void> Both(tern::ServerContext&, tern::Reader<common::Point>,
                         tern::Writer<common::Point>) override {
    return tern::Status(tern::Code::kUnimplemented, "not any more");
  }

  std::vector<std::string> dropped;

 private:
  // Three revisions behind that of the request.
  static asio::awaitable<tern::Result<void>> watch(WatchRequest request, tern::Writer<Change> out) {
    Change change;
    change.key = request.key;
    for (int i = 1; i <= 3; ++i) {
      change.revision = request.revision + i;
      if (!co_await out.write(change)) co_return out.status();
      if (request.key == "gone") co_return Gone(request.key);
    }
    co_return tern::Result<void>();
  }
  static asio::awaitable<tern::Result<Summary>> upload(tern::Reader<Change> in) {
    Summary summary;
    Change change;
    while (co_await in.read(change)) ++summary.messages;
    if (!in.status().ok()) co_return in.status();
    co_return summary;
  }
  static asio::awaitable<tern::Result<void>> chat(tern::Reader<Change> in,
                                                  tern::Writer<Summary> out) {
    Summary summary;
    Change change;
    while (co_await in.read(change)) {
      ++summary.messages;
      if (!co_await out.write(summary)) co_return out.status();
    }
    co_return in.status();
  }
  asio::awaitable<tern::Result<void>> drop(tern::Reader<std::string> in) {
    std::string text;
    while (co_await in.read(text)) dropped.push_back(text);
    co_return in.status();
  }
};

class GeneratedStreams : public tern::test::StreamPair, public tern::Channel {
 protected:
  void start(const tern::Method& method, const void* argument, const tern::CallOptions&,
             tern::CallRef call) override {
    const std::uint64_t id = calls_.size() + 1;
    calls_.push_back(std::make_unique<StreamCall>(
        method, argument, std::move(call), loop_.io(), opened_.handler,
        [this, id](const tern::Status& outcome) { handler_.reply(id, outcome); }));
    const std::span<const tern::Method> methods = service_.methods();
    for (std::size_t i = 0; i < methods.size(); ++i) {
      if (methods[i].id == method.id) return service_.dispatch(i, *calls_.back());
    }
    FAIL() << "no method " << method.name;
  }
  std::shared_ptr<tern::StreamState> make_stream(const tern::Method& method) override {
    opened_ = open(method.kind);
    return opened_.caller;
  }

  // Runs a caller to its end.
  void run(std::function<asio::awaitable<void>()> caller) {
    bool done = false;
    asio::co_spawn(loop_.io(), std::move(caller), [&done](std::exception_ptr thrown) {
      EXPECT_EQ(thrown, nullptr);
      done = true;
    });
    for (int turns = 0; !done && turns < 100; ++turns) {
      turn();
      for (std::size_t i = 0; i < calls_.size(); ++i) {
        const bool has_ended = caller_.streams.find(i + 1) == nullptr;
        if (has_ended) calls_[i]->complete();
      }
    }
    ASSERT_TRUE(done);
    settle();
  }

  Answers service_;
  StoreStub stub_{*this};
  Opened opened_;
  std::vector<std::unique_ptr<StreamCall>> calls_;
};

TEST_F(GeneratedStreams, GiveTheCallerWhatTheHandlerWrites) {
  tern::ServerStream<Change> changes = stub_.Watch(WatchRequest("a", 7));
  std::vector<std::int64_t> revisions;
  run([&]() -> asio::awaitable<void> {
    Change change;
    while (co_await changes.read(change)) revisions.push_back(change.revision);
  });
  EXPECT_EQ(revisions, (std::vector<std::int64_t>{8, 9, 10}));
  EXPECT_TRUE(changes.status().ok()) << changes.status().to_string();
}

TEST_F(GeneratedStreams, EndWithADeclaredErrorBehindTheMessages) {
  tern::ServerStream<Change> changes = stub_.Watch(WatchRequest("gone", 7));
  int messages = 0;
  run([&]() -> asio::awaitable<void> {
    Change change;
    while (co_await changes.read(change)) ++messages;
  });
  EXPECT_EQ(messages, 1);
  const tern::Status end = changes.status();
  ASSERT_NE(end.as<Gone>(), nullptr) << end.to_string();
  EXPECT_EQ(end.as<Gone>()->key, "gone");
}

TEST_F(GeneratedStreams, GiveTheHandlerWhatTheCallerWritesAndTheCallerItsResult) {
  tern::ClientStream<Change, Summary> upload = stub_.Upload();
  std::optional<tern::Result<Summary>> summary;
  run([&]() -> asio::awaitable<void> {
    Change change;
    for (int i = 0; i < 5; ++i) EXPECT_TRUE(co_await upload.write(change));
    summary = co_await upload.finish();
  });
  ASSERT_TRUE(summary && summary->ok());
  EXPECT_EQ((*summary)->messages, 5);
}

TEST_F(GeneratedStreams, GoBothWays) {
  tern::BidiStream<Change, Summary> chat = stub_.Chat();
  std::vector<std::int64_t> counts;
  run([&]() -> asio::awaitable<void> {
    Change change;
    Summary summary;
    for (int i = 0; i < 3; ++i) {
      EXPECT_TRUE(co_await chat.write(change));
      EXPECT_TRUE(co_await chat.read(summary));
      counts.push_back(summary.messages);
    }
    chat.end_writing();
    EXPECT_FALSE(co_await chat.read(summary));
  });
  EXPECT_EQ(counts, (std::vector<std::int64_t>{1, 2, 3}));
  EXPECT_TRUE(chat.status().ok()) << chat.status().to_string();
}

TEST_F(GeneratedStreams, NeedNeitherArgumentNorResult) {
  tern::ServerStream<Change> all = stub_.All();
  std::vector<Change> changes;
  run([&]() -> asio::awaitable<void> {
    Change change;
    while (co_await all.read(change)) changes.push_back(change);
  });
  EXPECT_EQ(changes, (std::vector<Change>{Change("all", "", 1)}));

  tern::ClientStream<std::string, void> drop = stub_.Drop();
  std::optional<tern::Result<void>> end;
  run([&]() -> asio::awaitable<void> {
    const std::string text = "dropped";
    EXPECT_TRUE(co_await drop.write(text));
    end = co_await drop.finish();
  });
  EXPECT_TRUE(end && end->ok());
  EXPECT_EQ(service_.dropped, (std::vector<std::string>{"dropped"}));
}

TEST_F(GeneratedStreams, StandBesideUnaryMethods) {
  tern::Call<Change> get = stub_.Get("a");
  calls_.back()->complete();
  EXPECT_EQ(get.get()->key, "a");
}

TEST_F(GeneratedStreams, AreInTheTableOfMethods) {
  const std::span<const tern::Method> methods = service_.methods();
  const tern::Method& watch = methods[0];
  EXPECT_EQ(watch.kind, tern::MethodKind::kServerStream);
  EXPECT_EQ(watch.timeout, std::chrono::hours(12));
  EXPECT_EQ(watch.message_timeout, std::chrono::seconds(30));
  EXPECT_TRUE(watch.idempotent);
  EXPECT_EQ(watch.argument().name, "tests.streams.WatchRequest");
  EXPECT_EQ(watch.result().name, "tests.streams.Change");
  const tern::Method& upload = methods[1];
  EXPECT_EQ(upload.kind, tern::MethodKind::kClientStream);
  EXPECT_EQ(upload.message_timeout.count(), 0);
  EXPECT_EQ(upload.argument().name, "tests.streams.Change");
  EXPECT_EQ(upload.resume, nullptr);
  EXPECT_EQ(methods[2].kind, tern::MethodKind::kBidiStream);
  EXPECT_EQ(methods[3].kind, tern::MethodKind::kUnary);
  EXPECT_EQ(methods[5].result().name, tern::type_ops<tern::Nothing>().name);
}

TEST_F(GeneratedStreams, ResumeByTheFieldThatTheMethodNames) {
  const tern::ResumeOps* resume = service_.methods()[0].resume;
  ASSERT_NE(resume, nullptr);
  const Change last("key", "value", 41);
  WatchRequest request("key", 7);
  resume->set_request(&request, resume->of_message(&last));
  EXPECT_EQ(request, WatchRequest("key", 41));
}

// Methods and messages called like the runtime's own types.
class AwkwardAnswers final : public awkward::flow::StreamsService {
 public:
  template <typename T>
  using In = tern::Reader<T>;
  template <typename T>
  using Out = tern::Writer<T>;
  using Context = tern::ServerContext;
  using Done = tern::Reply<void>;

  Done Reader(Context&, awkward::flow::Reader, Out<awkward::flow::Writer>) override { return {}; }
  tern::Reply<awkward::flow::Reader> Writer(Context&, In<awkward::flow::Writer>) override {
    return awkward::flow::Reader(1);
  }
  Done ServerStream(Context&, awkward::flow::ServerStream,
                    Out<awkward::flow::ServerStream>) override {
    return {};
  }
  tern::Reply<awkward::flow::ClientStream> ClientStream(Context&,
                                                        In<awkward::flow::ClientStream>) override {
    return awkward::flow::ClientStream(1);
  }
  Done BidiStream(Context&, In<awkward::flow::BidiStream>,
                  Out<awkward::flow::BidiStream>) override {
    return {};
  }
  Done MethodKind(Context&, In<awkward::flow::MethodKind>) override { return {}; }
  Done ResumeOps(Context&, awkward::flow::ResumeOps, Out<awkward::flow::ResumeOps>) override {
    return {};
  }
  Done in(Context&, In<awkward::flow::in>, Out<awkward::flow::out>) override { return {}; }
  Done out(Context&, awkward::flow::in, Out<awkward::flow::out>) override { return {}; }
  Done reader(Context&, In<awkward::flow::writer>, Out<awkward::flow::reader>) override {
    return {};
  }
  Done writer(Context&, awkward::flow::writer, Out<awkward::flow::reader>) override { return {}; }
  Done open_server_stream(Context&, Out<awkward::flow::ServerCall>) override { return {}; }
  tern::Reply<awkward::flow::Reply> call(Context&, In<awkward::flow::Reply>) override {
    return awkward::flow::Reply(1);
  }
};

TEST(GeneratedStreamsWithAwkwardNames, AreInTheTableLikeAnyOther) {
  AwkwardAnswers service;
  const std::span<const tern::Method> methods = service.methods();
  ASSERT_EQ(methods.size(), 13u);
  EXPECT_EQ(methods[0].name, "Reader");
  EXPECT_EQ(methods[0].result().name, "awkward.flow.Writer");
  const awkward::flow::out last(5);
  awkward::flow::in request;
  methods[8].resume->set_request(&request, methods[8].resume->of_message(&last));
  EXPECT_EQ(request.request, 5);
}

}  // namespace
}  // namespace tests::streams
