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

namespace tern::wire::json_rpc {

// The answers to the requests of one batch, which go out together.
struct Batch {
  Batch() = default;
  Buffer answers;           // with commas between them
  std::size_t waiting = 0;  // requests that have been read and not been answered
  bool complete = false;    // all of its requests have been read
};

// What the argument and the answer need of their request.
struct Call {
  Call() = default;
  std::uint64_t number = 0;  // Frame::id; 0: this place is free
  std::string id;            // the text that is sent back
  Version version = Version::k2;
  bool notification = false;
  bool without_params = false;
  Request::Params params = Request::Params::kAbsent;
  Status params_why;             // with Params::kWrong
  std::shared_ptr<Batch> batch;  // null for a request of its own
};

// Calls by the number that stands for them in frames. Numbers are not used again for a long time,
// so that ids which a peer uses twice at once do not mix.
class Calls {
 public:
  Calls() = default;
  Calls(const Calls&) = delete;
  Calls& operator=(const Calls&) = delete;

  // The result is good until the next add().
  Call& add(const Request& request, std::shared_ptr<Batch> batch);
  // Null if there is no call of that number: it has been answered.
  Call* find(std::uint64_t number) noexcept;
  // The reference is good no more.
  void remove(Call& call) noexcept;
  bool empty() const noexcept { return free_.size() == calls_.size(); }

 private:
  std::vector<Call> calls_;
  std::vector<std::uint32_t> free_;  // places in calls_; has room for all of them
  std::uint32_t round_ = 0;
};

}  // namespace tern::wire::json_rpc
