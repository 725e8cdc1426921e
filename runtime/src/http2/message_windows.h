// How much may come on streams of which each brings one message.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>

#include "http2/session.h"

namespace tern::http2 {

// A peer may send the first window of a stream, and a message that fits into it needs no more. When
// the length of a longer one is known, all of its rest is granted at once: so it takes one round
// trip, and not one for each window. From then on it counts in the budget whole, however little of
// it has come. What counts so has three quarters of the budget: beyond that, and where no length is
// known, windows are given back as bytes come, while the messages have no more than the budget. The
// first message for which there is no room goes on without counting, so that one can always come.
// So the messages of a connection have the budget, one message, and their first windows at most.
// No I/O, no clock.
class MessageWindows {
 public:
  // `session` outlives this, and may be made later.
  MessageWindows(Session& session, std::size_t budget) noexcept
      : session_(session), budget_(budget) {}

  // So many bytes have come: of the message `kept` are in memory now, and `to_come` belong to it
  // that have not come; nothing, if that is not known. Also from within on_data(). Throws
  // std::bad_alloc.
  void add(StreamId stream, std::size_t bytes, std::size_t kept,
           std::optional<std::size_t> to_come);
  // The message is whole, or of no use any more, or its stream is over: others have its room. Also
  // from within callbacks. Throws std::bad_alloc.
  void end(StreamId stream);

  // What counts in the budget.
  std::size_t used() const noexcept { return used_; }

 private:
  enum class Window : std::uint8_t {
    kGivenBack,  // as bytes come
    kWhole       // has room for the rest of the message
  };
  struct Message {
    Window window = Window::kGivenBack;
    std::optional<std::size_t> to_come;
    std::size_t size = 0;  // what it counts for
    std::size_t kept = 0;
    std::size_t owed = 0;  // bytes that have come, and are to be given back when there is room
  };

  void count(StreamId stream, Message& message, std::size_t size) noexcept;
  // Whether so much more may come of it.
  bool has_room(StreamId stream, const Message& message, std::size_t more,
                std::size_t limit) noexcept;
  void let_come(StreamId stream, Message& message);
  // The peer is owed nothing: returns what it was.
  std::size_t take_owed(Message& message) noexcept;
  void grant_rest(StreamId stream, const Message& message);

  Session& session_;
  const std::size_t budget_;
  std::map<StreamId, Message>
      messages_;  // all that do not fit into their first windows, or may not
  std::size_t used_ = 0;
  std::size_t waiting_ = 0;  // messages to whose peers something is owed
  StreamId uncounted_ = 0;   // whose message goes on without counting; 0: none
};

}  // namespace tern::http2
