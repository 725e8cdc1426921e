// Calls of gRPC whose messages are compressed, in either direction.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "serve/grpc_fixture.h"
#include "wire/grpc/compression.h"

namespace tern::test {
namespace {

using testing::HasSubstr;

const Fields kAccepts = {{"grpc-accept-encoding", "identity, deflate, gzip"}};
const Fields kSends = {{"grpc-encoding", "gzip"}};

// StringValue of `text`, compressed, behind its prefix.
std::string zipped(std::string_view text) {
  Buffer out;
  EXPECT_TRUE(wire::grpc::gzip(as_bytes(string_value(text)), out));
  return grpc_message(as_text(out.view()), 1);
}

struct Message {
  int flags = 0;
  std::string text;  // as it was before it was compressed
};

// What stands in the body of an answer.
std::vector<Message> messages_of(std::string_view body) {
  std::vector<Message> messages;
  while (body.size() >= 5) {
    std::size_t size = 0;
    for (std::size_t i = 1; i < 5; ++i) size = size << 8 | static_cast<unsigned char>(body[i]);
    Message message;
    message.flags = body[0];
    message.text = body.substr(5, size);
    if (message.flags == 1) {
      Buffer out;
      EXPECT_TRUE(wire::grpc::gunzip(as_bytes(message.text), 1 << 30, out).ok());
      message.text = as_text(out.view());
    }
    messages.push_back(std::move(message));
    body.remove_prefix(std::min(body.size(), 5 + size));
  }
  EXPECT_TRUE(body.empty());
  return messages;
}

class GrpcCompressedCalls : public GrpcFixture {
 protected:
  std::vector<Message> messages(std::int32_t stream) {
    return messages_of(client().answer(stream).body);
  }
  // The only one.
  Message message(std::int32_t stream) {
    std::vector<Message> all = messages(stream);
    EXPECT_EQ(all.size(), 1u) << field(stream, "grpc-message");
    return all.empty() ? Message() : all.front();
  }

  const std::string long_ = std::string(5000, 'x');
};

TEST_F(GrpcCompressedCalls, AreReadThoughTheServerCompressesNothing) {
  connect();
  const std::int32_t stream = call("/sample.Sample/Echo", zipped(long_), kSends);
  exchange();
  EXPECT_EQ(status(stream), "0") << field(stream, "grpc-message");
  EXPECT_EQ(message(stream).flags, 0);
  EXPECT_EQ(message(stream).text, string_value(long_));
  EXPECT_EQ(field(stream, "grpc-encoding"), "");
}

TEST_F(GrpcCompressedCalls, MayHaveMessagesThatAreNot) {
  connect();
  const std::int32_t stream = echo(long_, kSends);
  exchange();
  EXPECT_EQ(message(stream).text, string_value(long_));
}

TEST_F(GrpcCompressedCalls, HaveCompressedRepliesIfTheServerIsToldAndTheCallerAcceptsThem) {
  options().grpc_compression = Compression::kGzip;
  connect();
  const std::int32_t accepted = echo(long_, kAccepts);
  const std::int32_t other = echo(long_, {{"grpc-accept-encoding", "identity,deflate"}});
  exchange();
  EXPECT_EQ(field(accepted, "grpc-encoding"), "gzip");
  EXPECT_EQ(message(accepted).flags, 1);
  EXPECT_EQ(message(accepted).text, string_value(long_));
  EXPECT_LT(client().answer(accepted).body.size(), 200u);
  EXPECT_EQ(field(other, "grpc-encoding"), "");
  EXPECT_EQ(message(other).flags, 0);
}

TEST_F(GrpcCompressedCalls, HaveRepliesAsTheyAreWhereThoseAreShorter) {
  options().grpc_compression = Compression::kGzip;
  connect();
  const std::int32_t stream = echo("short", kAccepts);
  exchange();
  EXPECT_EQ(field(stream, "grpc-encoding"), "gzip");
  EXPECT_EQ(message(stream).flags, 0);
  EXPECT_EQ(message(stream).text, string_value("short"));
}

TEST_F(GrpcCompressedCalls, AreWhatTheHandlerSays) {
  service().on_echo([](ServerContext& context, std::string text) -> Reply<std::string> {
    context.set_compression(text[0] == 'x' ? Compression::kGzip : Compression::kIdentity);
    return text;
  });
  connect();
  const std::int32_t on = echo(long_, kAccepts);
  const std::int32_t not_accepted = echo(long_);
  options().grpc_compression = Compression::kGzip;
  exchange();
  EXPECT_EQ(message(on).flags, 1);
  EXPECT_EQ(message(not_accepted).flags, 0);
}

TEST_F(GrpcCompressedCalls, AreNotIfTheHandlerSaysSoThoughTheServerDoes) {
  service().on_echo([](ServerContext& context, std::string text) -> Reply<std::string> {
    context.set_compression(Compression::kIdentity);
    return text;
  });
  options().grpc_compression = Compression::kGzip;
  connect();
  const std::int32_t stream = echo(long_, kAccepts);
  exchange();
  EXPECT_EQ(message(stream).flags, 0);
  EXPECT_EQ(message(stream).text, string_value(long_));
}

// More than all windows of both directions, as it travels and as it becomes.
TEST_F(GrpcCompressedCalls, StreamInBothDirectionsPastAllWindows) {
  feed().chat = [](ServerContext&, Reader<std::string> in, Writer<std::string> out) {
    return test::echo(std::move(in), std::move(out));
  };
  options().grpc_compression = Compression::kGzip;
  connect();
  Fields both = kAccepts;
  both.insert(both.end(), kSends.begin(), kSends.end());
  const std::int32_t stream = client().begin(grpc_head("/feed.Feed/Chat", both));
  const std::string text(20'000, 'x');
  constexpr int kCount = 3000;
  for (int i = 0; i < kCount; ++i) client().send(stream, zipped(text), i + 1 == kCount);
  exchange();
  EXPECT_EQ(status(stream), "0") << field(stream, "grpc-message");
  EXPECT_EQ(field(stream, "grpc-encoding"), "gzip");
  const std::vector<Message> all = messages(stream);
  ASSERT_EQ(all.size(), std::size_t{kCount});
  for (const Message& one : all) {
    ASSERT_EQ(one.flags, 1);
    ASSERT_EQ(one.text, string_value(text));
  }
}

TEST_F(GrpcCompressedCalls, OfAServersStreamMayBeginToBeCompressedBeforeTheFirstMessageOnly) {
  feed().watch = [](ServerContext& context, std::string when,
                    Writer<std::string> out) -> Reply<void> {
    auto run = [](ServerContext& call, bool first,
                  Writer<std::string> to) -> asio::awaitable<Result<void>> {
      const std::string text(5000, 'y');
      if (first) call.set_compression(Compression::kGzip);
      co_await to.write(text);
      co_await to.flushed();
      call.set_compression(first ? Compression::kIdentity : Compression::kGzip);
      co_await to.write(text);
      co_await to.flushed();
      call.set_compression(Compression::kGzip);
      co_await to.write(text);
      co_return Result<void>();
    };
    return run(context, when == "first", std::move(out));
  };
  connect();
  const std::int32_t first =
      call("/feed.Feed/Watch", grpc_message(string_value("first")), kAccepts);
  const std::int32_t late = call("/feed.Feed/Watch", grpc_message(string_value("late")), kAccepts);
  exchange();
  auto flags = [&](std::int32_t stream) {
    std::string text;
    for (const Message& one : messages(stream)) {
      EXPECT_EQ(one.text, string_value(std::string(5000, 'y')));
      text += std::to_string(one.flags);
    }
    return text;
  };
  EXPECT_EQ(flags(first), "101");
  EXPECT_EQ(field(first, "grpc-encoding"), "gzip");
  EXPECT_EQ(flags(late), "000");
  EXPECT_EQ(field(late, "grpc-encoding"), "");
}

TEST_F(GrpcCompressedCalls, AreShownToInterceptorsAsTheMessagesAre) {
  struct Seeing final : StreamInterceptor {
    Status on_message(InterceptedCall&, const InterceptedMessage& message) override {
      seen.emplace_back(as_text(message.bytes));
      codecs.emplace_back(message.codec.name());
      return {};
    }
    std::vector<std::string> seen;
    std::vector<std::string> codecs;
  };
  auto seeing = std::make_shared<Seeing>();
  options().interceptors.push_back(seeing);
  options().grpc_compression = Compression::kGzip;
  feed().chat = [](ServerContext&, Reader<std::string> in, Writer<std::string> out) {
    return test::echo(std::move(in), std::move(out));
  };
  connect();
  Fields both = kAccepts;
  both.insert(both.end(), kSends.begin(), kSends.end());
  const std::int32_t stream =
      call("/feed.Feed/Chat", zipped(long_) + grpc_message(string_value("b")), both);
  exchange();
  EXPECT_EQ(status(stream), "0");
  EXPECT_EQ(messages(stream)[0].flags, 1);
  EXPECT_THAT(seeing->seen, testing::UnorderedElementsAre(string_value(long_), string_value(long_),
                                                          string_value("b"), string_value("b")));
  EXPECT_THAT(seeing->codecs, testing::Each(proto_codec().name()));
}

TEST_F(GrpcCompressedCalls, MayFillTheLimitOfAMessageAndNotPassIt) {
  options().limits.message_bytes = 6000;
  feed().upload = [](ServerContext&, Reader<std::string> in) { return join(std::move(in)); };
  connect();
  const std::string most(6000 - 3, 'x');
  const std::int32_t fits = call("/sample.Sample/Echo", zipped(most), kSends);
  const std::int32_t over = call("/sample.Sample/Echo", zipped(most + "x"), kSends);
  const std::int32_t stream_fits = call("/feed.Feed/Upload", zipped(most), kSends);
  const std::int32_t stream_over = call("/feed.Feed/Upload", zipped(most + "x"), kSends);
  const std::int32_t plain_fits = call("/feed.Feed/Upload", grpc_message(string_value(most)));
  const std::int32_t plain_over = call("/feed.Feed/Upload", grpc_message(string_value(most + "x")));
  exchange();
  for (std::int32_t stream : {fits, stream_fits, plain_fits}) {
    EXPECT_EQ(status(stream), "0") << field(stream, "grpc-message");
    EXPECT_EQ(message(stream).text, string_value(most));
  }
  for (std::int32_t stream : {over, stream_over, plain_over}) EXPECT_EQ(status(stream), "8");
  const std::string_view text =
      "a compressed message becomes more than 6000 bytes, the limit (Limits::message_bytes)";
  EXPECT_THAT(std::string(field(over, "grpc-message")), HasSubstr(text));
  EXPECT_THAT(std::string(field(stream_over, "grpc-message")), HasSubstr(text));
  // The handler of the stream finds out by itself.
  EXPECT_EQ(refused("message too large"), 2u);
}

TEST_F(GrpcCompressedCalls, ThatCannotBeReadAreInternalErrors) {
  feed().upload = [](ServerContext&, Reader<std::string> in) { return join(std::move(in)); };
  connect();
  for (const char* path : {"/sample.Sample/Echo", "/feed.Feed/Upload"}) {
    const std::int32_t no_gzip = call(path, grpc_message("this is text", 1), kSends);
    const std::int32_t no_encoding = call(path, zipped(long_));
    const std::int32_t identity = call(path, zipped(long_), {{"grpc-encoding", "identity"}});
    const std::int32_t no_message = call(path, grpc_message("\x0a\x7f"));
    exchange();
    for (std::int32_t stream : {no_gzip, no_encoding, identity, no_message}) {
      EXPECT_EQ(status(stream), "13") << path << ' ' << stream;
    }
    EXPECT_THAT(std::string(field(no_gzip, "grpc-message")), HasSubstr("incorrect header check"));
    EXPECT_THAT(std::string(field(no_encoding, "grpc-message")),
                HasSubstr("grpc-encoding names no compression"));
  }
  const std::int32_t next = echo("hello");
  exchange();
  EXPECT_EQ(status(next), "0");
}

TEST_F(GrpcCompressedCalls, OfAnUnknownEncodingAreToldWhichAreKnown) {
  connect();
  const std::int32_t stream = echo("hello", {{"grpc-encoding", "snappy"}});
  exchange();
  EXPECT_EQ(status(stream), "12");
  EXPECT_EQ(field(stream, "grpc-accept-encoding"), "identity,gzip");
  EXPECT_THAT(std::string(field(stream, "grpc-message")), HasSubstr("snappy"));
}

}  // namespace
}  // namespace tern::test
