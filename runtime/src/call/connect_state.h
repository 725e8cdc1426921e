// What a connector is about.
#pragma once

#include <cassert>
#include <cstdint>

namespace tern::call {

// Can be compared to its values.
class ConnectState {
 public:
  enum class Value : std::uint8_t {
    kIdle,         // the next call connects
    kConnecting,   // a stream is being opened
    kHandshaking,  // calls go out, the server has not accepted yet
    kReady,
    kBackingOff,  // the last attempt has failed
    kClosed
  };

  // Implicit: it is its value.
  operator Value() const noexcept { return value_; }

  // The only place where it changes.
  void enter(Value next) noexcept {
    assert(can_be_followed_by(next));
    value_ = next;
  }

 private:
  [[maybe_unused]] bool can_be_followed_by(Value next) const noexcept {
    switch (next) {
      case Value::kIdle:  // from kConnecting if there is no memory to begin
        return value_ == Value::kReady || value_ == Value::kBackingOff ||
               value_ == Value::kConnecting;
      case Value::kConnecting:  // a lost handshake is on its way to kBackingOff
        return value_ == Value::kIdle || value_ == Value::kBackingOff ||
               value_ == Value::kHandshaking;
      case Value::kHandshaking:
        return value_ == Value::kConnecting;
      case Value::kReady:
        return value_ == Value::kHandshaking;
      case Value::kBackingOff:
        return value_ == Value::kConnecting;
      case Value::kClosed:
        return value_ != Value::kClosed;
    }
    return false;
  }

  Value value_ = Value::kIdle;
};

}  // namespace tern::call
