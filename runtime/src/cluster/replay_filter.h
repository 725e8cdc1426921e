// What a resumed stream's reader has had before.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>

#include "stream/stream.h"
#include "tern/codegen/method.h"

namespace tern::cluster {

// A stream that is opened again may bring messages that came before: the filter knows them by their
// positions, and drops them. Of a stream that is not resumed, every message is new.
// Threads: the reader's, or, while it waits, that of who finds out whether it can go on. position()
// any.
class ReplayFilter {
 public:
  explicit ReplayFilter(const Method& method);
  ~ReplayFilter();

  // Before anything else, if the stream is resumed. Takes the memory for read_ahead(); throws
  // std::bad_alloc.
  void use_positions();
  // What follows is read from `stream`, which has perhaps been opened again.
  void read_from(const std::shared_ptr<stream::Stream>& stream);
  bool reads_from(const std::shared_ptr<stream::Stream>& stream) const noexcept {
    return stream_ == stream;
  }

  // Whether the next message may be an old one.
  bool skips() const noexcept { return skip_to_.has_value(); }
  // False: the message came before.
  bool accept(const void* message);

  // A new message is waited for by taking it, since an old one is no progress. True: it is here.
  bool read_ahead(stream::Stream& stream);
  bool has_ahead() const noexcept { return has_ahead_; }
  // Moves it to `place`. Only if it is here.
  void take_ahead(void* place);

  // Of the last message that has been accepted, if there is one, and if the stream is resumed.
  std::optional<std::int64_t> position() const;

 private:
  class Message;

  const Method& method_;
  const ResumeOps* resume_ = nullptr;  // constant after use_positions()
  std::shared_ptr<stream::Stream> stream_;
  std::optional<std::int64_t> skip_to_;  // what is not behind this was taken before
  std::unique_ptr<Message> ahead_;       // room for one, since use_positions()
  bool has_ahead_ = false;

  mutable std::mutex mutex_;  // guards the following
  std::optional<std::int64_t> position_;
};

}  // namespace tern::cluster
