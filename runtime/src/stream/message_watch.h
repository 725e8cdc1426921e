// Those who see each message of a stream.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "stream/message_queue.h"
#include "tern/interceptor.h"
#include "tern/status.h"

namespace tern::stream {

// The interceptors around one stream. Threads: the loop's of its connection.
class MessageWatch {
 public:
  // A failure ends the stream. May run the program's code. Throws std::bad_alloc.
  virtual Status on_message(const InterceptedMessage& message) = 0;

 protected:
  ~MessageWatch() = default;
};

// Those that see messages, in their order.
inline std::vector<StreamInterceptor*> stream_interceptors(
    const std::vector<std::shared_ptr<Interceptor>>& all) {
  std::vector<StreamInterceptor*> seeing;
  for (const std::shared_ptr<Interceptor>& one : all) {
    if (auto* sees = dynamic_cast<StreamInterceptor*>(one.get())) seeing.push_back(sees);
  }
  return seeing;
}

// What a stream has that somebody watches. Its Stream guards it, but for tell().
class Watched {
 public:
  // The one nearest to the connection is added last.
  void add(std::shared_ptr<MessageWatch> watch) { watches_.push_back(std::move(watch)); }

  // Asks them, the one nearest to the program first, or to the connection. The loop's thread. Who
  // is asked may end the stream: then the others are not asked.
  Status tell(const InterceptedMessage& message);

  // Of what the program has written and has not been told.
  std::uint64_t written_cost() const noexcept { return written.cost() + telling; }

  // Forgets the messages. The watches are to be destroyed without a lock.
  std::vector<std::shared_ptr<MessageWatch>> close() noexcept {
    written.release();
    arrived.release();
    return std::move(watches_);
  }

  MessageQueue written;       // by the program
  std::uint64_t telling = 0;  // cost of what was taken from there and is being told; 0: nothing is
  MessageQueue arrived;       // of the peer's: at most one

 private:
  std::vector<std::shared_ptr<MessageWatch>> watches_;
};

}  // namespace tern::stream
