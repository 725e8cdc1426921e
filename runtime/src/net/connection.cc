#include "net/connection.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <exception>
#include <utility>

#include "base/duration_text.h"
#include "net/turn_time.h"

namespace tern::net {

namespace {

// What one connection may read before the others have their turn: of small messages, each of which
// can be a call; and of a large one, which is only kept.
constexpr std::uint64_t kTurnBytes = 64 * 1024;
constexpr std::uint64_t kLargeTurnBytes = 1024 * 1024;
// A message may claim any length: memory for it grows with what has really come.
constexpr std::size_t kGrowth = 8;
constexpr std::chrono::seconds kLinger{2};

}  // namespace

Connection::Connection(Loop& loop, std::unique_ptr<ByteStream> stream, ConnectionUser& user,
                       const ConnectionOptions& options)
    : loop_(loop),
      stream_(std::move(stream)),
      user_(user),
      options_(options),
      peer_(stream_->peer()),
      gathering_(loop, [this] { on_gathered_long_enough(); }) {
  stall_timer_.set_callback([this] {
    close(phase_ == Phase::kLingering
              ? why_closed_
              : failure(fmt::format("the peer took no byte for {} while {} bytes waited for it",
                                    base::duration_text(options_.write_timeout), unsent())));
  });
}

Connection::~Connection() = default;

void Connection::enter(Phase next) noexcept {
  assert(next == Phase::kClosed ? phase_ < Phase::kClosed
                                : static_cast<int>(next) == static_cast<int>(phase_) + 1);
  phase_ = next;
}

void Connection::start() {
  wait_to_read();
}

void Connection::wait_to_read() {
  reading_ = Reading::kWaiting;
  stream_->wait_readable(shared_from_this());
}

void Connection::on_readable() {
  if (reading_ == Reading::kWaiting) reading_ = Reading::kIdle;
  if (!closed()) turn();
}

void Connection::turn() {
  in_turn_ = true;
  guard([this] {
    std::uint64_t before = bytes_read();
    while (read_more() && bytes_read() - before < turn_bytes()) {
    }
  });
  end_turn();
}

std::uint64_t Connection::turn_bytes() const noexcept {
  bool large = !partial_.empty() && wanted_ > partial_.size() + kTurnBytes;
  return large ? kLargeTurnBytes : kTurnBytes;
}

// Memory that runs out, here or in the user, ends this connection and no other.
template <typename Work>
void Connection::guard(Work work) {
  try {
    work();
  } catch (const std::exception& thrown) {
    close(failure(fmt::format("closed: {}", thrown.what())));
  }
}

bool Connection::read_more() {
  if (closed() || reading_ == Reading::kEnded) return false;
  if (!open()) return discard_more();
  if (paused_) return false;
  return partial_.empty() ? read_into_scratch() : read_into_partial();
}

// Small messages never leave the loop's scratch memory; what is left of a read is kept.
bool Connection::read_into_scratch() {
  std::span<std::byte> scratch = loop_.scratch();
  IoResult result = stream_->read_some(scratch);
  if (!account(result)) return false;
  ConnectionUser::Consumed consumed = offer(scratch.first(result.bytes));
  if (!open()) return !closed();
  if (consumed.bytes < result.bytes) {
    ByteView rest = scratch.subspan(consumed.bytes, result.bytes - consumed.bytes);
    wanted_ = consumed.wanted;
    partial_ = loop_.take_buffer(wanted_);
    partial_.append(rest);
  }
  return result.bytes == scratch.size();
}

bool Connection::read_into_partial() {
  std::size_t have = partial_.size();
  std::size_t missing = wanted_ > have ? wanted_ - have : 0;
  std::span<std::byte> room = loop_.scratch();
  std::size_t in_place = std::min(missing, kGrowth * have);
  IoResult result;
  if (in_place <= room.size()) {
    // By way of the loop's memory, so that a message of which little has come takes little.
    result = stream_->read_some(room);
    partial_.append(room.first(result.bytes));
  } else {
    room = {partial_.grow(in_place), in_place};
    result = stream_->read_some(room);
    partial_.truncate(have + result.bytes);
  }
  if (!account(result)) return false;
  if (partial_.size() >= wanted_) offer_partial();
  return result.bytes == room.size();
}

ConnectionUser::Consumed Connection::offer(ByteView bytes) {
  TurnTime time;
  return user_.on_bytes(bytes);
}

void Connection::offer_partial() {
  ConnectionUser::Consumed consumed = offer(partial_.view());
  if (!open()) return;
  wanted_ = consumed.wanted;
  if (consumed.bytes == partial_.size()) {
    loop_.give_buffer(std::exchange(partial_, Buffer()));
  } else {
    partial_.consume(consumed.bytes);
  }
}

bool Connection::discard_more() {
  std::span<std::byte> scratch = loop_.scratch();
  IoResult result = stream_->read_some(scratch);
  return account(result) && result.bytes == scratch.size();
}

Status Connection::failure(std::string_view what) const {
  return Status(Code::kUnavailable, fmt::format("connection with {}: {}", peer_, what),
                HandlerRan::kUnknown);
}

void Connection::close_for(const std::error_code& error) {
  const std::string text = stream_->error_text();
  close(failure(text.empty() ? error.message() : text).with_cause(error));
}

// Takes note of a read. False if it brought no bytes.
bool Connection::account(const IoResult& result) {
  bytes_read_.add(result.bytes);
  if (result.error) close_for(result.error);
  if (result.end) reading_ = Reading::kEnded;
  return result.ok() && result.bytes > 0;
}

void Connection::end_turn() {
  in_turn_ = false;
  if (!closed()) write_out();
  if (closed()) {
    finish();
    return;
  }
  if (reading_ == Reading::kEnded) {
    guard([this] { end_of_stream(); });
    return;
  }
  if ((paused_ && open()) || reading_ == Reading::kWaiting) return;
  wait_to_read();
}

void Connection::end_of_stream() {
  if (!open()) {
    if (phase_ == Phase::kLingering) close(why_closed_);
    return;
  }
  if (partial_.empty() && user_.on_end()) return;
  std::string where;
  if (!partial_.empty()) {
    where = wanted_ > 0
                ? fmt::format(" in the middle of a message, after {} of {} bytes", partial_.size(),
                              wanted_)
                : fmt::format(" in the middle of a message, after {} bytes", partial_.size());
  }
  close(failure(fmt::format("closed by the peer{}", where)));
}

void Connection::on_gathered_long_enough() {
  if (closed()) return;
  std::shared_ptr<Connection> alive = shared_from_this();
  std::uint64_t before = bytes_read();
  turn();
  if (bytes_read() == before) gathering_.end(*stream_);
}

void Connection::resume_reading() {
  if (!paused_) return;
  paused_ = false;
  if (in_turn_ || closed()) return;
  // Not from here: the caller may be in the middle of finishing a call.
  loop_.post([self = shared_from_this()] {
    if (self->closed() || self->paused_ || self->in_turn_) return;
    self->in_turn_ = true;
    if (!self->partial_.empty()) self->guard([&self] { self->offer_partial(); });
    self->end_turn();
  });
}

void Connection::flush() {
  if (!in_turn_ && !closed()) write_out();
}

void Connection::write_out() {
  guard([this] { write_queued(); });
  if (waiting_writable_ || phase_ != Phase::kFlushing) return;
  enter(Phase::kLingering);
  stream_->shutdown_write();
  if (reading_ == Reading::kEnded) {
    close(why_closed_);
  } else {
    loop_.start_timer(stall_timer_, kLinger);
  }
}

void Connection::write_queued() {
  while (!waiting_writable_ && !closed()) {
    if (written_ == writing_.size()) {
      // Given back first, so that it is not the user who keeps its memory.
      if (writing_.capacity() > 0) loop_.give_buffer(std::exchange(writing_, Buffer()));
      written_ = 0;
      user_.take_outgoing(writing_);
      if (writing_.empty()) break;
    }
    ByteView piece = writing_.view().subspan(written_);
    IoResult result = stream_->write_some({&piece, 1});
    written_ += result.bytes;
    bytes_written_.add(result.bytes);
    if (result.would_block) {
      wait_to_write();
    } else if (result.error) {
      close_for(result.error);
    }
  }
}

void Connection::wait_to_write() {
  waiting_writable_ = true;
  if (options_.write_timeout > std::chrono::nanoseconds::zero()) {
    loop_.start_timer(stall_timer_, options_.write_timeout);
  }
  stream_->wait_writable(shared_from_this());
  user_.on_write_blocked();
}

void Connection::on_writable() {
  waiting_writable_ = false;
  if (closed()) return;
  loop_.cancel_timer(stall_timer_);
  write_out();
  if (!waiting_writable_ && open()) user_.on_drained();
}

void Connection::close_after_flush(Status why) {
  if (!open()) return;
  enter(Phase::kFlushing);
  gathering_.end(*stream_);
  why_closed_ = std::move(why);
  if (in_turn_) return;
  write_out();
  if (closed() || reading_ == Reading::kWaiting) return;
  if (reading_ == Reading::kEnded) {
    end_of_stream();
    return;
  }
  wait_to_read();
}

void Connection::close(Status why) {
  if (closed()) return;
  enter(Phase::kClosed);
  why_closed_ = std::move(why);
  loop_.cancel_timer(stall_timer_);
  gathering_.stop();
  stream_->close();
  if (!in_turn_) finish();
}

void Connection::finish() {
  if (phase_ == Phase::kReported) return;
  enter(Phase::kReported);
  partial_.release();
  writing_.release();
  user_.on_closed(why_closed_);
}

}  // namespace tern::net
