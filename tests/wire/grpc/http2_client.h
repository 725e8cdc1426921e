// A client of HTTP/2 for tests, on nghttp2: it sends whatever a test has it send.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

struct nghttp2_session;

namespace tern::test {

using Fields = std::vector<std::pair<std::string, std::string>>;

class Http2Client {
 public:
  struct Answer {
    Fields head;
    Fields trailers;
    std::string body;
    bool ended = false;  // the stream is over
    std::uint32_t reset = 0;
    std::string_view field(std::string_view name) const;  // of either
  };

  // How windows are given back: as bytes come, or by open_window() alone.
  enum class Windows : std::uint8_t { kAtOnce, kByHand };

  // `window`: of each stream, for what the server sends.
  explicit Http2Client(std::uint32_t window = 65535, Windows windows = Windows::kAtOnce);
  Http2Client(const Http2Client&) = delete;
  Http2Client& operator=(const Http2Client&) = delete;
  ~Http2Client();

  // Begins a request. `body` is appended with send(), unless it ends at once.
  std::int32_t begin(const Fields& head, bool ends = false);
  void send(std::int32_t stream, std::string_view body, bool ends);
  // Of each frame with data, from now on; or less, where a window has no room for it.
  void pad(std::size_t bytes) { padding_ = bytes; }
  void open_window(std::int32_t stream, std::int32_t bytes);
  void reset(std::int32_t stream, std::uint32_t code);
  // Of nghttp2, for what is not here.
  nghttp2_session* session() { return session_; }

  // What is to leave.
  std::string take_bytes();
  void receive(std::string_view bytes);

  Answer& answer(std::int32_t stream) { return answers_[stream]; }
  // The last streams that the server has named in its GOAWAYs.
  const std::vector<std::int32_t>& goaways() const { return goaways_; }
  std::uint32_t goaway_code() const { return goaway_code_; }

 private:
  struct Callbacks;
  struct Sending {
    std::string bytes;
    bool ends = false;
  };

  nghttp2_session* session_ = nullptr;
  std::string out_;
  std::map<std::int32_t, Answer> answers_;
  std::map<std::int32_t, Sending> sending_;
  std::vector<std::int32_t> goaways_;
  std::uint32_t goaway_code_ = 0;
  std::size_t padding_ = 0;
};

// The head of a call of gRPC.
Fields grpc_head(std::string_view path, const Fields& more = {});
// A message behind its prefix.
std::string grpc_message(std::string_view message, char flags = 0);

}  // namespace tern::test
