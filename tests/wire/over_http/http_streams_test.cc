// The bytes of streams over HTTP/1.1, on a server's side. docs/http.md has them.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "tern/codegen/type_ops_of.h"
#include "wire/over_http/server.h"

namespace tern {
namespace {

using Step = wire::FrameStep;
using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

constexpr ResumeOps kResume = {
    [](const void* message) { return *static_cast<const std::int64_t*>(message); },
    [](void* request, std::int64_t position) { *static_cast<std::int64_t*>(request) = position; }};

constexpr Method method(std::string_view name, MethodKind kind, const ResumeOps* resume = nullptr) {
  return {"store.Store",
          name,
          1,
          &type_ops<std::int64_t>,
          &type_ops<std::int64_t>,
          {},
          {},
          true,
          kind,
          std::chrono::nanoseconds{0},
          resume};
}

constexpr Method kGet = method("Get", MethodKind::kUnary);
constexpr Method kWatch = method("Watch", MethodKind::kServerStream, &kResume);
constexpr Method kCount = method("Count", MethodKind::kServerStream);
constexpr Method kSum = method("Sum", MethodKind::kClientStream);
constexpr Method kChat = method("Chat", MethodKind::kBidiStream);

class StoreMethods final : public wire::MethodFinder {
 public:
  const Method* find_method(std::string_view name) const noexcept override {
    for (const Method* one : {&kGet, &kWatch, &kCount, &kSum, &kChat}) {
      if (name == fmt::format("{}.{}", one->service, one->name)) return one;
    }
    return nullptr;
  }
};

std::string envelope(std::string_view message, int flags = 0) {
  std::string text(1, static_cast<char>(flags));
  for (int shift : {24, 16, 8, 0}) text += static_cast<char>(message.size() >> shift & 0xff);
  return text.append(message);
}

std::string chunk(std::string_view bytes) {
  return fmt::format("{:x}\r\n{}\r\n", bytes.size(), bytes);
}

constexpr std::string_view kLastChunk = "0\r\n\r\n";
constexpr std::string_view kConnectHead =
    "HTTP/1.1 200 OK\r\nContent-Type: application/connect+json\r\n"
    "X-Content-Type-Options: nosniff\r\nTransfer-Encoding: chunked\r\n\r\n";

std::string post(std::string_view method, std::string_view type, std::string_view headers) {
  return fmt::format("POST /store.Store/{} HTTP/1.1\r\nHost: here\r\nContent-Type: {}\r\n{}\r\n",
                     method, type, headers);
}
std::string connect_post(std::string_view method, std::string_view body,
                         std::string_view headers = "") {
  return post(method, "application/connect+json",
              fmt::format("{}Content-Length: {}\r\n", headers, body.size())) +
         std::string(body);
}
std::string chunked_post(std::string_view method, std::string_view headers = "") {
  return post(method, "application/connect+json",
              fmt::format("{}Transfer-Encoding: chunked\r\n", headers));
}
std::string json_post(std::string_view method, std::string_view body,
                      std::string_view headers = "") {
  return post(method, "application/json",
              fmt::format("{}Content-Length: {}\r\n", headers, body.size())) +
         std::string(body);
}
std::string get(std::string_view target, std::string_view headers = "") {
  return fmt::format("GET {} HTTP/1.1\r\nHost: here\r\n{}\r\n", target, headers);
}

class HttpStreamsTest : public testing::Test {
 protected:
  static Limits short_messages() {
    Limits limits;
    limits.message_bytes = 1000;
    return limits;
  }

  // Reads all of it, as a session does; each frame in words.
  std::vector<std::string> read(std::string_view bytes) {
    std::vector<std::string> seen;
    input_ += bytes;
    std::string_view left = input_;
    while (!left.empty() && frames_.ready() && !frames_.finished()) {
      wire::Frame frame;
      Status why;
      const wire::FrameProgress progress = frames_.next(as_bytes(left), frame, why);
      if (progress.step == Step::kMore) break;
      if (progress.step == Step::kBroken) {
        seen.push_back("broken");
        frames_.write_broken(why, out_);
        left = {};
        break;
      }
      left.remove_prefix(progress.consumed);
      if (progress.step == Step::kAnswer) frames_.write_answer(out_);
      if (progress.step == Step::kFrame) seen.push_back(in_words(frame));
    }
    input_ = std::string(left);
    return seen;
  }
  // The same, a byte at a time.
  std::vector<std::string> read_bytewise(std::string_view bytes) {
    std::vector<std::string> seen;
    for (char c : bytes) {
      for (std::string& one : read({&c, 1})) seen.push_back(std::move(one));
    }
    return seen;
  }
  std::string in_words(const wire::Frame& frame) {
    std::string words;
    if (frame.kind == wire::FrameKind::kRequest) {
      id_ = frame.id;
      words = fmt::format("{} {}", frame.opens_stream ? "open" : "call", frame.method_name);
      if (!frame.opens_stream || !frame.body.empty()) {
        EXPECT_TRUE(frames_.read_body(frame, type_ops<std::int64_t>(), &argument_).ok());
        words += fmt::format(" {}", argument_);
      }
    } else {
      EXPECT_EQ(frame.kind, wire::FrameKind::kRequestStreamData);
      EXPECT_EQ(frame.id, id_);
      words = wire::is_message(frame) ? fmt::format("data {}/{}{}", as_text(frame.body),
                                                    frame.whole, frame.continues ? "+" : "")
                                      : "";
      if (frame.ends_side) words += " end";
    }
    if (!frame.refused.ok()) words = fmt::format("refused {}", frame.refused.message());
    return words;
  }

  // What the server answers with.
  void say(std::int64_t value) {
    Buffer message;
    ASSERT_TRUE(frames_.message_codec().encode(type_ops<std::int64_t>(), &value, message).ok());
    wire::StreamPiece piece;
    piece.id = id_;
    piece.bytes = message.view();
    piece.whole = message.size();
    frames_.write_stream_data(piece, out_);
  }
  wire::ReplyHead head(const Method& of, bool ends_stream = true) {
    wire::ReplyHead head;
    head.id = id_;
    head.method = &of;
    head.ends_stream = ends_stream;
    if (!metadata_.empty()) head.metadata = &metadata_;
    return head;
  }
  void end(const Method& of, std::int64_t value = 0) {
    Buffer last;
    ASSERT_TRUE(frames_.write_reply(head(of), type_ops<std::int64_t>(), &value, last).ok());
    frames_.write_stream_end(id_, last.view(), out_);
  }
  void fail(const Method& of, const Status& why) {
    Buffer last;
    frames_.write_error(head(of), why, last);
    frames_.write_stream_end(id_, last.view(), out_);
  }
  std::string written() {
    std::string text(as_text(out_.view()));
    out_.clear();
    return text;
  }

  const Limits limits_ = short_messages();
  Protocols protocols_;
  Cors cors_;
  StoreMethods methods_;
  http::Paths pages_;
  wire::over_http::ServerProtocol frames_{limits_, protocols_, cors_, pages_, &methods_};
  std::string input_;
  std::uint64_t id_ = 0;
  std::int64_t argument_ = 0;
  Metadata metadata_;
  Buffer out_;
};

// --- Connect: a server's stream ---

TEST_F(HttpStreamsTest, AServersStreamIsEnvelopesInChunks) {
  EXPECT_THAT(read(connect_post("Count", envelope("7"))), ElementsAre("open store.Store.Count 7"));
  EXPECT_FALSE(frames_.ready());
  say(1);
  say(20);
  EXPECT_EQ(written(),
            fmt::format("{}{}{}", kConnectHead, chunk(envelope("1")), chunk(envelope("20"))));
  end(kCount);
  EXPECT_EQ(written(), chunk(envelope("{}", 2)) + std::string(kLastChunk));
  EXPECT_TRUE(frames_.ready());
  EXPECT_FALSE(frames_.finished());
}

TEST_F(HttpStreamsTest, TheNextRequestOfTheConnectionIsReadBehindTheEnd) {
  EXPECT_THAT(read(connect_post("Count", envelope("7")) + json_post("Get", "8")),
              ElementsAre("open store.Store.Count 7"));
  end(kCount);
  EXPECT_THAT(read(""), ElementsAre("call store.Store.Get 8"));
}

TEST_F(HttpStreamsTest, ARequestIsReadHoweverItIsCut) {
  const std::string message = envelope("123");
  EXPECT_THAT(read_bytewise(chunked_post("Count") + chunk(message.substr(0, 3)) +
                            chunk(message.substr(3, 3)) + chunk(message.substr(6)) +
                            std::string(kLastChunk)),
              ElementsAre("open store.Store.Count 123"));
}

TEST_F(HttpStreamsTest, AnErrorComesBehindTheMessagesInTheEnd) {
  read(connect_post("Count", envelope("7")));
  say(1);
  metadata_.add("took", "3ms");
  metadata_.add("took", "\"4\"");
  fail(kCount, Status(Code::kNotFound, "no such key", HandlerRan::kYes));
  EXPECT_EQ(written(),
            fmt::format("{}{}{}{}", kConnectHead, chunk(envelope("1")),
                        chunk(envelope("{\"error\":{\"code\":\"not_found\",\"message\":\"no such "
                                       "key\"},\"metadata\":{\"took\":[\"3ms\",\"\\\"4\\\"\"]}}",
                                       2)),
                        kLastChunk));
}

TEST_F(HttpStreamsTest, AnErrorBeforeTheFirstMessageHasStatus200) {
  read(connect_post("Count", envelope("7")));
  fail(kCount, Status(Code::kNotFound, "none", HandlerRan::kYes));
  EXPECT_EQ(written(),
            fmt::format("{}{}{}", kConnectHead,
                        chunk(envelope(R"({"error":{"code":"not_found","message":"none"}})", 2)),
                        kLastChunk));
}

TEST_F(HttpStreamsTest, ACallThatIsRefusedHasItsErrorInTheEnd) {
  read(connect_post("Count", envelope("7")));
  frames_.write_error(head(kCount, false), Status(Code::kUnauthenticated, "who?"), out_);
  EXPECT_EQ(
      written(),
      fmt::format("{}{}{}", kConnectHead,
                  chunk(envelope(R"({"error":{"code":"unauthenticated","message":"who?"}})", 2)),
                  kLastChunk));
  EXPECT_TRUE(frames_.ready());
}

TEST_F(HttpStreamsTest, MetadataBeforeTheFirstMessageIsHeaders) {
  read(connect_post("Count", envelope("7")));
  Metadata first;
  first.add("Etag", "x");
  frames_.write_initial_metadata(id_, first, out_);
  EXPECT_THAT(written(), AllOf(HasSubstr("etag: x\r\n"), EndsWith("\r\n\r\n")));
  say(1);
  EXPECT_EQ(written(), chunk(envelope("1")));
}

TEST_F(HttpStreamsTest, ALongMessageLeavesInChunksOfItsOwn) {
  read(connect_post("Count", envelope("7")));
  wire::StreamPiece piece;
  piece.id = id_;
  piece.bytes = as_bytes(std::string_view("\"ab"));
  piece.whole = 6;
  piece.continues = true;
  frames_.write_stream_data(piece, out_);
  piece.bytes = as_bytes(std::string_view("cd\""));
  piece.whole = 0;
  piece.first = piece.continues = false;
  frames_.write_stream_data(piece, out_);
  EXPECT_EQ(written(), fmt::format("{}{}{}", kConnectHead, chunk(envelope("\"abcd\"").substr(0, 8)),
                                   chunk("cd\"")));
}

TEST_F(HttpStreamsTest, AMessageThatIsCutOffIsFollowedByTheEndOfTheConnection) {
  read(connect_post("Count", envelope("7")));
  wire::StreamPiece piece;
  piece.id = id_;
  piece.bytes = as_bytes(std::string_view("\"ab"));
  piece.whole = 6;
  piece.continues = true;
  frames_.write_stream_data(piece, out_);
  written();
  fail(kCount, Status(Code::kDeadlineExceeded, "late"));
  EXPECT_EQ(written(), "");
  EXPECT_TRUE(frames_.finished());
}

TEST_F(HttpStreamsTest, OneMessageMustBeInTheBody) {
  for (const std::string& body : {std::string(), envelope("1") + envelope("2")}) {
    wire::over_http::ServerProtocol fresh(limits_, protocols_, cors_, pages_, &methods_);
    const std::string bytes = connect_post("Count", body);
    wire::Frame frame;
    Status why;
    ASSERT_EQ(fresh.next(as_bytes(bytes), frame, why).step, Step::kAnswer) << body.size();
    fresh.write_answer(out_);
    EXPECT_THAT(written(),
                AllOf(StartsWith("HTTP/1.1 200 OK\r\nContent-Type: application/connect+json\r\n"),
                      HasSubstr(R"({"error":{"code":"unimplemented",)")));
  }
}

TEST_F(HttpStreamsTest, AClientOfHttp10GetsItUpToTheEndOfTheConnection) {
  read("GET /store.Store/Count HTTP/1.0\r\n\r\n");
  say(1);
  end(kCount);
  EXPECT_EQ(written(),
            "HTTP/1.1 200 OK\r\nContent-Type: application/x-ndjson\r\n"
            "X-Content-Type-Options: nosniff\r\nConnection: close\r\n\r\n1\n");
  EXPECT_TRUE(frames_.finished());
}

// --- Connect: a client's stream ---

TEST_F(HttpStreamsTest, AClientsStreamIsToldOfAtItsHeadAndReadAsItComes) {
  EXPECT_THAT(read(chunked_post("Sum")), ElementsAre("open store.Store.Sum"));
  EXPECT_TRUE(frames_.ready());
  EXPECT_TRUE(frames_.has_control_frames());
  EXPECT_THAT(read(chunk(envelope("1") + envelope("22"))), ElementsAre("data 1/1", "data 22/2"));
  EXPECT_THAT(read(std::string(kLastChunk)), ElementsAre(" end"));
  EXPECT_FALSE(frames_.ready());
  metadata_.add("took", "3ms");
  end(kSum, 23);
  EXPECT_EQ(written(),
            fmt::format("{}{}{}{}", kConnectHead, chunk(envelope("23")),
                        chunk(envelope(R"({"metadata":{"took":["3ms"]}})", 2)), kLastChunk));
  EXPECT_TRUE(frames_.ready());
}

TEST_F(HttpStreamsTest, ABodyWithALengthEndsWithItsLastMessage) {
  EXPECT_THAT(read(connect_post("Sum", envelope("1") + envelope(""))),
              ElementsAre("open store.Store.Sum", "data 1/1", " end"));
}

TEST_F(HttpStreamsTest, ABodyOfNoBytesIsAStreamOfNoMessages) {
  EXPECT_THAT(read(connect_post("Sum", "")), ElementsAre("open store.Store.Sum", " end"));
  end(kSum, 0);
  EXPECT_THAT(read(post("Sum", "application/connect+json", "")),
              ElementsAre("open store.Store.Sum", " end"));
}

TEST_F(HttpStreamsTest, AClientsStreamIsReadHoweverItIsCut) {
  EXPECT_THAT(read_bytewise(chunked_post("Sum") + chunk(envelope("12")) + std::string(kLastChunk)),
              ElementsAre("open store.Store.Sum", "data 1/2+", "data 2/0", " end"));
}

TEST_F(HttpStreamsTest, AReplyBeforeTheEndOfTheBodyEndsTheConnection) {
  read(chunked_post("Sum") + chunk(envelope("1")));
  fail(kSum, Status(Code::kInvalidArgument, "no", HandlerRan::kYes));
  EXPECT_THAT(written(), AllOf(HasSubstr("Connection: close\r\n"), EndsWith(kLastChunk)));
  EXPECT_TRUE(frames_.finished());
}

TEST_F(HttpStreamsTest, WhatAClientMustNotSendIsRefusedFromThePrefix) {
  const std::string zeros(4, '\0');
  struct Case {
    std::string bytes;
    std::string_view text;
  };
  for (const Case& one : {Case{"\1" + zeros,
                               "refused http: a message is compressed; this server "
                               "knows identity"},
                          Case{"\2" + zeros,
                               "refused http: a message has the flags 0x02; expected "
                               "0 of a client"},
                          Case{std::string("\0\0\0\x03\xe9", 5),
                               "refused a message of 1001 bytes; the limit is 1000 "
                               "(Limits::message_bytes)"}}) {
    wire::over_http::ServerProtocol fresh(limits_, protocols_, cors_, pages_, &methods_);
    const std::string bytes = chunked_post("Sum") + "fffff\r\n" + one.bytes;
    wire::Frame frame;
    Status why;
    const wire::FrameProgress opened = fresh.next(as_bytes(bytes), frame, why);
    ASSERT_EQ(opened.step, Step::kFrame);
    id_ = frame.id;
    EXPECT_EQ(fresh.next(as_bytes(bytes).subspan(opened.consumed), frame, why).step, Step::kFrame);
    EXPECT_EQ(in_words(frame), one.text);
    EXPECT_TRUE(fresh.finished());
  }
}

TEST_F(HttpStreamsTest, ABodyThatEndsInAMessageIsRefused) {
  EXPECT_THAT(
      read(chunked_post("Sum") + chunk(envelope("123").substr(0, 6)) + std::string(kLastChunk)),
      ElementsAre("open store.Store.Sum", "data 1/3+",
                  "refused http: the body ends in the middle of a message"));
}

TEST_F(HttpStreamsTest, ABodyThatIsNotHttpEndsTheStreamInItsOwnWords) {
  EXPECT_THAT(read(chunked_post("Sum") + "x"), ElementsAre("open store.Store.Sum", "broken"));
  EXPECT_THAT(written(), AllOf(StartsWith("HTTP/1.1 200 OK\r\n"),
                               HasSubstr(R"({"error":{"code":"invalid_argument")")));
}

TEST_F(HttpStreamsTest, WhoWaitsBeforeABodyIsToldToSendIt) {
  EXPECT_THAT(read(chunked_post("Sum", "Expect: 100-continue\r\n")), ElementsAre());
  EXPECT_EQ(written(), "HTTP/1.1 100 Continue\r\n\r\n");
  EXPECT_THAT(read(chunk(envelope("1"))), ElementsAre("open store.Store.Sum", "data 1/1"));
}

// --- What cannot be ---

TEST_F(HttpStreamsTest, StreamsInBothDirectionsAre505AndTheEnd) {
  EXPECT_THAT(read(chunked_post("Chat")), ElementsAre());
  EXPECT_THAT(written(), AllOf(StartsWith("HTTP/1.1 505 HTTP Version Not Supported\r\n"),
                               HasSubstr("Connection: close\r\n")));
  EXPECT_TRUE(frames_.finished());
}

TEST_F(HttpStreamsTest, TheWrongContentTypeIs415WithTheRightOnes) {
  struct Case {
    std::string_view method;
    std::string_view type;
    std::string_view accepted;
  };
  for (const Case& one :
       {Case{"Get", "application/connect+json", "application/json"},
        Case{"Get", "application/proto", "application/json"},
        Case{"Sum", "application/json", "application/connect+json"},
        Case{"Sum", "application/connect+proto", "application/connect+json"},
        Case{"Count", "application/connect+proto", "application/json, application/connect+json"},
        Case{"Count", "application/grpc-web", "application/json, application/connect+json"},
        Case{"None", "application/connect+proto", "application/json, application/connect+json"}}) {
    wire::over_http::ServerProtocol fresh(limits_, protocols_, cors_, pages_, &methods_);
    const std::string bytes = post(one.method, one.type, "Content-Length: 1\r\n") + "1";
    wire::Frame frame;
    Status why;
    ASSERT_EQ(fresh.next(as_bytes(bytes), frame, why).step, Step::kAnswer);
    fresh.write_answer(out_);
    EXPECT_THAT(written(),
                AllOf(StartsWith("HTTP/1.1 415 "),
                      HasSubstr(fmt::format("Accept-Post: {}\r\n", one.accepted)),
                      HasSubstr(fmt::format("Content-Type is \\\"{}\\\"; this method takes {}",
                                            one.type, one.accepted))));
  }
}

TEST_F(HttpStreamsTest, AStreamOfAnotherCodecIsRefusedBeforeItsBodyEnds) {
  EXPECT_THAT(read(post("Sum", "application/connect+proto", "Transfer-Encoding: chunked\r\n")),
              ElementsAre());
  EXPECT_THAT(written(), AllOf(StartsWith("HTTP/1.1 415 "), HasSubstr("Connection: close\r\n")));
  EXPECT_TRUE(frames_.finished());
}

TEST_F(HttpStreamsTest, AStreamOfAnUnknownMethodIsToldOfWithoutItsBody) {
  EXPECT_THAT(read(chunked_post("Nothing")), ElementsAre("open store.Store.Nothing"));
  frames_.write_error(head(kSum, false),
                      frames_.unknown_method("store.Store.Nothing", wire::UnknownMethod::kMethod),
                      out_);
  EXPECT_THAT(written(), AllOf(StartsWith("HTTP/1.1 200 OK\r\n"),
                               HasSubstr(R"({"error":{"code":"unimplemented")")));
  EXPECT_TRUE(frames_.finished());
}

// --- Without Connect ---

TEST_F(HttpStreamsTest, ByGetAServersStreamIsALineEach) {
  EXPECT_THAT(read(get("/store.Store/Count?message=7")), ElementsAre("open store.Store.Count 7"));
  say(1);
  say(std::int64_t{1} << 60);
  end(kCount);
  EXPECT_EQ(written(),
            fmt::format("HTTP/1.1 200 OK\r\nContent-Type: application/x-ndjson\r\n"
                        "X-Content-Type-Options: nosniff\r\nTransfer-Encoding: chunked\r\n\r\n"
                        "{}{}{}",
                        chunk("1\n"), chunk("\"1152921504606846976\"\n"), kLastChunk));
}

TEST_F(HttpStreamsTest, ByPostAServersStreamIsALineEach) {
  EXPECT_THAT(read(json_post("Count", "7", "Accept: */*\r\n")),
              ElementsAre("open store.Store.Count 7"));
  say(1);
  fail(kCount, Status(Code::kNotFound, "gone", HandlerRan::kYes));
  EXPECT_THAT(written(),
              EndsWith(fmt::format("{}{}{}", chunk("1\n"),
                                   chunk("{\"error\":{\"code\":\"not_found\",\"message\":"
                                         "\"gone\"}}\n"),
                                   kLastChunk)));
}

TEST_F(HttpStreamsTest, AnErrorBeforeTheFirstLineIsThatOfAUnaryCall) {
  read(json_post("Count", "7"));
  fail(kCount, Status(Code::kNotFound, "none", HandlerRan::kYes));
  EXPECT_THAT(written(), AllOf(StartsWith("HTTP/1.1 404 Not Found\r\nContent-Type: "
                                          "application/json\r\n"),
                               EndsWith(R"({"code":"not_found","message":"none"})")));
  EXPECT_TRUE(frames_.ready());
}

TEST_F(HttpStreamsTest, AnEventSourceGetsEvents) {
  EXPECT_THAT(read(get("/store.Store/Watch?message=3", "Accept: text/event-stream\r\n")),
              ElementsAre("open store.Store.Watch 3"));
  say(4);
  end(kWatch);
  EXPECT_EQ(
      written(),
      fmt::format("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
                  "X-Content-Type-Options: nosniff\r\nTransfer-Encoding: chunked\r\n"
                  "Cache-Control: no-cache\r\n\r\n{}{}{}",
                  chunk("id: 4\ndata: 4\n\n"), chunk("event: end\ndata: {}\n\n"), kLastChunk));
}

TEST_F(HttpStreamsTest, AnErrorIsAnEvent) {
  read(json_post("Watch", "3", "Accept: text/html, text/event-stream;q=0.5\r\n"));
  say(4);
  fail(kWatch, Status(Code::kAborted, "a\nb", HandlerRan::kYes));
  EXPECT_THAT(written(), EndsWith(chunk("event: error\ndata: {\"code\":\"aborted\",\"message\":"
                                        "\"a\\nb\"}\n\n") +
                                  std::string(kLastChunk)));
}

TEST_F(HttpStreamsTest, LastEventIdSetsTheFieldOfResume) {
  EXPECT_THAT(read(get("/store.Store/Watch?message=3",
                       "Accept: text/event-stream\r\nLast-Event-ID: 41\r\n")),
              ElementsAre("open store.Store.Watch 41"));
}

TEST_F(HttpStreamsTest, LastEventIdThatIsNoNumberIsRefused) {
  EXPECT_THAT(read(get("/store.Store/Watch", "Accept: text/event-stream\r\nLast-Event-ID: x\r\n")),
              ElementsAre());
  EXPECT_THAT(written(),
              AllOf(StartsWith("HTTP/1.1 400 "), HasSubstr("Last-Event-ID is \\\"x\\\"")));
}

TEST_F(HttpStreamsTest, AMethodThatCannotBeResumedHasNoIds) {
  EXPECT_THAT(read(get("/store.Store/Count?message=3",
                       "Accept: text/event-stream\r\nLast-Event-ID: 41\r\n")),
              ElementsAre("open store.Store.Count 3"));
  say(4);
  EXPECT_THAT(written(), EndsWith(chunk("data: 4\n\n")));
}

TEST_F(HttpStreamsTest, OtherVerbsStartNoStream) {
  EXPECT_THAT(read("HEAD /store.Store/Count HTTP/1.1\r\nHost: here\r\n\r\n"), ElementsAre());
  EXPECT_THAT(written(), AllOf(StartsWith("HTTP/1.1 405 "), HasSubstr("Allow: GET, POST\r\n")));
  EXPECT_THAT(read(get("/store.Store/Sum")), ElementsAre());
  EXPECT_THAT(written(), AllOf(StartsWith("HTTP/1.1 405 "), HasSubstr("Allow: POST\r\n")));
}

TEST_F(HttpStreamsTest, OriginsThatMayCallMayStream) {
  cors_.origins = {"https://page"};
  read(get("/store.Store/Count?message=3", "Origin: https://page\r\n"));
  say(1);
  EXPECT_THAT(written(), HasSubstr("Access-Control-Allow-Origin: https://page\r\n"));
  end(kCount);
  read(get("/store.Store/Count?message=3", "Origin: https://other\r\n"));
  EXPECT_THAT(written(), HasSubstr("HTTP/1.1 403 Forbidden\r\n"));
}

}  // namespace
}  // namespace tern
