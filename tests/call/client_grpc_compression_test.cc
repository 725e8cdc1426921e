// What a client of gRPC compresses, and when.
#include <gmock/gmock.h>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "call/client_grpc_fixture.h"
#include "wire/grpc/compression.h"

namespace tern::test {
namespace {

using testing::HasSubstr;

struct Message {
  bool compressed = false;
  std::string bytes;  // as they were before they were compressed
  bool operator==(const Message&) const = default;
};

class ClientGrpcCompression : public ClientGrpc {
 protected:
  static CallOptions compressed(Compression how) {
    CallOptions call;
    call.grpc_compression = how;
    return call;
  }
  std::vector<Message> messages(std::int32_t stream) {
    std::vector<Message> messages;
    std::string_view body = server().request(stream).body;
    while (body.size() >= 5) {
      std::size_t size = 0;
      for (std::size_t i = 1; i < 5; ++i) size = size << 8 | static_cast<unsigned char>(body[i]);
      Message message{body[0] == 1, std::string(body.substr(5, size))};
      if (message.compressed) {
        Buffer out;
        EXPECT_TRUE(wire::grpc::gunzip(as_bytes(message.bytes), 1 << 20, out).ok());
        message.bytes = as_text(out.view());
      }
      messages.push_back(std::move(message));
      body.remove_prefix(std::min(body.size(), 5 + size));
    }
    EXPECT_TRUE(body.empty());
    return messages;
  }
  std::string_view encoding(std::int32_t stream) {
    return server().request(stream).field("grpc-encoding");
  }

  const std::string long_ = std::string(100, 'x');
  const std::vector<Message> zipped_ = {{true, text(long_)}};
  const std::vector<Message> plain_ = {{false, text(long_)}};
};

TEST_F(ClientGrpcCompression, IsNotThereUnlessItIsAskedFor) {
  auto outcome = watch(stub().Echo(long_));
  exchange();
  EXPECT_EQ(encoding(1), "");
  EXPECT_EQ(messages(1), plain_);
}

TEST_F(ClientGrpcCompression, IsOfAllCallsOfAClientThatIsMadeSo) {
  options.grpc_compression = Compression::kGzip;
  auto outcome = watch(stub().Echo(long_));
  exchange();
  EXPECT_EQ(encoding(1), "gzip");
  EXPECT_EQ(messages(1), zipped_);
  EXPECT_LT(server().request(1).body.size(), long_.size() / 2);
  reply(1, text("done"));
  EXPECT_EQ(outcome->value(), "done");
}

TEST_F(ClientGrpcCompression, IsOfOneCallThatAsksForIt) {
  exchange_settings();
  auto with = watch(stub().Echo(long_, compressed(Compression::kGzip)));
  auto without = watch(stub().Echo(long_));
  exchange();
  EXPECT_EQ(encoding(3), "gzip");
  EXPECT_EQ(messages(3), zipped_);
  EXPECT_EQ(encoding(5), "");
  EXPECT_EQ(messages(5), plain_);
}

TEST_F(ClientGrpcCompression, IsNotOfACallThatWantsNone) {
  options.grpc_compression = Compression::kGzip;
  auto outcome = watch(stub().Echo(long_, compressed(Compression::kIdentity)));
  exchange();
  EXPECT_EQ(encoding(1), "");
  EXPECT_EQ(messages(1), plain_);
}

TEST_F(ClientGrpcCompression, LeavesWhatItDoesNotShortenAsItIs) {
  options.grpc_compression = Compression::kGzip;
  auto outcome = multiply(6, 7);
  exchange();
  EXPECT_EQ(encoding(1), "gzip");
  EXPECT_EQ(server().request(1).body, grpc_message("\x08\x06\x10\x07"));
}

TEST_F(ClientGrpcCompression, IsOfTheArgumentOfAStream) {
  ServerStream<std::string> watching = relay().Watch(long_, compressed(Compression::kGzip));
  exchange();
  EXPECT_EQ(encoding(1), "gzip");
  EXPECT_EQ(messages(1), zipped_);
}

TEST_F(ClientGrpcCompression, IsOfEachMessageOfAStreamThatItShortens) {
  exchange_settings();
  ClientStream<std::string, std::int64_t> upload = relay().Upload(compressed(Compression::kGzip));
  ClientStream<std::string, std::int64_t> other = relay().Upload();
  exchange();
  for (const std::string& line : {long_, std::string("short"), long_}) {
    EXPECT_TRUE(upload.try_write(line));
    EXPECT_TRUE(other.try_write(line));
  }
  exchange();
  EXPECT_EQ(encoding(3), "gzip");
  EXPECT_EQ(messages(3), (std::vector<Message>{
                             {true, text(long_)}, {false, text("short")}, {true, text(long_)}}));
  EXPECT_EQ(encoding(5), "");
  EXPECT_EQ(messages(5), (std::vector<Message>{
                             {false, text(long_)}, {false, text("short")}, {false, text(long_)}}));
}

TEST_F(ClientGrpcCompression, CanBeSwitchedBetweenTheMessagesOfAStream) {
  exchange_settings();
  ClientStream<std::string, std::int64_t> upload = relay().Upload(compressed(Compression::kGzip));
  BidiStream<std::string, std::string> chat = relay().Chat(compressed(Compression::kGzip));
  chat.set_compression(Compression::kIdentity);  // before it has a connection
  exchange();
  for (const Compression how :
       {Compression::kGzip, Compression::kIdentity, Compression::kIdentity, Compression::kGzip}) {
    upload.set_compression(how);
    EXPECT_TRUE(upload.try_write(long_));
  }
  EXPECT_TRUE(chat.try_write(long_));
  chat.set_compression(Compression::kGzip);
  EXPECT_TRUE(chat.try_write(long_));
  exchange();
  EXPECT_EQ(
      messages(3),
      (std::vector<Message>{
          {true, text(long_)}, {false, text(long_)}, {false, text(long_)}, {true, text(long_)}}));
  EXPECT_EQ(messages(5), (std::vector<Message>{{false, text(long_)}, {true, text(long_)}}));
}

// Its head has said how its messages can be.
TEST_F(ClientGrpcCompression, CannotBeSwitchedOnInAStreamThatWasOpenedWithout) {
  exchange_settings();
  ClientStream<std::string, std::int64_t> upload = relay().Upload();
  exchange();
  upload.set_compression(Compression::kGzip);
  EXPECT_TRUE(upload.try_write(long_));
  exchange();
  EXPECT_EQ(encoding(3), "");
  EXPECT_EQ(messages(3), plain_);
}

TEST_F(ClientGrpcCompression, OfACallThatWaitedForItsConnectionIsAsItWasAskedFor) {
  CallOptions call = compressed(Compression::kGzip);
  call.wait_for_ready = true;
  dialer->fail_next(Status(Code::kUnavailable, "refused"));
  auto outcome = watch(stub().Echo(long_, call));
  loop.settle();
  loop.advance(10s);
  exchange();
  EXPECT_EQ(messages(1), zipped_);
}

TEST_F(ClientGrpcCompression, ThatAServerDoesNotKnowIsUnimplemented) {
  options.grpc_compression = Compression::kGzip;
  auto outcome = watch(stub().Echo(long_));
  exchange();
  refuse(1, {{"grpc-status", "12"},
             {"grpc-message", "gzip is not supported"},
             {"grpc-accept-encoding", "identity"}});
  EXPECT_EQ(outcome->code(), Code::kUnimplemented);
  EXPECT_THAT(outcome->message(), HasSubstr("gzip is not supported"));
}

TEST_F(ClientGrpcCompression, IsNothingToOtherProtocols) {
  ClientOptions other = options;
  other.grpc_compression = Compression::kGzip;
  Client native("tcp@127.0.0.1:7", loop.pool(), other);
  auto outcome = watch(arith::ArithStub(native).Echo(long_));
  loop.settle();
  EXPECT_THAT(dialer->server(0).take_received(), HasSubstr(long_));
}

}  // namespace
}  // namespace tern::test
