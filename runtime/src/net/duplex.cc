#include "net/duplex.h"

#include <algorithm>
#include <new>
#include <utility>

namespace tern::net {

namespace {

constexpr std::size_t kReadBytes = 64 * 1024;

constexpr Duplex::Half other(Duplex::Half half) noexcept {
  return half == Duplex::Half::kCalling ? Duplex::Half::kServing : Duplex::Half::kCalling;
}

IoResult blocked() noexcept {
  IoResult result;
  result.would_block = true;
  return result;
}

std::size_t size_of(std::span<const ByteView> pieces) noexcept {
  std::size_t size = 0;
  for (ByteView piece : pieces) size += piece.size();
  return size;
}

}  // namespace

class Duplex::HalfStream final : public ByteStream {
 public:
  HalfStream(std::shared_ptr<Duplex> duplex, Half half)
      : duplex_(std::move(duplex)), half_(half), peer_(duplex_->stream_->peer()) {}
  ~HalfStream() override { duplex_->close(half_); }

  IoResult read_some(std::span<std::byte> into) override { return duplex_->read(half_, into); }
  IoResult write_some(std::span<const ByteView> pieces) override {
    return duplex_->write(half_, pieces);
  }
  void wait_readable(std::shared_ptr<ByteStreamUser> user) override {
    duplex_->wait_readable(half_, std::move(user));
  }
  void wait_writable(std::shared_ptr<ByteStreamUser> user) override {
    duplex_->wait_writable(half_, std::move(user));
  }
  void shutdown_write() noexcept override { duplex_->shutdown_write(); }
  void close() noexcept override { duplex_->close(half_); }
  PeerState peer_state() noexcept override { return duplex_->peer_state(); }
  SharedTraffic shared_traffic() const noexcept override {
    return {duplex_->bytes_read_, duplex_->full()};
  }
  std::string error_text() const override { return duplex_->stream_->error_text(); }
  bool established() const noexcept override { return duplex_->stream_->established(); }
  std::string peer() const override { return peer_; }
  bool peer_is_local() const noexcept override { return duplex_->stream_->peer_is_local(); }
  std::string_view application_protocol() const noexcept override {
    return duplex_->stream_->application_protocol();
  }
  std::shared_ptr<const PeerCertificate> peer_certificate() const noexcept override {
    return duplex_->stream_->peer_certificate();
  }

 private:
  std::shared_ptr<Duplex> duplex_;
  Half half_;
  std::string peer_;
};

std::shared_ptr<Duplex> Duplex::make(Loop& loop, std::unique_ptr<ByteStream> stream,
                                     std::uint64_t window_bytes) {
  return std::shared_ptr<Duplex>(new Duplex(loop, std::move(stream), window_bytes));
}

Duplex::Duplex(Loop& loop, std::unique_ptr<ByteStream> stream, std::uint64_t window_bytes)
    : loop_(loop), stream_(std::move(stream)), window_bytes_(window_bytes) {}

Duplex::~Duplex() = default;

std::unique_ptr<ByteStream> Duplex::open(Half half) {
  return std::make_unique<HalfStream>(shared_from_this(), half);
}

// --- Reading ---

void Duplex::skip(ByteView bytes) {
  route(bytes);
  // What the server has had is not given to it again; of a head that is not complete it is noted.
  side(Half::kServing).queued.drop();
  splitter_.note_given();
}

IoResult Duplex::read(Half half, std::span<std::byte> into) {
  Side& mine = side(half);
  if (mine.queued.empty()) pull();
  if (!mine.queued.empty()) {
    IoResult result;
    result.bytes = mine.queued.read(loop_, into);
    wait_for_more();
    return result;
  }
  return ended() ? ended_ : blocked();
}

// Reads what is there, and tells the halves that wait for what has come.
void Duplex::pull() {
  if (ended() || full()) return;
  try {
    Buffer memory = loop_.take_buffer(kReadBytes);
    std::byte* start = memory.grow(kReadBytes);
    IoResult result = stream_->read_some({start, kReadBytes});
    bytes_read_ += result.bytes;
    if (result.bytes > 0) route({start, result.bytes});
    if (result.end || result.error) ended_ = result;
    loop_.give_buffer(std::move(memory));
  } catch (const std::bad_alloc&) {
    // Of what has been read a part may be lost, so that what follows it is of no use.
    ended_.error = std::make_error_code(std::errc::not_enough_memory);
  }
  wake_readers();
}

void Duplex::route(ByteView bytes) {
  while (std::optional<FrameSplitter::Piece> piece = splitter_.next(bytes)) {
    side(piece->half).queued.append(loop_, piece->bytes, piece->counts);
  }
}

void Duplex::wait_readable(Half half, std::shared_ptr<ByteStreamUser> user) {
  Side& mine = side(half);
  if (!mine.open) return;
  mine.reader.user = std::move(user);
  wake_readers();
  wait_for_more();
}

// Waits for the stream if a half waits in vain. Not while the other one has too much to read.
void Duplex::wait_for_more() {
  if (reading_ || ended() || full()) return;
  bool wanted = std::any_of(sides_.begin(), sides_.end(),
                            [](const Side& one) { return one.reader.user && one.queued.empty(); });
  if (!wanted) return;
  reading_ = true;
  stream_->wait_readable(shared_from_this());
}

bool Duplex::full() const noexcept {
  const std::uint64_t most = kMaxQueued + window_bytes_ + window_bytes_ / kChunksOverhead;
  return std::any_of(sides_.begin(), sides_.end(), [most](const Side& one) {
    return one.queued.counted() >= kMaxQueued || one.queued.size() >= most;
  });
}

void Duplex::on_readable() {
  reading_ = false;
  pull();
  wait_for_more();
}

void Duplex::wake_readers() {
  for (Half half : {Half::kCalling, Half::kServing}) {
    if (!side(half).queued.empty() || ended()) wake_reader(half);
  }
}

// Whether a half may still be called is seen when the task runs: its own close() takes it out.
void Duplex::wake_reader(Half half) {
  Waiting& waiting = side(half).reader;
  if (!waiting.user || waiting.called) return;
  loop_.post([self = shared_from_this(), half] {
    Waiting& now = self->side(half).reader;
    now.called = false;
    if (auto user = std::exchange(now.user, nullptr)) user->on_readable();
  });
  waiting.called = true;
}

// --- Writing ---

IoResult Duplex::write(Half half, std::span<const ByteView> pieces) {
  if (writes_ == other(half)) return blocked();
  if (closed_ || (shut_down_ && owed_ == 0)) {
    IoResult result;
    result.error = std::make_error_code(std::errc::broken_pipe);
    return result;
  }
  IoResult result = stream_->write_some(pieces);
  if (result.error) return result;
  const bool on_its_way = result.bytes > 0 || owed_ > 0 || stream_->write_begun();
  if (!on_its_way) return result;
  writes_ = half;
  owed_ = size_of(pieces) - result.bytes;
  if (owed_ == 0) {
    if (shut_down_) stream_->shutdown_write();
    writes_.reset();
    if (side(other(half)).writer.user) {
      writes_ = other(half);
      wake_writer(other(half));
    }
  }
  return result;
}

void Duplex::wait_writable(Half half, std::shared_ptr<ByteStreamUser> user) {
  Side& mine = side(half);
  if (!mine.open) return;
  mine.writer.user = std::move(user);
  if (closed_) {
    wake_writer(half);
  } else if (writes_ != other(half) && !writing_) {
    writing_ = true;
    stream_->wait_writable(shared_from_this());
  }
}

// Both halves, though one may have to wait for the other: it sees that the peer takes something.
void Duplex::on_writable() {
  writing_ = false;
  Half first = writes_.value_or(Half::kCalling);
  wake_writer(first);
  wake_writer(other(first));
}

void Duplex::wake_writer(Half half) {
  Waiting& waiting = side(half).writer;
  if (!waiting.user || waiting.called) return;
  loop_.post([self = shared_from_this(), half] {
    Waiting& now = self->side(half).writer;
    now.called = false;
    if (auto user = std::exchange(now.user, nullptr)) user->on_writable();
    self->end_turn(half);
  });
  waiting.called = true;
}

// A half that has had its turn, and owes nothing, holds the other one up no longer.
void Duplex::end_turn(Half half) {
  if (writes_ != half || owed_ > 0) return;
  writes_.reset();
  if (!writing_) wake_writer(other(half));
}

void Duplex::shutdown_write() noexcept {
  shut_down_ = true;
  if (owed_ == 0) stream_->shutdown_write();
}

// --- The end ---

PeerState Duplex::peer_state() noexcept {
  return closed_ ? PeerState::kGone : stream_->peer_state();
}

void Duplex::close(Half half) noexcept {
  Side& mine = side(half);
  mine.open = false;
  std::shared_ptr<ByteStreamUser> reader = std::move(mine.reader.user);
  std::shared_ptr<ByteStreamUser> writer = std::move(mine.writer.user);
  mine.queued.clear(loop_);
  if (closed_) return;
  closed_ = true;
  stream_->close();
  ended_.error = std::make_error_code(std::errc::connection_aborted);
  writes_.reset();
  // The other half learns it as the loss of its connection.
  wake_reader(other(half));
  wake_writer(other(half));
}

}  // namespace tern::net
