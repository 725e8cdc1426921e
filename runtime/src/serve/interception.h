// The interceptors of a server around one call.
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "stream/message_watch.h"
#include "stream/stream.h"
#include "tern/buffer.h"
#include "tern/codec.h"
#include "tern/interceptor.h"
#include "tern/status.h"

namespace tern::serve {

class SessionCall;

// A part of its call, and used again as that is. Threads: the loop's.
class Interception final : private stream::MessageWatch {
 public:
  using Interceptors = std::vector<std::shared_ptr<Interceptor>>;

  explicit Interception(SessionCall& call) noexcept : call_(call) {}
  Interception(const Interception&) = delete;
  Interception& operator=(const Interception&) = delete;

  // A new call.
  void begin() noexcept { passed_ = 0; }
  // Asks them in their order; the first failure ends the call. Throws what they do. `all` outlives
  // the call.
  Status start(const Interceptors& all);
  // From then on those that see messages are told of those of the call's stream, until finish().
  void watch(stream::Stream& stream);
  // The same for a stream whose messages come before start(): they are kept, and told by
  // tell_held(), behind start(). `all` as there.
  void hold(const Interceptors& all, stream::Stream& stream);
  // A failure is to end the call, whose handler has not run.
  Status tell_held();
  // Whether there are some that finish() would tell.
  bool active() const noexcept { return passed_ > 0; }
  // Tells those that let the call pass, in the opposite order: once.
  void finish(const Status& outcome) noexcept {
    if (active()) tell_end(outcome);
  }
  // Whether one of them is being told of a message.
  bool telling() const noexcept { return telling_; }
  // The stream is gone.
  void forget_stream() noexcept {
    std::vector<StreamInterceptor*>().swap(seeing_);
    held_.reset();
  }

 private:
  void tell_end(const Status& outcome) noexcept;
  Status on_message(const InterceptedMessage& message) override;
  Status tell(StreamInterceptor& interceptor, InterceptedCall& seen,
              const InterceptedMessage& message);

  SessionCall& call_;
  const Interceptors* all_ = nullptr;
  std::size_t passed_ = 0;
  std::vector<StreamInterceptor*> seeing_;  // the messages of the stream
  bool telling_ = false;
  // A message that came before start().
  struct Held {
    Buffer bytes;
    const Codec* codec = nullptr;
  };
  std::unique_ptr<std::vector<Held>> held_;  // null: they are told as they come
};

}  // namespace tern::serve
