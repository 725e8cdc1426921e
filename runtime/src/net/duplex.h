// One connection for calls in both directions: a stream of our frames taken apart into the two that
// a client and a server see.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>

#include "net/frame_splitter.h"
#include "net/half_queue.h"
#include "net/loop.h"
#include "tern/buffer.h"
#include "tern/byte_stream.h"

namespace tern::net {

// The kind of a frame says whose it is: see FrameSplitter. Each half is a ByteStream that carries
// whole frames both ways. What
// a half offers to write at once goes out in one piece: the other one's writes take nothing until
// the rest of it, which the half offers again, has gone, and then it is the other one's turn.
// Closing one half closes both: the other finds an error behind what has come for it, whenever it
// reads, and is woken if it waits to read or to write. The halves keep this alive. Threads: the
// loop's.
class Duplex final : public ByteStreamUser, public std::enable_shared_from_this<Duplex> {
 public:
  using Half = DuplexHalf;

  // `window_bytes`: what the windows of all streams permit the peer to send to one half.
  static std::shared_ptr<Duplex> make(Loop& loop, std::unique_ptr<ByteStream> stream,
                                      std::uint64_t window_bytes = 0);
  Duplex(const Duplex&) = delete;
  Duplex& operator=(const Duplex&) = delete;
  ~Duplex();

  // On the side that has connected: what comes first is the caller's, to the end of the line of
  // JSON that answers its Option.
  void expect_handshake() noexcept { splitter_.expect_handshake(); }
  // On the side that was connected to: `bytes` of frames have been read already, by the server.
  void skip(ByteView bytes);

  // Each half once.
  std::unique_ptr<ByteStream> open(Half half);

 private:
  class HalfStream;

  // A half that does not read holds the other one up when so much waits for it that nothing else
  // bounds: requests, and answers to them. Data of streams is bounded by windows, which the half
  // grants: it does not count, so that what waits for an application that does not read keeps no
  // credit from the other half, whose streams would wait for it. Neither do credit, cancels, pings
  // and pongs: they are what must pass. A peer that keeps to no window is held up by window_bytes_.
  static constexpr std::size_t kMaxQueued = 1024 * 1024;
  // Headers of chunks are not in windows.
  static constexpr std::uint64_t kChunksOverhead = 8;

  // One who waits, and whether a task that calls it is on its way.
  struct Waiting {
    std::shared_ptr<ByteStreamUser> user;
    bool called = false;
  };
  struct Side {
    HalfQueue queued;
    Waiting reader;
    Waiting writer;
    bool open = true;
  };

  Duplex(Loop& loop, std::unique_ptr<ByteStream> stream, std::uint64_t window_bytes);

  IoResult read(Half half, std::span<std::byte> into);
  IoResult write(Half half, std::span<const ByteView> pieces);
  void wait_readable(Half half, std::shared_ptr<ByteStreamUser> user);
  void wait_writable(Half half, std::shared_ptr<ByteStreamUser> user);
  void shutdown_write() noexcept;
  void close(Half half) noexcept;
  PeerState peer_state() noexcept;

  void on_readable() override;
  void on_writable() override;

  void pull();
  void wait_for_more();
  bool full() const noexcept;
  void route(ByteView bytes);
  void wake_readers();
  void wake_reader(Half half);
  void wake_writer(Half half);
  void end_turn(Half half);
  bool ended() const noexcept { return ended_.end || ended_.error; }
  Side& side(Half half) noexcept { return sides_[static_cast<std::size_t>(half)]; }

  Loop& loop_;
  std::unique_ptr<ByteStream> stream_;
  const std::uint64_t window_bytes_;
  std::array<Side, 2> sides_;
  bool closed_ = false;

  IoResult ended_;        // what reading came to: the end or an error
  bool reading_ = false;  // waits for the stream
  std::uint64_t bytes_read_ = 0;

  FrameSplitter splitter_;

  std::optional<Half> writes_;  // the one that may: it owes the rest of a write, or has its turn
  std::size_t owed_ = 0;
  bool writing_ = false;  // waits for the stream
  bool shut_down_ = false;
};

}  // namespace tern::net
