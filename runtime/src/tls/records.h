// What is read and written behind the handshake.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "tern/byte_stream.h"
#include "tls/failure.h"
#include "tls/ssl_session.h"

namespace tern::tls {

// Never waits. Threads: one.
class Records {
 public:
  // `session`, whose handshake is done, outlives it.
  explicit Records(SslSession& session) : session_(session) {}

  // As ByteStream's. With an error reading is over, and why() says more.
  IoResult read_some(std::span<std::byte> into);
  // With an error and writing_failed(), why() says more.
  IoResult write_some(std::span<const ByteView> pieces);

  // A record has been made of what the last write did not take, and is what leaves next.
  bool write_begun() const noexcept { return writing_ == Writing::kBegun || owed_ > 0; }
  // Something written waits for the stream to take it: flush() once that is writable. With
  // writing_failed() behind that, why() says more.
  bool unsent() const noexcept { return session_.bio().out.waits(); }
  void flush();
  bool writing_failed() const noexcept { return writing_ == Writing::kFailed; }
  // Whether reading finds something without the stream below: what TLS has read ahead makes no
  // socket readable.
  bool has_read_ahead() const noexcept { return reading_ != Reading::kEmpty; }
  Needs reading_needs() const noexcept { return reading_needs_; }
  Needs writing_needs() const noexcept { return writing_needs_; }

  // Says the end of what this side writes (close_notify), and behind it that of the stream. Again,
  // if ending() and the stream is writable. Nothing the second time.
  void end_writing() noexcept;
  bool ending() const noexcept { return writing_ == Writing::kEnding; }
  // Says the end, if it has not been said: what the peer does not get, it must do without.
  void abandon() noexcept;

  const Failure& why() const noexcept { return why_; }

 private:
  enum class Reading : std::uint8_t {
    kEmpty,        // the last read has taken all
    kMayHaveMore,  // it was filled
    kEnded,        // close_notify has come
    kFailed        // behind what has been read
  };
  enum class Writing : std::uint8_t {
    kOpen,
    kBegun,   // a record has been made of what the last write did not take
    kEnding,  // close_notify waits for room
    kEnded,
    kFailed
  };

  bool write_ended() const noexcept {
    return writing_ == Writing::kEnding || writing_ == Writing::kEnded;
  }
  void write_pieces(std::span<const ByteView> pieces, IoResult& result);
  void hold_back_unsent(IoResult& result) noexcept;
  void stop_reading(int why, IoResult& result);
  void release_buffers();
  void stop_writing(int why, IoResult& result);
  bool flushed(const IoResult& result);
  Failure reason_behind_a_failed_write();

  SslSession& session_;
  Failure why_;
  // A server reads what came behind the handshake.
  Reading reading_ = Reading::kMayHaveMore;
  Writing writing_ = Writing::kOpen;
  Needs reading_needs_ = Needs::kReadable;
  Needs writing_needs_ = Needs::kWritable;
  // Bytes that records were made of, and that the user was told were not taken, since the stream
  // had not: he offers them again.
  std::size_t owed_ = 0;
};

}  // namespace tern::tls
