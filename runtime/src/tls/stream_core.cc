#include "tls/stream_core.h"

#include <utility>

namespace tern::tls {

namespace {

IoResult blocked() {
  IoResult result;
  result.would_block = true;
  return result;
}

}  // namespace

StreamCore::StreamCore(Loop& loop, std::unique_ptr<ByteStream> inner, StreamSetup setup)
    : loop_(loop),
      inner_(std::move(inner)),
      session_(*inner_),
      handshake_(std::make_unique<Handshake>(session_, std::move(setup))) {}

void StreamCore::begin_server() {
  handshake_->begin_server();
  if (handshake_->state() == Handshake::State::kFailed) fail_handshake();
}

void StreamCore::begin_client() {
  handshake_->begin_client();
  if (handshake_->state() == Handshake::State::kFailed) fail_handshake();
}

// --- The stream ---

IoResult StreamCore::read_some(std::span<std::byte> into) {
  switch (phase_) {
    case Phase::kOpen: {
      IoResult result = records_->read_some(into);
      if (result.error) fail(records_->why());
      return result;
    }
    case Phase::kPlaintext:
      return session_.bio().read(into);
    case Phase::kFailed:
    case Phase::kClosed:
      return error();
    case Phase::kHandshake:
    case Phase::kRefusing:
      break;
  }
  return blocked();
}

IoResult StreamCore::write_some(std::span<const ByteView> pieces) {
  switch (phase_) {
    case Phase::kOpen: {
      IoResult result = records_->write_some(pieces);
      if (records_->writing_failed()) fail(records_->why());
      if (phase_ == Phase::kOpen && records_->unsent()) arm();
      return result;
    }
    case Phase::kPlaintext:
      return inner_->write_some(pieces);
    case Phase::kFailed:
    case Phase::kClosed:
      return error();
    case Phase::kHandshake:
    case Phase::kRefusing:
      break;
  }
  return blocked();
}

IoResult StreamCore::error() const {
  IoResult result;
  result.error =
      phase_ == Phase::kClosed ? std::make_error_code(std::errc::bad_file_descriptor) : why_.code;
  return result;
}

void StreamCore::wait_readable(std::shared_ptr<ByteStreamUser> user) {
  reader_ = std::move(user);
  if (is_readable()) {
    post_wake();
  } else {
    arm();
  }
}

// Without the inner stream.
bool StreamCore::is_readable() const noexcept {
  switch (phase_) {
    case Phase::kOpen:
      return records_->has_read_ahead();
    case Phase::kPlaintext:
      return !session_.bio().back.empty();
    case Phase::kFailed:
      return true;
    case Phase::kHandshake:
    case Phase::kRefusing:
    case Phase::kClosed:
      break;
  }
  return false;
}

void StreamCore::wait_writable(std::shared_ptr<ByteStreamUser> user) {
  writer_ = std::move(user);
  if (phase_ == Phase::kFailed) {
    post_wake();
  } else {
    arm();
  }
}

void StreamCore::shutdown_write() noexcept {
  if (phase_ == Phase::kOpen && !records_->ending()) {
    records_->end_writing();
    if (records_->ending()) arm();
  } else if (phase_ == Phase::kPlaintext) {
    inner_->shutdown_write();
  }
}

void StreamCore::close() noexcept {
  if (phase_ == Phase::kClosed) return;
  if (phase_ == Phase::kOpen) records_->abandon();
  phase_ = Phase::kClosed;
  if (refusal_) refusal_->stop();
  inner_->close();
  // They may own the stream.
  std::shared_ptr<ByteStreamUser> reader = std::move(reader_);
  std::shared_ptr<ByteStreamUser> writer = std::move(writer_);
}

// --- The handshake ---

void StreamCore::go_on() {
  std::shared_ptr<StreamCore> self = shared_from_this();
  if (phase_ == Phase::kHandshake) take_step();
  if (phase_ == Phase::kOpen || phase_ == Phase::kPlaintext || phase_ == Phase::kFailed) {
    wake();
  } else {
    arm();
  }
}

void StreamCore::take_step() {
  handshake_->go_on();
  switch (handshake_->state()) {
    case Handshake::State::kFirstBytes:
    case Handshake::State::kRuns:
      return;
    case Handshake::State::kSecure:
      open();
      return;
    case Handshake::State::kPlaintext:
      phase_ = Phase::kPlaintext;
      handshake_.reset();
      return;
    case Handshake::State::kPlaintextRefused:
      refuse();
      return;
    case Handshake::State::kFailed:
      fail_handshake();
  }
}

void StreamCore::open() {
  ++handshake_->counters().done;
  peer_ = handshake_->peer_certificate();
  phase_ = Phase::kOpen;
  records_.emplace(session_);
  handshake_.reset();
}

void StreamCore::refuse() {
  phase_ = Phase::kRefusing;
  why_ = handshake_->why();
  refusal_ = std::make_unique<PlaintextRefusal>(loop_, *inner_, [this] { end_refusal(); });
  refusal_->answer(session_.bio().first_bytes());
  drain_refused();
}

void StreamCore::drain_refused() {
  if (refusal_->drain()) end_refusal();
}

void StreamCore::end_refusal() {
  if (phase_ != Phase::kRefusing) return;
  refusal_->stop();
  fail_handshake();
  post_wake();
}

void StreamCore::fail_handshake() {
  if (handshake_->begun()) ++handshake_->counters().failed;
  fail(handshake_->why());
}

void StreamCore::fail(const Failure& why) {
  phase_ = Phase::kFailed;
  why_ = why;
}

// --- Waiting ---

void StreamCore::on_readable() {
  waits_readable_ = false;
  on_ready(Needs::kReadable);
}

void StreamCore::on_writable() {
  waits_writable_ = false;
  on_ready(Needs::kWritable);
}

void StreamCore::on_ready(Needs what) {
  std::shared_ptr<StreamCore> self = shared_from_this();
  switch (phase_) {
    case Phase::kHandshake:
      if (what == handshake_->needs()) {
        handshake_->turns().add(
            std::weak_ptr<Handshaking>(std::shared_ptr<Handshaking>(self, this)));
      }
      return;
    case Phase::kRefusing:
      drain_refused();
      if (phase_ == Phase::kRefusing) arm();
      return;
    case Phase::kOpen:
      if (what == Needs::kWritable && !flush()) return;
      if (what == records_->reading_needs()) call_reader();
      if (what == records_->writing_needs()) call_writer();
      break;
    case Phase::kPlaintext:
      if (what == Needs::kReadable) call_reader();
      if (what == Needs::kWritable) call_writer();
      break;
    case Phase::kFailed:
    case Phase::kClosed:
      return;
  }
  arm();
}

// False: there is nothing more to do at present.
bool StreamCore::flush() {
  if (records_->ending()) {
    records_->end_writing();
  } else if (records_->unsent()) {
    records_->flush();
  }
  if (records_->writing_failed()) {
    fail(records_->why());
    wake();
    return false;
  }
  if (!records_->unsent()) return true;
  arm();
  return false;
}

// Both look for themselves.
void StreamCore::wake() {
  call_reader();
  call_writer();
  arm();
}

void StreamCore::post_wake() {
  loop_.post([weak = weak_from_this()] {
    if (auto self = weak.lock()) self->wake();
  });
}

void StreamCore::call_reader() {
  if (std::shared_ptr<ByteStreamUser> user = std::move(reader_)) user->on_readable();
}

void StreamCore::call_writer() {
  if (std::shared_ptr<ByteStreamUser> user = std::move(writer_)) user->on_writable();
}

void StreamCore::arm() {
  bool readable = false;
  bool writable = false;
  auto want = [&](Needs needs) { (needs == Needs::kReadable ? readable : writable) = true; };
  switch (phase_) {
    case Phase::kHandshake:
      if (reader_ || writer_) want(handshake_->needs());
      break;
    case Phase::kRefusing:
      readable = true;
      break;
    case Phase::kOpen:
      if (reader_) want(records_->reading_needs());
      if (writer_) want(records_->writing_needs());
      if (records_->ending() || records_->unsent()) writable = true;
      break;
    case Phase::kPlaintext:
      readable = reader_ != nullptr;
      writable = writer_ != nullptr;
      break;
    case Phase::kFailed:
    case Phase::kClosed:
      return;
  }
  if (readable && !std::exchange(waits_readable_, true)) inner_->wait_readable(shared_from_this());
  if (writable && !std::exchange(waits_writable_, true)) inner_->wait_writable(shared_from_this());
}

}  // namespace tern::tls
