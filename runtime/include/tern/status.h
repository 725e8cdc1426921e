// What went wrong with a call, and whether its handler can have run.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include "tern/version.h"

namespace tern {

struct TypeOps;

// The codes of gRPC, with their numbers, so that they mean the same in every protocol.
enum class Code : std::uint8_t {
  kOk = 0,
  kCancelled = 1,
  kUnknown = 2,
  kInvalidArgument = 3,
  kDeadlineExceeded = 4,
  kNotFound = 5,
  kAlreadyExists = 6,
  kPermissionDenied = 7,
  kResourceExhausted = 8,
  kFailedPrecondition = 9,
  kAborted = 10,
  kOutOfRange = 11,
  kUnimplemented = 12,
  kInternal = 13,
  kUnavailable = 14,
  kDataLoss = 15,
  kUnauthenticated = 16,
};

// "invalid_argument" and so on; "code_99" for a number that has no name.
std::string code_name(Code code);

// Whether the handler of a failed call can have run. Only `kNo` makes it safe to send a call that
// is not idempotent again.
enum class HandlerRan : std::uint8_t { kNo, kUnknown, kYes };

// The outcome of something that can fail: one pointer, null is success. Copying shares the text.
// Threads: const members from any thread; a Status object itself is not synchronised.
class [[nodiscard]] Status {
 public:
  Status() noexcept = default;

  // A failure. `ran` is kYes unless the runtime knows better: a Status that a handler returns
  // says that the handler has run.
  Status(Code code, std::string message, HandlerRan ran = HandlerRan::kYes);

  // A failure where there is no memory: it takes none, and says "no memory".
  static Status without_memory(Code code, HandlerRan ran) noexcept;

  Status(const Status& other) noexcept : rep_(other.rep_) { retain(); }
  Status(Status&& other) noexcept : rep_(std::exchange(other.rep_, nullptr)) {}
  Status& operator=(Status other) noexcept {
    std::swap(rep_, other.rep_);
    return *this;
  }
  ~Status() {
    if (rep_ != nullptr) release();
  }

  bool ok() const noexcept { return rep_ == nullptr; }
  Code code() const noexcept { return rep_ ? rep_->code : Code::kOk; }

  // The text alone, as it travels to the peer; "" for success.
  std::string_view message() const noexcept { return rep_ ? rep_->message : std::string_view(); }
  HandlerRan handler_ran() const noexcept { return rep_ ? rep_->ran : HandlerRan::kYes; }

  // What the system or a library has said of a connection: an errno of a socket, or an Error of
  // tern/tls_error.h; to be compared. No error: none is known. It does not travel.
  std::error_code cause() const noexcept { return rep_ ? rep_->cause : std::error_code(); }

  // The error that the IDL declares (`throws`), or null if this failure is not one of that type.
  // The pointer lives as long as a copy of this Status does.
  template <typename Error>
  const Error* as() const noexcept {
    return static_cast<const Error*>(detail(Error::kTypeName));
  }

  // For people: "invalid_argument: divide by zero {dividend: 7}", where what a declared error holds
  // is in the braces, or its first 1,000 characters; "ok" for success.
  std::string to_string() const;

  // The same failure with another answer to "can the handler have run".
  Status with_handler_ran(HandlerRan ran) const;

  // The same failure with `text` and a colon before its message: where it happened.
  Status with_context(std::string_view text) const;

  // The same failure with another cause. Success stays what it is.
  Status with_cause(std::error_code cause) const;

  // A failure that carries a value of a declared error type. Used by generated code.
  static Status with_detail(Code code, std::string message, const TypeOps& type,
                            std::shared_ptr<const void> value, HandlerRan ran = HandlerRan::kYes);

  // The declared error's type and value; null where there is none. Used by the protocols.
  const TypeOps* detail_type() const noexcept { return rep_ ? rep_->type : nullptr; }
  const void* detail_value() const noexcept { return rep_ ? rep_->detail.get() : nullptr; }

 private:
  struct Rep {
    std::atomic<std::uint32_t> references{1};
    Code code = Code::kUnknown;
    HandlerRan ran = HandlerRan::kYes;
    std::error_code cause;
    const TypeOps* type = nullptr;
    std::shared_ptr<const void> detail;
    std::string message;
  };

  struct WithoutMemory;

  const void* detail(std::string_view type_name) const noexcept;
  void retain() const noexcept {
    if (rep_) rep_->references.fetch_add(1, std::memory_order_relaxed);
  }
  void release() noexcept;
  Rep* clone() const;

  Rep* rep_ = nullptr;
};

}  // namespace tern
