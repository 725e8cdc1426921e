// Where the reply of one attempt of a stream goes.
#pragma once

#include <memory>
#include <utility>

#include "stream/stream.h"
#include "tern/codegen/call_state.h"

namespace tern::cluster {

// To the caller's call, but with the attempt's own stream.
class StreamPlace final : public CallState {
 public:
  StreamPlace(CallRef call, std::shared_ptr<stream::Stream> stream)
      : CallState(call->reply_slot(), stream.get()),
        call_(std::move(call)),
        stream_(std::move(stream)) {}

  const std::shared_ptr<stream::Stream>& its_stream() const noexcept { return stream_; }
  // What came with the end.
  void hand_over(CallState& to) { to.reply_metadata() = std::move(reply_metadata()); }

 private:
  const CallRef call_;
  const std::shared_ptr<stream::Stream> stream_;
};

}  // namespace tern::cluster
