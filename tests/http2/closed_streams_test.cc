// What comes for a stream that is over (RFC 9113, section 5.1), in one piece and byte by byte.
#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

#include "http2/server_session.h"

namespace tern::http2 {
namespace {

constexpr char kData = 0;
constexpr char kHeaders = 1;
constexpr char kReset = 3;
constexpr char kGoAway = 7;
constexpr char kEndStream = 1;
constexpr char kEndHeaders = 4;
constexpr char kStreamClosed = 5;

std::string frame(char type, int flags, StreamId stream, std::string_view payload) {
  std::string bytes = {0, 0, static_cast<char>(payload.size()), type, static_cast<char>(flags), 0,
                       0, 0, static_cast<char>(stream)};
  bytes += payload;
  return bytes;
}
std::string request(StreamId stream, bool ends) {
  // HPACK's static table has all but the authority.
  return frame(kHeaders, kEndHeaders | (ends ? kEndStream : 0), stream, "\x83\x86\x84\x41\x01s");
}
std::string data(StreamId stream, bool ends) {
  return frame(kData, ends ? kEndStream : 0, stream, "body");
}
std::string reset(StreamId stream) {
  return frame(kReset, 0, stream, std::string_view("\0\0\0\x08", 4));
}

class User final : public SessionUser {
 public:
  void on_head(StreamId stream, Head) override {
    if (answers_at_once) session->respond_alone(stream, {{":status", "204"}});
  }
  void on_data(StreamId, ByteView bytes) override { data_bytes += bytes.size(); }
  void on_end(StreamId) override {}
  void on_window(StreamId, std::uint64_t) override {}
  void on_initial_window(std::int64_t) override {}
  void on_close(StreamId stream, std::uint32_t) override { closed.push_back(stream); }

  ServerSession* session = nullptr;
  bool answers_at_once = false;
  std::size_t data_bytes = 0;
  std::vector<StreamId> closed;
};

// Whether bytes come one by one.
class ClosedStreams : public testing::TestWithParam<bool> {
 protected:
  ClosedStreams() {
    user_.session = &session_;
    give("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + frame(4, 0, 0, ""));
  }
  void give(const std::string& bytes) {
    const std::size_t most = GetParam() ? 1 : bytes.size();
    for (std::size_t at = 0; at < bytes.size(); at += most) {
      status_ = session_.receive(as_bytes(std::string_view(bytes).substr(at, most)));
      Buffer out;
      session_.write(out);
      written_ += as_text(out.view());
      if (!status_.ok()) return;
    }
  }
  // The code of each RST_STREAM for `stream` that was written; of a GOAWAY, if `stream` is 0.
  std::vector<int> codes(StreamId stream) const {
    std::vector<int> result;
    for (std::size_t at = 0; at + 9 <= written_.size();) {
      const auto size = static_cast<std::size_t>(static_cast<unsigned char>(written_[at + 2]));
      const char type = written_[at + 3];
      if (type == kReset && written_[at + 8] == stream) result.push_back(written_[at + 12]);
      if (type == kGoAway && stream == 0) result.push_back(written_[at + 16]);
      at += 9 + size;
    }
    return result;
  }

  User user_;
  ServerSession session_{Settings(), user_};
  Status status_;
  std::string written_;
};

TEST_P(ClosedStreams, AreNamedWhenDataComesBehindTheirReset) {
  give(request(1, false) + reset(1) + data(1, false));
  EXPECT_TRUE(status_.ok()) << status_.to_string();
  EXPECT_EQ(codes(1), (std::vector<int>{kStreamClosed}));
  EXPECT_EQ(user_.data_bytes, 0u);
  EXPECT_EQ(user_.closed, (std::vector<StreamId>{1}));
  give(request(3, false) + data(3, false));
  EXPECT_TRUE(status_.ok()) << status_.to_string();
  EXPECT_EQ(codes(3), (std::vector<int>{}));
  EXPECT_EQ(user_.data_bytes, 4u);
}

TEST_P(ClosedStreams, AreNamedWhenAnotherWasResetBefore) {
  give(request(1, false) + request(3, false) + reset(1) + data(3, false) + data(1, false));
  EXPECT_TRUE(status_.ok()) << status_.to_string();
  EXPECT_EQ(codes(1), (std::vector<int>{kStreamClosed}));
  EXPECT_EQ(codes(3), (std::vector<int>{}));
  EXPECT_EQ(user_.data_bytes, 4u);
}

TEST_P(ClosedStreams, AreNamedWhenDataComesBehindBothEnds) {
  user_.answers_at_once = true;
  give(request(1, true));
  give(data(1, false));
  EXPECT_TRUE(status_.ok()) << status_.to_string();
  EXPECT_EQ(codes(1), (std::vector<int>{kStreamClosed}));
}

// The first reset says that the rest of the request is not needed.
TEST_P(ClosedStreams, AreNamedOnceWhenTheirRequestsGoOnBehindAnEarlyAnswer) {
  user_.answers_at_once = true;
  give(request(1, false));
  give(data(1, true) + data(1, false));
  EXPECT_TRUE(status_.ok()) << status_.to_string();
  EXPECT_EQ(codes(1), (std::vector<int>{0, kStreamClosed}));
}

TEST_P(ClosedStreams, AreAReasonToEndTheConnectionWhenTheirClientGoesOnBehindItsEnd) {
  give(request(1, true) + data(1, false));
  EXPECT_EQ(user_.data_bytes, 0u);
  const bool told =
      codes(1) == std::vector<int>{kStreamClosed} || codes(0) == std::vector<int>{kStreamClosed};
  EXPECT_TRUE(told) << status_.to_string();
}

INSTANTIATE_TEST_SUITE_P(All, ClosedStreams, testing::Bool(),
                         [](const auto& one) { return one.param ? "ByteByByte" : "InOnePiece"; });

}  // namespace
}  // namespace tern::http2
