// One stream of the session that is fuzzed: what its client has said, what its handler has taken,
// and what has come back.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "tern/codec.h"
#include "tern/codegen/method.h"
#include "tern/status.h"
#include "wire/frame.h"

namespace fuzz {

// The message `index` that the handler of the stream `serial` writes, with so many letters.
std::string stream_text(std::string_view serial, std::size_t index, std::size_t letters);

// Ends the program unless the client, the handler and the server keep to what they have been told.
class SessionStream {
 public:
  struct Setup {
    std::string serial;                  // no other stream's
    tern::MethodKind kind;               // with streams
    const tern::Codec* codec = nullptr;  // outlives the stream
    std::uint64_t server_window = 0;     // the first one for what the client sends
    std::uint64_t client_window = 0;     // the same for what the server sends
  };
  // Of protocols without credit.
  static constexpr std::uint64_t kNoWindow = std::uint64_t{1} << 62;

  explicit SessionStream(Setup setup) noexcept : setup_(std::move(setup)) {}

  // Two streams cannot be told apart: from now on nothing is claimed of this one.
  void blur() noexcept { clear_ = false; }
  bool clear() const noexcept { return clear_; }

  // --- The client, in the order in which the server will read it ---

  void said_data(const tern::wire::Frame& frame);
  void said_credit(std::uint64_t bytes);
  void said_cancel() noexcept;
  // Whether it may still say something, and be heard.
  bool talks() const noexcept { return sender_ <= Sender::kEnded && !over_; }
  // Whether it owes the end of its side, or may owe it.
  bool owes_end() const noexcept {
    return !clear_ || (sender_ == Sender::kOpen && tern::client_streams(setup_.kind));
  }
  bool cancelled() const noexcept { return sender_ == Sender::kCancelled; }

  // --- The handler ---

  const std::string& serial() const noexcept { return setup_.serial; }
  void begins();
  void takes(std::string_view message);
  // The reader says that the client has ended its side in order.
  void sees_end();
  void waits_to_read(bool waits) noexcept { waits_ = waits; }
  void drops_reader() noexcept { reader_dropped_ = true; }
  void throws() noexcept { faulty_ = true; }

  // --- The server ---

  void came_data(const tern::wire::Frame& frame);
  void came_credit(std::uint64_t bytes);
  // A reply or an error.
  void came_end(tern::Code code);
  bool over() const noexcept { return over_; }

  // --- When the server has read all of it, and the client all that the server says ---

  void expect_settled();
  // What the server keeps of it beyond the first window, at least.
  std::uint64_t beyond_window() const noexcept;
  // If nothing else has the budget, the rest of a message that has begun can come.
  void expect_rest_granted() const;

 private:
  // What the client has made of its side. The server ends one that is wrong.
  enum class Sender : std::uint8_t { kOpen, kEnded, kWrong, kCancelled };

  void said_message(const tern::wire::Frame& frame);
  void complete_message();

  const Setup setup_;
  bool clear_ = true;
  bool over_ = false;    // the server has said so
  bool silent_ = false;  // nothing can come any more
  bool faulty_ = false;  // `internal` is not a surprise

  Sender sender_ = Sender::kOpen;
  bool ended_ = false;  // in order; the frames behind that may be wrong
  bool in_message_ = false;
  std::uint64_t rest_ = 0;            // of the message
  std::string partial_;               // of the message
  std::vector<std::string> said_;     // whole messages
  std::vector<std::uint64_t> costs_;  // of those
  std::uint64_t said_cost_ = 0;
  std::uint64_t granted_ = 0;  // beyond the first window

  bool begun_ = false;
  std::size_t taken_ = 0;  // messages
  std::uint64_t taken_cost_ = 0;
  bool waits_ = false;
  bool reader_dropped_ = false;

  std::uint64_t client_granted_ = 0;  // beyond the first window
  std::uint64_t came_cost_ = 0;
  std::size_t came_ = 0;  // whole messages
  bool comes_ = false;    // a message has begun to
  std::uint64_t coming_size_ = 0;
  std::string coming_;
};

}  // namespace fuzz
