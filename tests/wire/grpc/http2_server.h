// A server of HTTP/2 for tests, on nghttp2: it answers with whatever a test has it answer.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

struct nghttp2_session;

namespace tern::test {

using Fields = std::vector<std::pair<std::string, std::string>>;

class Http2Server {
 public:
  struct Request {
    Fields head;
    std::string body;
    bool ended = false;  // the client's side
    bool over = false;   // the stream
    std::uint32_t reset = 0;
    std::string_view field(std::string_view name) const;
  };
  struct Settings {
    std::uint32_t streams = 100;
    std::uint32_t window = 65535;  // of each stream, for what the client sends
  };

  explicit Http2Server(const Settings& settings);
  Http2Server() : Http2Server(Settings()) {}
  Http2Server(const Http2Server&) = delete;
  Http2Server& operator=(const Http2Server&) = delete;
  ~Http2Server();

  // The head of an answer; `ends`: there is no more of it.
  void respond(std::int32_t stream, const Fields& head, bool ends = false);
  void send(std::int32_t stream, std::string_view body);
  // Behind what was sent.
  void finish(std::int32_t stream, const Fields& trailers);
  void reset(std::int32_t stream, std::uint32_t code);
  void go_away(std::int32_t last_stream, std::uint32_t code = 0, std::string_view text = "");
  // The client may send so much more; it learns of no more by itself.
  void open_window(std::int32_t stream, std::int32_t bytes);
  // Each is to be answered.
  void ping();
  int pings_unanswered() const { return pings_unanswered_; }
  // From now on.
  void limit_streams(std::uint32_t streams);
  // Of nghttp2, for what is not here.
  nghttp2_session* session() { return session_; }

  // What is to leave.
  std::string take_bytes();
  void receive(std::string_view bytes);

  const std::map<std::int32_t, Request>& requests() const { return requests_; }
  Request& request(std::int32_t stream) { return requests_[stream]; }

 private:
  struct Callbacks;
  struct Sending {
    std::string bytes;
    Fields trailers;
    bool ends = false;
  };

  nghttp2_session* session_ = nullptr;
  std::string out_;
  int pings_unanswered_ = 0;
  std::map<std::int32_t, Request> requests_;
  std::map<std::int32_t, Sending> sending_;
};

}  // namespace tern::test
