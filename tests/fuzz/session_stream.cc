#include "fuzz/session_stream.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "fuzz/expect.h"
#include "stream/send_side.h"
#include "tern/codegen/type_ops_of.h"

namespace fuzz {
namespace {

// No handler writes so much.
constexpr std::uint64_t kMostWritten = 1024 * 1024;

// As much as two windows that overflow can have.
std::uint64_t add_window(std::uint64_t left, std::uint64_t right) noexcept {
  return std::min(left + std::min(right, SessionStream::kNoWindow), SessionStream::kNoWindow);
}

bool decode(const tern::Codec& codec, std::string_view bytes, std::string& text) {
  return codec
      .decode(tern::type_ops<std::string>(), tern::as_bytes(bytes), &text, tern::DecodeLimits())
      .ok();
}

}  // namespace

std::string stream_text(std::string_view serial, std::size_t index, std::size_t letters) {
  return fmt::format("{}:{}:", serial, index) +
         std::string(letters, static_cast<char>('a' + index % 26));
}

// --- The client ---

void SessionStream::said_data(const tern::wire::Frame& frame) {
  if (!talks()) return;
  if (!frame.refused.ok() || !tern::client_streams(setup_.kind)) {
    sender_ = Sender::kWrong;
    return;
  }
  if (tern::wire::is_message(frame)) said_message(frame);
  if (!frame.ends_side || sender_ == Sender::kWrong) return;
  sender_ = in_message_ || ended_ ? Sender::kWrong : Sender::kEnded;
  ended_ = ended_ || sender_ == Sender::kEnded;
}

void SessionStream::said_message(const tern::wire::Frame& frame) {
  const std::uint64_t size = frame.body.size();
  const std::uint64_t rest = in_message_ ? rest_ : frame.whole;
  if (sender_ == Sender::kEnded || size > rest || (size == rest) == frame.continues) {
    sender_ = Sender::kWrong;
    return;
  }
  said_cost_ += in_message_ ? size : tern::wire::stream_cost(size);
  // The server may know that it has granted more; else it ends the stream.
  if (said_cost_ > add_window(setup_.server_window, granted_)) faulty_ = true;
  partial_ += tern::as_text(frame.body);
  rest_ = rest - size;
  in_message_ = frame.continues;
  if (!in_message_) complete_message();
}

void SessionStream::complete_message() {
  std::string message;
  costs_.push_back(tern::wire::stream_cost(partial_.size()));
  if (decode(*setup_.codec, partial_, message)) {
    said_.push_back(std::move(message));
  } else {
    // The handler learns of it when it comes to it, if it does.
    blur();
  }
  partial_.clear();
}

// What is on its way to this side has made room for it.
void SessionStream::said_credit(std::uint64_t bytes) {
  if (!talks()) return;
  const std::uint64_t most = tern::stream::SendSide::kMostCredit;
  const std::uint64_t window = setup_.client_window + client_granted_ - came_cost_;
  if (bytes <= most && window + bytes <= most) {
    client_granted_ += bytes;
  } else if (bytes > most || window + bytes - std::min(window, kMostWritten) > most) {
    sender_ = Sender::kWrong;
  } else {
    blur();
  }
}

// The server reads what came before it first, and may have answered that.
void SessionStream::said_cancel() noexcept {
  if (sender_ == Sender::kWrong) faulty_ = true;
  if (talks() || sender_ == Sender::kWrong) sender_ = Sender::kCancelled;
}

// --- The handler ---

void SessionStream::begins() {
  if (clear_) expect(!std::exchange(begun_, true), "a stream has one handler");
}

void SessionStream::takes(std::string_view message) {
  waits_ = false;
  if (!clear_) return;
  expect(taken_ < said_.size(), "a handler gets no message that its client did not send");
  expect(said_[taken_] == message, "messages come whole, in order, and each once");
  taken_cost_ += costs_[taken_++];
}

void SessionStream::sees_end() {
  waits_ = false;
  if (!clear_ || over_) return;
  expect(ended_, "a side ends when its client has said so");
  expect(taken_ == said_.size(), "no message is lost before the end of its side");
}

// --- The server ---

void SessionStream::came_data(const tern::wire::Frame& frame) {
  if (!clear_) return;
  expect(!over_ && !silent_, "nothing comes behind the end of a stream");
  if (frame.initial_metadata) {
    expect(came_ == 0 && !comes_, "initial metadata comes before the first message");
    return;
  }
  expect(tern::server_streams(setup_.kind), "messages come only where the server streams");
  const std::uint64_t size = frame.body.size();
  came_cost_ += comes_ ? size : tern::wire::stream_cost(size);
  expect(came_cost_ <= add_window(setup_.client_window, client_granted_),
         "no more comes than was granted");
  if (!comes_) coming_size_ = frame.whole;
  coming_ += tern::as_text(frame.body);
  comes_ = frame.continues;
  if (comes_) return;
  expect(coming_.size() == coming_size_, "a message is as long as was said");
  std::string text;
  expect(decode(*setup_.codec, coming_, text), "a message can be read");
  const std::size_t prefix = stream_text(setup_.serial, came_, 0).size();
  expect(text.size() >= prefix && text == stream_text(setup_.serial, came_, text.size() - prefix),
         "what the handler writes comes whole, in order, and each once");
  ++came_;
  coming_.clear();
}

void SessionStream::came_credit(std::uint64_t bytes) {
  if (!clear_) return;
  expect(!over_ && !silent_, "no credit comes behind the end of a stream");
  expect(tern::client_streams(setup_.kind), "credit comes only for what the client streams");
  granted_ += bytes;
}

// The end may be that of the other one, which it cannot be told from.
void SessionStream::came_end(tern::Code code) {
  if (!clear_) return;
  expect(!over_, "a stream has one end");
  expect(!silent_, "a stream that was cancelled is not answered");
  if (code == tern::Code::kOk) expect(!comes_, "no message is cut off by a reply");
  expect(code != tern::Code::kInternal || faulty_ || sender_ == Sender::kWrong,
         "a stream that keeps to the rules is not the client's fault");
  over_ = true;
}

// --- All is read ---

void SessionStream::expect_settled() {
  if (!clear_ || over_) return;
  expect(sender_ != Sender::kWrong, "a wrong frame ends its stream");
  if (sender_ == Sender::kCancelled) silent_ = true;
  if (silent_) return;
  expect(said_cost_ <= add_window(setup_.server_window, granted_),
         "what is over the window ends its stream");
}

std::uint64_t SessionStream::beyond_window() const noexcept {
  if (!clear_ || over_ || silent_) return 0;
  const std::uint64_t taken = reader_dropped_ ? said_cost_ : taken_cost_;
  return granted_ > taken ? granted_ - taken : 0;
}

void SessionStream::expect_rest_granted() const {
  if (!clear_ || !talks() || !in_message_) return;
  if (taken_ < said_.size() || !(waits_ || reader_dropped_)) return;
  expect(add_window(setup_.server_window, granted_) - said_cost_ >= rest_,
         "a message that has begun is granted to its end");
}

}  // namespace fuzz
