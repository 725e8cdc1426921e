#include "net/memory_pipe.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <mutex>
#include <span>
#include <system_error>

#include "net/loop.h"
#include "tern/buffer.h"

namespace tern::net {

namespace {

constexpr std::size_t kCapacity = 1024 * 1024;

// One direction and its two ends.
struct Direction {
  Buffer bytes;
  bool ended = false;   // nothing more is written
  bool broken = false;  // nobody reads
  std::shared_ptr<ByteStreamUser> reader;
  std::shared_ptr<ByteStreamUser> writer;

  bool readable() const noexcept { return !bytes.empty() || ended || broken; }
  bool writable() const noexcept { return bytes.size() < kCapacity || broken; }
};

struct Pipe;

// Calls who waits for one end of a direction. A user that waits is taken out when it is called, and
// not before: until then close() forgets it.
class Wake final : public LoopTask {
 public:
  enum class Whom : std::uint8_t { kReader, kWriter };
  Wake(Pipe& pipe, std::size_t writer, Whom whom) noexcept
      : pipe_(pipe), writer_(writer), whom_(whom) {}
  void run_on_loop() override;

 private:
  Pipe& pipe_;
  const std::size_t writer_;  // the end that writes
  const Whom whom_;
};

struct Pipe {
  std::array<Loop*, 2> loops;
  std::array<std::string, 2> names;

  std::mutex mutex;               // guards the following
  std::array<Direction, 2> from;  // by the end that writes

  // Likewise.
  std::array<Wake, 2> wake_reader{Wake(*this, 0, Wake::Whom::kReader),
                                  Wake(*this, 1, Wake::Whom::kReader)};
  std::array<Wake, 2> wake_writer{Wake(*this, 0, Wake::Whom::kWriter),
                                  Wake(*this, 1, Wake::Whom::kWriter)};
};

void Wake::run_on_loop() {
  std::shared_ptr<ByteStreamUser> user;
  const bool reads = whom_ == Whom::kReader;
  {
    std::lock_guard lock(pipe_.mutex);
    Direction& direction = pipe_.from[writer_];
    if (reads ? !direction.readable() : !direction.writable()) return;
    user.swap(reads ? direction.reader : direction.writer);
  }
  if (!user) return;
  if (reads) {
    user->on_readable();
  } else {
    user->on_writable();
  }
}

class End final : public ByteStream {
 public:
  End(std::shared_ptr<Pipe> pipe, std::size_t side) : pipe_(std::move(pipe)), side_(side) {}
  End(const End&) = delete;
  End& operator=(const End&) = delete;
  ~End() override { close(); }

  IoResult read_some(std::span<std::byte> into) override {
    std::lock_guard lock(pipe_->mutex);
    IoResult result;
    Direction& from = incoming();
    if (closed_) {
      result.error = std::make_error_code(std::errc::bad_file_descriptor);
    } else if (!from.bytes.empty()) {
      result.bytes = std::min(into.size(), from.bytes.size());
      std::memcpy(into.data(), from.bytes.data(), result.bytes);
      from.bytes.consume(result.bytes);
      wake_writer(from);
    } else {
      result.end = from.ended;
      result.would_block = !from.ended;
    }
    return result;
  }

  IoResult write_some(std::span<const ByteView> pieces) override {
    std::lock_guard lock(pipe_->mutex);
    IoResult result;
    Direction& to = outgoing();
    if (closed_ || to.ended) {
      result.error = std::make_error_code(std::errc::bad_file_descriptor);
    } else if (to.broken) {
      result.error = std::make_error_code(std::errc::broken_pipe);
    } else if (!to.writable()) {
      result.would_block = true;
    } else {
      std::size_t room = kCapacity - to.bytes.size();
      // All or nothing, if there is no memory.
      std::size_t all = 0;
      for (ByteView piece : pieces) all += piece.size();
      to.bytes.reserve(std::min(all, room));
      for (ByteView piece : pieces) {
        std::size_t taken = std::min(piece.size(), room - result.bytes);
        to.bytes.append(piece.first(taken));
        result.bytes += taken;
      }
      wake_reader(to);
    }
    return result;
  }

  void wait_readable(std::shared_ptr<ByteStreamUser> user) override {
    std::lock_guard lock(pipe_->mutex);
    incoming().reader = std::move(user);
    wake_reader(incoming());
  }
  void wait_writable(std::shared_ptr<ByteStreamUser> user) override {
    std::lock_guard lock(pipe_->mutex);
    outgoing().writer = std::move(user);
    wake_writer(outgoing());
  }

  void shutdown_write() noexcept override {
    std::lock_guard lock(pipe_->mutex);
    outgoing().ended = true;
    wake_reader(outgoing());
  }

  void close() noexcept override {
    // Users go when the mutex is free: they may own the stream.
    std::shared_ptr<ByteStreamUser> reader;
    std::shared_ptr<ByteStreamUser> writer;
    std::lock_guard lock(pipe_->mutex);
    if (closed_) return;
    closed_ = true;
    reader.swap(incoming().reader);
    writer.swap(outgoing().writer);
    outgoing().ended = true;
    incoming().broken = true;
    wake_reader(outgoing());
    wake_writer(incoming());
  }

  PeerState peer_state() noexcept override {
    std::lock_guard lock(pipe_->mutex);
    if (outgoing().broken) return PeerState::kGone;
    return incoming().ended ? PeerState::kEnded : PeerState::kThere;
  }

  std::string peer() const override { return pipe_->names[1 - side_]; }
  bool peer_is_local() const noexcept override { return true; }

 private:
  Direction& outgoing() noexcept { return pipe_->from[side_]; }
  Direction& incoming() noexcept { return pipe_->from[1 - side_]; }

  // With the mutex held.
  void wake_reader(Direction& direction) noexcept {
    if (!direction.reader || !direction.readable()) return;
    const std::size_t writer = writer_of(direction);
    wake(1 - writer, pipe_->wake_reader[writer]);
  }
  void wake_writer(Direction& direction) noexcept {
    if (!direction.writer || !direction.writable()) return;
    const std::size_t writer = writer_of(direction);
    wake(writer, pipe_->wake_writer[writer]);
  }
  void wake(std::size_t side, Wake& task) noexcept {
    pipe_->loops[side]->post(std::shared_ptr<LoopTask>(pipe_, &task));
  }
  std::size_t writer_of(const Direction& direction) const noexcept {
    return &direction == pipe_->from.data() ? 0 : 1;
  }

  const std::shared_ptr<Pipe> pipe_;
  const std::size_t side_;
  bool closed_ = false;  // guarded by the pipe's mutex
};

}  // namespace

std::pair<std::unique_ptr<ByteStream>, std::unique_ptr<ByteStream>> make_pipe(
    const PipeEnd& first, const PipeEnd& second) {
  auto pipe = std::make_shared<Pipe>();
  pipe->loops = {first.loop, second.loop};
  pipe->names = {first.name, second.name};
  return {std::make_unique<End>(pipe, 0), std::make_unique<End>(pipe, 1)};
}

}  // namespace tern::net
