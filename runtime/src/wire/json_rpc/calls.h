// The JSON-RPC requests that are not answered yet: who gets which answer, and what is collected for
// a batch.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "tern/buffer.h"
#include "wire/json_rpc/request.h"

namespace tern {

// The answers to the requests of one batch, which go out together.
struct JsonRpcBatch {
  JsonRpcBatch() = default;
  Buffer answers;           // with commas between them
  std::size_t waiting = 0;  // requests that have been read and not been answered
  bool complete = false;    // all of its requests have been read
};

// What an answer needs of its request.
struct JsonRpcCall {
  JsonRpcCall() = default;
  std::uint64_t number = 0;  // Frame::id; 0: this place is free
  std::string id;            // the text that is sent back
  JsonRpcVersion version = JsonRpcVersion::k2;
  bool notification = false;
  bool without_params = false;
  std::shared_ptr<JsonRpcBatch> batch;  // null for a request of its own
};

// Calls by the number that stands for them in frames. Numbers are not used again for a long time,
// so that ids which a peer uses twice at once do not mix.
class JsonRpcCalls {
 public:
  JsonRpcCalls() = default;
  JsonRpcCalls(const JsonRpcCalls&) = delete;
  JsonRpcCalls& operator=(const JsonRpcCalls&) = delete;

  // The result is good until the next add().
  JsonRpcCall& add(const JsonRpcRequest& request, std::shared_ptr<JsonRpcBatch> batch);
  // Null if there is no call of that number: it has been answered.
  JsonRpcCall* find(std::uint64_t number) noexcept;
  // The reference is good no more.
  void remove(JsonRpcCall& call) noexcept;
  bool empty() const noexcept { return free_.size() == calls_.size(); }

 private:
  std::vector<JsonRpcCall> calls_;
  std::vector<std::uint32_t> free_;  // places in calls_; has room for all of them
  std::uint32_t round_ = 0;
};

}  // namespace tern
