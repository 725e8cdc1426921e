#include "stream/read_half.h"

namespace tern::stream {

bool ReadHalf::take_over() noexcept {
  if (!has_come()) return false;
  std::swap(taken_, receive_.complete());
  messages_ += taken_.count();
  return true;
}

void ReadHalf::discard() noexcept {
  phase_ = Phase::kDiscarding;
  consumed_ += receive_.complete().cost() + taken_.cost();
  drop_come();
  drop_taken();
  settle();
}

Status ReadHalf::add(const wire::Frame& frame, MessageQueue& into) {
  if (ended()) {
    return Status(Code::kInternal, "a message came behind the end of its side of the stream",
                  HandlerRan::kUnknown);
  }
  const bool first = !receive_.in_message();
  Status failure = receive_.add(first, frame.whole, frame.continues, frame.body, into);
  bytes_ += frame.body.size();
  if (phase_ == Phase::kDiscarding) {
    receive_.consumed(into.cost());
    into.release();
  }
  return failure;
}

void ReadHalf::add_told(const MessageQueue& message) {
  if (phase_ == Phase::kDiscarding) {
    receive_.consumed(message.cost());
  } else {
    receive_.complete().push(message.front());
  }
}

Status ReadHalf::end_by_peer() {
  if (ended()) {
    return Status(Code::kInternal, "the side of the stream ended twice", HandlerRan::kUnknown);
  }
  if (receive_.in_message()) {
    return Status(Code::kInternal, "the side of the stream ended in the middle of a message",
                  HandlerRan::kUnknown);
  }
  phase_ = Phase::kEnded;
  return {};
}

}  // namespace tern::stream
