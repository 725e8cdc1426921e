// A JSON-RPC server without a connection: what it answers to a text.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "wire/json_rpc/server.h"

namespace tern::test {

// Knows "subtract", which answers with the text of its argument as a string, "sum" and "get_data",
// which do the same, "fail", which fails, and "later", which is answered by answer_later().
class JsonRpcResponder {
 public:
  using Input = wire::json_rpc::ServerProtocol::Input;

  explicit JsonRpcResponder(Input input = Input::kMessage, const Limits& limits = Limits())
      : frames_(limits, input) {}

  // What is written for `text`, offered in pieces of `piece` bytes.
  std::string exchange(std::string_view text, std::size_t piece = std::string_view::npos);
  // Answers the calls of "later", the last one first, and says what is written.
  std::string answer_later();

  bool broken() const { return broken_; }
  wire::json_rpc::ServerProtocol& frames() { return frames_; }
  // Calls that have found a method, notifications too.
  int handled() const { return handled_; }

 private:
  void read(Buffer& out);
  void on_request(const wire::Frame& frame, Buffer& out);

  wire::json_rpc::ServerProtocol frames_;
  std::string waiting_;
  std::vector<std::uint64_t> later_;
  bool broken_ = false;
  int handled_ = 0;
};

}  // namespace tern::test
