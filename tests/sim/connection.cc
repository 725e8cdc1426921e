#include "sim/connection.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "net/loop.h"

namespace tern::sim {

namespace {

// As long as TcpOptions has it.
constexpr std::chrono::seconds kUserTimeout{40};

}  // namespace

class Connection::Stream final : public ByteStream {
 public:
  Stream(std::shared_ptr<Connection> connection, End end, std::string peer)
      : connection_(std::move(connection)), end_(end), peer_(std::move(peer)) {}
  ~Stream() override { connection_->close(end_); }

  IoResult read_some(std::span<std::byte> into) override { return connection_->read(end_, into); }
  IoResult write_some(std::span<const ByteView> pieces) override {
    return connection_->write(end_, pieces);
  }
  void wait_readable(std::shared_ptr<ByteStreamUser> user) override {
    connection_->wait(end_, connection_->at(end_).reader, std::move(user));
  }
  void wait_writable(std::shared_ptr<ByteStreamUser> user) override {
    connection_->wait(end_, connection_->at(end_).writer, std::move(user));
  }
  bool set_read_mark(std::size_t bytes) noexcept override {
    connection_->at(end_).mark = std::max<std::size_t>(bytes, 1);
    connection_->wake(end_);
    return true;
  }
  void shutdown_write() noexcept override { connection_->shut(end_); }
  void close() noexcept override { connection_->close(end_); }
  PeerState peer_state() noexcept override {
    const Side& here = connection_->at(end_);
    if (here.broken) return PeerState::kGone;
    return here.end_arrived ? PeerState::kEnded : PeerState::kThere;
  }
  std::string peer() const override { return peer_; }
  // So that clients send their tokens, without TLS.
  bool peer_is_local() const noexcept override { return true; }

 private:
  std::shared_ptr<Connection> connection_;
  End end_;
  std::string peer_;
};

Connection::Connection(Network& network, std::string from, std::string host, std::uint64_t number)
    : network_(network),
      from_(std::move(from)),
      host_(std::move(host)),
      number_(number),
      weather_(network.weather()) {}

std::unique_ptr<ByteStream> Connection::open(End end, std::string peer) {
  at(end).opened = true;
  return std::make_unique<Stream>(shared_from_this(), end, std::move(peer));
}

bool Connection::open() const noexcept {
  return std::any_of(sides_.begin(), sides_.end(),
                     [](const Side& side) { return side.opened && !side.closed; });
}

std::size_t Connection::room(End end) const noexcept {
  std::size_t used = at(end).on_the_way + at(other(end)).arrived.size();
  return weather_.window_bytes - std::min(weather_.window_bytes, used);
}

bool Connection::readable(End end) const noexcept {
  const Side& here = at(end);
  return here.broken || here.end_arrived || here.arrived.size() >= here.mark;
}

bool Connection::writable(End end) const noexcept {
  const Side& here = at(end);
  return here.broken || (room(end) > 0 && network_.loop().now() >= here.full_until);
}

void Connection::wait(End end, std::shared_ptr<ByteStreamUser>& place,
                      std::shared_ptr<ByteStreamUser> user) {
  if (at(end).closed) network_.misused("somebody waits on a stream that is closed");
  if (place) network_.misused("two wait for the same on a stream");
  place = std::move(user);
  wake(end);
}

void Connection::wake(End end) {
  Side& here = at(end);
  if (here.reader && !here.reader_called && readable(end)) {
    here.reader_called = true;
    network_.loop().post([self = shared_from_this(), end] {
      Side& side = self->at(end);
      side.reader_called = false;
      if (auto user = std::exchange(side.reader, nullptr)) user->on_readable();
    });
  }
  if (here.writer && !here.writer_called && writable(end)) {
    here.writer_called = true;
    network_.loop().post([self = shared_from_this(), end] {
      Side& side = self->at(end);
      side.writer_called = false;
      if (auto user = std::exchange(side.writer, nullptr)) user->on_writable();
    });
  }
}

IoResult Connection::read(End end, std::span<std::byte> into) {
  Side& here = at(end);
  IoResult result;
  if (here.closed) {
    result.error = std::make_error_code(std::errc::bad_file_descriptor);
  } else if (!here.arrived.empty()) {
    result.bytes = std::min(into.size(), here.arrived.size());
    if (result.bytes > 1 && network_.dice().percent(weather_.short_io_percent)) {
      result.bytes = network_.dice().between(1, result.bytes - 1);
      network_.trace().fault(Fault::kShortRead, tag(end));
    }
    std::memcpy(into.data(), here.arrived.data(), result.bytes);
    here.arrived.erase(0, result.bytes);
    wake(other(end));
  } else if (here.broken) {
    result.error = here.broken;
  } else {
    result.end = here.end_arrived;
    result.would_block = !result.end;
  }
  return result;
}

IoResult Connection::write(End end, std::span<const ByteView> pieces) {
  Side& here = at(end);
  IoResult result;
  if (here.closed || here.shut) {
    result.error = std::make_error_code(std::errc::bad_file_descriptor);
    return result;
  }
  if (here.broken) {
    result.error = here.broken;
    return result;
  }
  std::string bytes;
  for (ByteView piece : pieces) bytes.append(as_text(piece));
  std::size_t size = std::min(bytes.size(), room(end));
  if (size == 0 || network_.loop().now() < here.full_until) {
    result.would_block = true;
    return result;
  }
  Dice& dice = network_.dice();
  if (size > 1 && dice.percent(weather_.short_io_percent)) {
    // Often all but the very end: what a peer can already act upon.
    size = dice.percent(50) ? size - std::min<std::size_t>(size - 1, dice.between(1, 3))
                            : dice.between(1, size - 1);
    network_.trace().fault(Fault::kShortWrite, tag(end));
    here.full_until = network_.loop().now() +
                      dice.between(std::chrono::nanoseconds(0), std::chrono::milliseconds(3));
    network_.agenda().at(here.full_until, [self = shared_from_this(), end] { self->wake(end); });
    if (dice.percent(weather_.reset_behind_cut_percent)) {
      // Also before the rest can be written.
      network_.agenda().after(
          dice.between(std::chrono::nanoseconds(0), std::chrono::milliseconds(5)),
          [self = shared_from_this(), end] {
            if (!self->open() || self->weather_.reset_behind_cut_percent == 0) return;
            self->network_.trace().fault(Fault::kResetBehindCut, self->tag(end));
            self->reset();
          });
    }
  }
  result.bytes = size;
  network_.trace().step("write", tag(end), size);
  here.on_the_way += size;
  for (std::size_t from = 0; from < size;) {
    std::size_t most = std::min(size - from, weather_.segment_bytes);
    std::size_t length = weather_.segment_bytes < 64 * 1024 ? dice.between(1, most) : most;
    if (length < size - from) network_.trace().fault(Fault::kSplitSegment, tag(end));
    send(end, [self = shared_from_this(), end, segment = bytes.substr(from, length)] {
      self->at(end).on_the_way -= segment.size();
      self->arrive(other(end), segment);
    });
    from += length;
  }
  return result;
}

void Connection::send(End from, std::function<void()> arrival) {
  Side& here = at(from);
  Clock::TimePoint due = network_.loop().now() + weather_.latency;
  if (weather_.jitter.count() > 0) {
    due += network_.dice().between(std::chrono::nanoseconds(0), weather_.jitter);
    network_.trace().fault(Fault::kDelayedSegment, tag(from));
  }
  due = std::max({due, here.last_due, at(other(from)).stalled_until});
  here.last_due = due;
  network_.agenda().at(due, [self = shared_from_this(), arrival = std::move(arrival)]() mutable {
    if (self->swallows_) {
      if (self->open()) self->swallowed_.push_back(std::move(arrival));
    } else {
      arrival();
    }
  });
}

void Connection::arrive(End end, const std::string& bytes) {
  Side& here = at(end);
  if (here.broken) return;
  if (here.closed) {
    send_reset(end);
    return;
  }
  std::size_t size = bytes.size();
  if (here.reset_at && *here.reset_at <= size) {
    size = *here.reset_at;
    here.reset_at.reset();
    here.arrived.append(bytes, 0, size);
    network_.trace().fault(Fault::kResetAtByte, tag(end));
    reset();
    return;
  }
  if (here.reset_at) *here.reset_at -= size;
  here.arrived += bytes;
  network_.trace().step("arrive", tag(end), size);
  wake(end);
  wake(other(end));
}

void Connection::send_reset(End from) {
  send(from, [self = shared_from_this(), from] {
    self->break_end(other(from), std::errc::connection_reset);
  });
}

void Connection::break_end(End end, std::errc why) {
  Side& here = at(end);
  if (here.broken || here.closed) return;
  here.broken = std::make_error_code(why);
  network_.trace().step("broken", tag(end), static_cast<std::uint64_t>(why));
  if (!here.arrived.empty() && network_.dice().percent(50)) {
    network_.trace().fault(Fault::kUnreadLostInReset, tag(end));
    here.arrived.clear();
  }
  wake(end);
}

void Connection::close(End end) noexcept {
  Side& here = at(end);
  if (std::exchange(here.closed, true)) return;
  network_.trace().step("close", tag(end), here.arrived.size());
  // What was swallowed holds the connection, and comes no more.
  std::vector<std::function<void()>> lost;
  if (!open()) lost = std::exchange(swallowed_, {});
  // Not destroyed while the stream still is what it is.
  std::shared_ptr<ByteStreamUser> reader = std::exchange(here.reader, nullptr);
  std::shared_ptr<ByteStreamUser> writer = std::exchange(here.writer, nullptr);
  if (here.broken) return;
  if (!here.arrived.empty()) {
    send_reset(end);
  } else if (!std::exchange(here.shut, true)) {
    send(end, [self = shared_from_this(), end] {
      self->at(other(end)).end_arrived = true;
      self->wake(other(end));
    });
  }
}

void Connection::shut(End end) noexcept {
  Side& here = at(end);
  if (here.closed || here.broken || std::exchange(here.shut, true)) return;
  network_.trace().step("shut", tag(end));
  send(end, [self = shared_from_this(), end] {
    self->at(other(end)).end_arrived = true;
    self->wake(other(end));
  });
}

void Connection::reset() {
  break_end(End::kClient, std::errc::connection_reset);
  break_end(End::kServer, std::errc::connection_reset);
}

void Connection::reset_at(End end, std::size_t bytes) {
  at(end).reset_at = bytes;
}

void Connection::stall(End end, std::chrono::nanoseconds time) {
  Side& here = at(end);
  here.stalled_until = std::max(here.stalled_until, network_.loop().now() + time);
}

void Connection::swallow() {
  if (std::exchange(swallows_, true)) return;
  network_.agenda().after(kUserTimeout,
                          [self = shared_from_this()] { self->give_up_if_swallowed(); });
}

void Connection::give_up_if_swallowed() {
  if (!swallows_) return;
  break_end(End::kClient, std::errc::timed_out);
  break_end(End::kServer, std::errc::timed_out);
}

void Connection::heal() {
  swallows_ = false;
  weather_ = Weather();
  for (Side& side : sides_) {
    side.stalled_until = {};
    side.reset_at.reset();
  }
  for (auto& arrival : std::exchange(swallowed_, {})) arrival();
}

void Connection::kill(End end) {
  if (!at(end).closed && !at(end).broken) send_reset(end);
  break_end(end, std::errc::connection_reset);
}

}  // namespace tern::sim
