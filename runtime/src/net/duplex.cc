#include "net/duplex.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace tern {

namespace {

constexpr std::size_t kReadBytes = 64 * 1024;

// The kinds of frames, as runtime/README.md has them, that whoever calls from here receives: reply,
// error, pong, going away. All others, unknown ones too, are for whoever serves.
constexpr bool is_answer(std::byte kind) noexcept {
  return kind == std::byte(2) || kind == std::byte(3) || kind == std::byte(6) ||
         kind == std::byte(7);
}

IoResult blocked() noexcept {
  IoResult result;
  result.would_block = true;
  return result;
}

}  // namespace

class Duplex::HalfStream final : public Stream {
 public:
  HalfStream(std::shared_ptr<Duplex> duplex, Half half)
      : duplex_(std::move(duplex)), half_(half), peer_(duplex_->stream_->peer()) {}
  ~HalfStream() override { duplex_->close(); }

  IoResult read_some(std::span<std::byte> into) override { return duplex_->read(half_, into); }
  IoResult write_some(std::span<const ByteView> pieces) override { return duplex_->write(pieces); }
  void wait_readable(std::shared_ptr<StreamUser> user) override {
    duplex_->wait_readable(half_, std::move(user));
  }
  void wait_writable(std::shared_ptr<StreamUser> user) override {
    duplex_->wait_writable(half_, std::move(user));
  }
  void shutdown_write() noexcept override { duplex_->shutdown_write(); }
  void close() noexcept override { duplex_->close(); }
  std::string peer() const override { return peer_; }

 private:
  std::shared_ptr<Duplex> duplex_;
  Half half_;
  std::string peer_;
};

std::shared_ptr<Duplex> Duplex::make(Loop& loop, std::unique_ptr<Stream> stream) {
  return std::shared_ptr<Duplex>(new Duplex(loop, std::move(stream)));
}

Duplex::Duplex(Loop& loop, std::unique_ptr<Stream> stream)
    : loop_(loop), stream_(std::move(stream)) {}

Duplex::~Duplex() = default;

std::unique_ptr<Stream> Duplex::open(Half half) {
  return std::make_unique<HalfStream>(shared_from_this(), half);
}

// --- Reading ---

void Duplex::skip(ByteView bytes) {
  route(bytes);
  // What the server has had is not given to it again; of a head that is not complete it is noted.
  reader(Half::kServing).queued.clear();
  head_given_ = head_have_;
}

IoResult Duplex::read(Half half, std::span<std::byte> into) {
  Reader& mine = reader(half);
  if (mine.queued.empty()) pull();
  if (!mine.queued.empty()) {
    IoResult result;
    result.bytes = std::min(into.size(), mine.queued.size());
    std::memcpy(into.data(), mine.queued.view().data(), result.bytes);
    mine.queued.consume(result.bytes);
    if (mine.queued.empty()) loop_.give_buffer(std::exchange(mine.queued, Buffer()));
    wait_for_more();
    return result;
  }
  return ended_.end || ended_.error ? ended_ : blocked();
}

// Reads what is there, and tells the halves that wait for what has come.
void Duplex::pull() {
  if (ended_.end || ended_.error || full()) return;
  Buffer memory = loop_.take_buffer(kReadBytes);
  std::byte* start = memory.grow(kReadBytes);
  IoResult result = stream_->read_some({start, kReadBytes});
  if (result.bytes > 0) route({start, result.bytes});
  if (result.end || result.error) ended_ = result;
  memory.clear();
  loop_.give_buffer(std::move(memory));
  wake_readers();
}

void Duplex::route(ByteView bytes) {
  if (in_handshake_) {
    std::size_t size = handshake_size(bytes);
    give(Half::kCalling, bytes.first(size));
    bytes = bytes.subspan(size);
  }
  while (!bytes.empty()) {
    if (frame_left_ > 0) {
      auto size = static_cast<std::size_t>(std::min<std::uint64_t>(frame_left_, bytes.size()));
      give(frame_for_, bytes.first(size));
      bytes = bytes.subspan(size);
      frame_left_ -= size;
      continue;
    }
    head_[head_have_++] = bytes.front();
    bytes = bytes.subspan(1);
    if (head_have_ < kHead) continue;
    std::uint32_t size = 0;
    std::memcpy(&size, head_.data(), sizeof size);
    frame_left_ = size > 0 ? size - 1 : 0;  // the kind is a part of it
    frame_for_ = is_answer(head_.back()) && head_given_ == 0 ? Half::kCalling : Half::kServing;
    give(frame_for_, ByteView(head_).subspan(head_given_));
    head_have_ = head_given_ = 0;
  }
}

// An answer to CONNECT may stand before the line of JSON.
std::size_t Duplex::handshake_size(ByteView bytes) noexcept {
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (at_line_start_) in_last_line_ = bytes[i] == std::byte('{');
    at_line_start_ = bytes[i] == std::byte('\n');
    if (at_line_start_ && in_last_line_) {
      in_handshake_ = false;
      return i + 1;
    }
  }
  return bytes.size();
}

void Duplex::give(Half half, ByteView bytes) {
  Buffer& queued = reader(half).queued;
  if (queued.capacity() == 0) queued = loop_.take_buffer(bytes.size());
  queued.append(bytes);
}

void Duplex::wait_readable(Half half, std::shared_ptr<StreamUser> user) {
  reader(half).waiting = std::move(user);
  wake_readers();
  wait_for_more();
}

// Waits for the stream if a half waits in vain. Not while the other one has too much to read.
void Duplex::wait_for_more() {
  if (reading_ || closed_ || ended_.end || ended_.error || full()) return;
  bool wanted = std::any_of(readers_.begin(), readers_.end(),
                            [](const Reader& one) { return one.waiting && one.queued.empty(); });
  if (!wanted) return;
  reading_ = true;
  stream_->wait_readable(shared_from_this());
}

bool Duplex::full() const noexcept {
  return std::any_of(readers_.begin(), readers_.end(),
                     [](const Reader& one) { return one.queued.size() >= kMaxQueued; });
}

void Duplex::on_readable() {
  reading_ = false;
  if (closed_) return;
  pull();
  wait_for_more();
}

void Duplex::wake_readers() {
  for (Reader& one : readers_) {
    if (!one.queued.empty() || ended_.end || ended_.error) {
      wake(one.waiting, &StreamUser::on_readable);
    }
  }
}

void Duplex::wake(std::shared_ptr<StreamUser>& waiting, void (StreamUser::*call)()) {
  if (!waiting) return;
  loop_.post([self = shared_from_this(), user = std::exchange(waiting, nullptr), call] {
    if (!self->closed_) (*user.*call)();
  });
}

// --- Writing ---

// Takes all of the pieces or nothing, so that frames of the two halves do not mix.
IoResult Duplex::write(std::span<const ByteView> pieces) {
  if (closed_ || shut_down_) {
    IoResult result;
    result.error = std::make_error_code(std::errc::broken_pipe);
    return result;
  }
  if (!unwritten_.empty()) return blocked();
  IoResult result = stream_->write_some(pieces);
  if (result.error) return result;
  std::size_t written = result.bytes;
  result = IoResult();
  for (ByteView piece : pieces) {
    result.bytes += piece.size();
    std::size_t skipped = std::min(written, piece.size());
    written -= skipped;
    if (skipped < piece.size()) unwritten_.append(piece.subspan(skipped));
  }
  if (!unwritten_.empty()) write_out();
  return result;
}

void Duplex::write_out() {
  ByteView piece = unwritten_.view().subspan(written_);
  IoResult result = stream_->write_some({&piece, 1});
  written_ += result.bytes;
  if (result.error || written_ == unwritten_.size()) {
    // After an error reading has the same to say, and ends the halves.
    loop_.give_buffer(std::exchange(unwritten_, Buffer()));
    written_ = 0;
  } else if (!writing_) {
    writing_ = true;
    stream_->wait_writable(shared_from_this());
  }
}

void Duplex::wait_writable(Half half, std::shared_ptr<StreamUser> user) {
  writers_[static_cast<std::size_t>(half)] = std::move(user);
  if (unwritten_.empty()) {
    on_writable();
  }
}

void Duplex::on_writable() {
  writing_ = false;
  if (closed_) return;
  if (!unwritten_.empty()) write_out();
  if (!unwritten_.empty()) return;
  if (shut_down_) stream_->shutdown_write();
  for (auto& waiting : writers_) wake(waiting, &StreamUser::on_writable);
}

void Duplex::shutdown_write() noexcept {
  shut_down_ = true;
  if (unwritten_.empty()) stream_->shutdown_write();
}

void Duplex::close() noexcept {
  if (closed_) return;
  closed_ = true;
  stream_->close();
  ended_.error = std::make_error_code(std::errc::connection_aborted);
  // The half that was not closed learns it as the loss of its connection.
  for (auto& one : readers_) {
    if (!one.waiting) continue;
    loop_.post([self = shared_from_this(), user = std::exchange(one.waiting, nullptr)] {
      user->on_readable();
    });
  }
  for (auto& one : writers_) one.reset();
}

}  // namespace tern
