#include "support/memory_stream.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <mutex>
#include <utility>

#include "net/loop.h"

namespace tern::test {

struct MemoryEnd::Shared {
  struct Side {
    Loop* loop = nullptr;
    std::string inbox;
    StreamFaults faults;
    std::size_t piece = 0;  // how many of faults.pieces have been used
    std::size_t reads = 0;
    std::size_t writes = 0;
    std::size_t reads_until_failure = 0;  // 0: none is planned
    std::size_t writes_until_failure = 0;
    std::error_code broken;  // every attempt fails with it
    std::size_t mark = 1;    // so many bytes make it readable
    bool gap = false;        // the next read finds nothing
    bool reads_blocked = false;
    bool writes_blocked = false;
    bool shut = false;  // writes no more
    bool closed = false;
    std::shared_ptr<ByteStreamUser> reader;
    std::shared_ptr<ByteStreamUser> writer;
    bool reader_called = false;  // a task that calls it is on its way
    bool writer_called = false;
  };

  Side& at(int side) { return sides[static_cast<std::size_t>(side)]; }
  const Side& at(int side) const { return sides[static_cast<std::size_t>(side)]; }

  bool readable(int side) const {
    const Side& here = at(side);
    const Side& there = at(1 - side);
    if (here.broken) return true;
    return !here.reads_blocked && (here.inbox.size() >= here.mark || there.shut || there.closed);
  }
  std::size_t room(int side) const {
    std::size_t used = at(1 - side).inbox.size();
    return at(side).faults.capacity - std::min(at(side).faults.capacity, used);
  }
  bool writable(int side) const {
    const Side& here = at(side);
    if (here.broken || at(1 - side).closed) return true;
    return !here.writes_blocked && room(side) > 0;
  }

  std::mutex mutex;  // guards the following
  std::array<Side, 2> sides;
};

class MemoryEnd::End final : public ByteStream {
 public:
  End(std::shared_ptr<Shared> shared, int side, std::string peer)
      : shared_(std::move(shared)), side_(side), peer_(std::move(peer)) {}
  ~End() override { close(); }

  // Calls those of both sides that wait and need not any more.
  static void wake(const std::shared_ptr<Shared>& shared) {
    for (int side : {0, 1}) {
      Shared::Side& here = shared->at(side);
      if (here.reader && !here.reader_called && shared->readable(side)) {
        here.reader_called = true;
        here.loop->post([shared, side] {
          if (auto user = take(*shared, side, true)) user->on_readable();
        });
      }
      if (here.writer && !here.writer_called && shared->writable(side)) {
        here.writer_called = true;
        here.loop->post([shared, side] {
          if (auto user = take(*shared, side, false)) user->on_writable();
        });
      }
    }
  }

  IoResult read_some(std::span<std::byte> into) override {
    std::lock_guard lock(shared_->mutex);
    Shared::Side& here = shared_->at(side_);
    Shared::Side& there = shared_->at(1 - side_);
    IoResult result;
    ++here.reads;
    if (here.reads_until_failure > 0 && --here.reads_until_failure == 0) {
      here.broken = here.faults.error;
      wake(shared_);
    }
    if (here.closed) {
      result.error = std::make_error_code(std::errc::bad_file_descriptor);
    } else if (here.broken) {
      result.error = here.broken;
    } else if (here.reads_blocked || std::exchange(here.gap, false)) {
      result.would_block = true;
    } else if (here.inbox.empty()) {
      result.end = there.shut || there.closed;
      result.would_block = !result.end;
    } else {
      std::size_t most = here.piece < here.faults.pieces.size() ? here.faults.pieces[here.piece++]
                                                                : here.faults.read_size;
      result.bytes = std::min({into.size(), here.inbox.size(), most});
      std::memcpy(into.data(), here.inbox.data(), result.bytes);
      here.inbox.erase(0, result.bytes);
      here.gap = here.faults.gaps;
      wake(shared_);
    }
    return result;
  }

  IoResult write_some(std::span<const ByteView> pieces) override {
    std::lock_guard lock(shared_->mutex);
    Shared::Side& here = shared_->at(side_);
    Shared::Side& there = shared_->at(1 - side_);
    IoResult result;
    ++here.writes;
    if (here.writes_until_failure > 0 && --here.writes_until_failure == 0) {
      here.broken = here.faults.error;
      wake(shared_);
    }
    if (here.closed || here.shut) {
      result.error = std::make_error_code(std::errc::bad_file_descriptor);
    } else if (here.broken) {
      result.error = here.broken;
    } else if (there.closed) {
      result.error = std::make_error_code(std::errc::broken_pipe);
    } else if (here.writes_blocked || shared_->room(side_) == 0) {
      result.would_block = true;
    } else {
      std::size_t most = std::min(shared_->room(side_), here.faults.write_size);
      for (ByteView piece : pieces) {
        std::size_t taken = std::min(piece.size(), most - result.bytes);
        there.inbox.append(as_text(piece.first(taken)));
        result.bytes += taken;
      }
      wake(shared_);
    }
    return result;
  }

  void wait_readable(std::shared_ptr<ByteStreamUser> user) override {
    std::lock_guard lock(shared_->mutex);
    shared_->at(side_).reader = std::move(user);
    wake(shared_);
  }

  void wait_writable(std::shared_ptr<ByteStreamUser> user) override {
    std::lock_guard lock(shared_->mutex);
    shared_->at(side_).writer = std::move(user);
    wake(shared_);
  }

  bool set_read_mark(std::size_t bytes) noexcept override {
    std::lock_guard lock(shared_->mutex);
    shared_->at(side_).mark = std::max<std::size_t>(bytes, 1);
    wake(shared_);
    return true;
  }

  void shutdown_write() noexcept override {
    std::lock_guard lock(shared_->mutex);
    shared_->at(side_).shut = true;
    wake(shared_);
  }

  void close() noexcept override {
    std::shared_ptr<ByteStreamUser> reader;
    std::shared_ptr<ByteStreamUser> writer;
    std::lock_guard lock(shared_->mutex);
    Shared::Side& here = shared_->at(side_);
    here.closed = true;
    here.reader.swap(reader);
    here.writer.swap(writer);
    wake(shared_);
  }

  PeerState peer_state() noexcept override {
    std::lock_guard lock(shared_->mutex);
    const Shared::Side& there = shared_->at(1 - side_);
    if (shared_->at(side_).broken) return PeerState::kGone;
    return there.shut || there.closed ? PeerState::kEnded : PeerState::kThere;
  }

  std::string peer() const override { return peer_; }

 private:
  static std::shared_ptr<ByteStreamUser> take(Shared& shared, int side, bool reading) {
    std::lock_guard lock(shared.mutex);
    Shared::Side& here = shared.at(side);
    (reading ? here.reader_called : here.writer_called) = false;
    return std::exchange(reading ? here.reader : here.writer, nullptr);
  }

  std::shared_ptr<Shared> shared_;
  int side_;
  std::string peer_;
};

std::unique_ptr<ByteStream> MemoryEnd::open(Loop& loop, std::string peer) {
  std::lock_guard lock(shared_->mutex);
  shared_->at(side_).loop = &loop;
  return std::make_unique<End>(shared_, side_, std::move(peer));
}

void MemoryEnd::send(std::string_view bytes) {
  std::lock_guard lock(shared_->mutex);
  shared_->at(1 - side_).inbox.append(bytes);
  End::wake(shared_);
}

std::string MemoryEnd::take_received() {
  std::lock_guard lock(shared_->mutex);
  std::string bytes;
  bytes.swap(shared_->at(side_).inbox);
  End::wake(shared_);
  return bytes;
}

void MemoryEnd::shutdown_write() {
  std::lock_guard lock(shared_->mutex);
  shared_->at(side_).shut = true;
  End::wake(shared_);
}

void MemoryEnd::close() {
  std::lock_guard lock(shared_->mutex);
  shared_->at(side_).closed = true;
  End::wake(shared_);
}

void MemoryEnd::reset(std::error_code error) {
  std::lock_guard lock(shared_->mutex);
  shared_->at(side_).closed = true;
  shared_->at(1 - side_).broken = error;
  End::wake(shared_);
}

void MemoryEnd::set_faults(StreamFaults faults) {
  std::lock_guard lock(shared_->mutex);
  Shared::Side& here = shared_->at(side_);
  here.reads_until_failure = faults.fail_read;
  here.writes_until_failure = faults.fail_write;
  here.piece = 0;
  here.faults = std::move(faults);
  End::wake(shared_);
}

void MemoryEnd::block_reads(bool blocked) {
  std::lock_guard lock(shared_->mutex);
  shared_->at(side_).reads_blocked = blocked;
  End::wake(shared_);
}

void MemoryEnd::block_writes(bool blocked) {
  std::lock_guard lock(shared_->mutex);
  shared_->at(side_).writes_blocked = blocked;
  End::wake(shared_);
}

bool MemoryEnd::closed() const {
  std::lock_guard lock(shared_->mutex);
  return shared_->at(side_).closed;
}

bool MemoryEnd::end_received() const {
  std::lock_guard lock(shared_->mutex);
  const Shared::Side& there = shared_->at(1 - side_);
  return there.shut || there.closed;
}

std::size_t MemoryEnd::unread() const {
  std::lock_guard lock(shared_->mutex);
  return shared_->at(side_).inbox.size();
}

std::size_t MemoryEnd::reads() const {
  std::lock_guard lock(shared_->mutex);
  return shared_->at(side_).reads;
}

std::size_t MemoryEnd::writes() const {
  std::lock_guard lock(shared_->mutex);
  return shared_->at(side_).writes;
}

MemoryLink::MemoryLink() : MemoryLink(std::make_shared<MemoryEnd::Shared>()) {}

MemoryLink::MemoryLink(std::shared_ptr<MemoryEnd::Shared> shared)
    : left_(shared, 0), right_(shared, 1) {}

MemoryLink::~MemoryLink() {
  for (MemoryEnd::Shared::Side& side : left_.shared_->sides) {
    std::shared_ptr<ByteStreamUser> reader;
    std::shared_ptr<ByteStreamUser> writer;
    std::lock_guard lock(left_.shared_->mutex);
    side.reader.swap(reader);
    side.writer.swap(writer);
  }
}

}  // namespace tern::test
