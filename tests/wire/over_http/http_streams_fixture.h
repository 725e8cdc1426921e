// What a server's side of HTTP makes of bytes that ask for streams, in words; and what it writes.
#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "support/http_stream_text.h"
#include "tern/codegen/type_ops_of.h"
#include "wire/over_http/server.h"

namespace tern::test {

using Step = wire::FrameStep;

inline constexpr ResumeOps kResume = {
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

inline constexpr Method kGet = method("Get", MethodKind::kUnary);
inline constexpr Method kWatch = method("Watch", MethodKind::kServerStream, &kResume);
inline constexpr Method kCount = method("Count", MethodKind::kServerStream);
inline constexpr Method kSum = method("Sum", MethodKind::kClientStream);
inline constexpr Method kChat = method("Chat", MethodKind::kBidiStream);

class StoreMethods final : public wire::MethodFinder {
 public:
  const Method* find_method(std::string_view name) const noexcept override {
    for (const Method* one : {&kGet, &kWatch, &kCount, &kSum, &kChat}) {
      if (name == fmt::format("{}.{}", one->service, one->name)) return one;
    }
    return nullptr;
  }
};

// An int64 in protobuf, as google.protobuf.Int64Value; up to 127, and of 0 nothing.
inline std::string number(int value) {
  if (value == 0) return "";
  return {'\x08', static_cast<char>(value)};
}

inline constexpr std::string_view kConnectHead =
    "HTTP/1.1 200 OK\r\nContent-Type: application/connect+json\r\n"
    "X-Content-Type-Options: nosniff\r\nTransfer-Encoding: chunked\r\n\r\n";

inline std::string post(std::string_view method, std::string_view type, std::string_view headers) {
  return fmt::format("POST /store.Store/{} HTTP/1.1\r\nHost: here\r\nContent-Type: {}\r\n{}\r\n",
                     method, type, headers);
}
inline std::string connect_post(std::string_view method, std::string_view body,
                                std::string_view headers = "") {
  return post(method, "application/connect+json",
              fmt::format("{}Content-Length: {}\r\n", headers, body.size())) +
         std::string(body);
}
inline std::string chunked_post(std::string_view method, std::string_view headers = "") {
  return post(method, "application/connect+json",
              fmt::format("{}Transfer-Encoding: chunked\r\n", headers));
}
inline std::string json_post(std::string_view method, std::string_view body,
                             std::string_view headers = "") {
  return post(method, "application/json",
              fmt::format("{}Content-Length: {}\r\n", headers, body.size())) +
         std::string(body);
}
inline std::string get(std::string_view target, std::string_view headers = "") {
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
    return bytewise(bytes, [this](std::string_view one) { return read(one); });
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
  // The beginning of a message of `whole` bytes, and the rest of it.
  void begin_message(std::string_view bytes, std::size_t whole) {
    wire::StreamPiece piece;
    piece.id = id_;
    piece.bytes = as_bytes(bytes);
    piece.whole = whole;
    piece.continues = true;
    frames_.write_stream_data(piece, out_);
  }
  void end_message(std::string_view bytes) {
    wire::StreamPiece piece;
    piece.id = id_;
    piece.bytes = as_bytes(bytes);
    piece.first = false;
    frames_.write_stream_data(piece, out_);
  }
  // A message is cut off by the end of its stream: nothing follows it on the connection.
  void expect_cut_off_by_the_end() {
    written();
    fail(kCount, Status(Code::kDeadlineExceeded, "late"));
    EXPECT_EQ(written(), "");
    EXPECT_TRUE(frames_.finished());
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

}  // namespace tern::test
