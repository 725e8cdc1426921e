// A client's first words on a connection, and what the server answers to them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "tern/buffer.h"
#include "tern/status.h"
#include "wire/client_setup.h"
#include "wire/handshake.h"

namespace tern::call {

// From the first byte to the first frame, without I/O. HTTP's CONNECT comes first if the address
// asks for it, then the Option if the frames are ours; each has an answer. A protocol with neither
// is done at once. Threads: one.
class ClientHandshake {
 public:
  enum class Phase : std::uint8_t {
    kHttpConnect,  // CONNECT is not answered; nothing else may be sent
    kOption,       // the Option is not answered; requests may go out with it
    kDone,         // frames come
    kRefused,      // the server has said no, and has looked at no call
    kBroken        // what came is no answer: nobody knows what became of the calls
  };

  // An answer of more than `limit` bytes is none.
  ClientHandshake(const wire::ClientPreface& preface, std::size_t limit);

  Phase phase() const noexcept { return phase_; }
  bool done() const noexcept { return phase_ == Phase::kDone; }

  // The request of CONNECT. Once, in kHttpConnect; "" after that.
  std::string take_http_connect() noexcept;

  // Reads the front of `bytes`, which is all that has come and was not taken. Returns how many it
  // takes: nothing behind the handshake is looked at.
  std::size_t read(ByteView bytes);

  // In kRefused and kBroken: why, and whether a handler can have run.
  const Status& failure() const noexcept { return failure_; }
  // In kDone: what the server takes, if it has answered an Option; else no limits.
  const wire::OptionReply& answer() const noexcept { return answer_; }

 private:
  std::size_t read_http_connect_answer(ByteView bytes);
  std::size_t read_option_answer(ByteView bytes);
  // The only place where the phase changes.
  void enter(Phase next) noexcept;
  void refuse(const Status& why);
  void break_off(std::string_view why);

  const std::size_t limit_;
  const bool has_option_;
  std::string http_connect_;
  Phase phase_;
  wire::OptionReply answer_;
  Status failure_;
};

}  // namespace tern::call
