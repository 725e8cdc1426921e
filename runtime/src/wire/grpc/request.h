// One request of gRPC while it comes, and until its stream is over.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "tern/buffer.h"
#include "tern/codec.h"
#include "tern/compression.h"
#include "tern/status.h"
#include "wire/frame.h"
#include "wire/grpc/message_prefix.h"
#include "wire/grpc/text.h"

namespace tern::wire::grpc {

// How the head of a request is answered if not by a call.
struct HeadFault {
  int http_status = 0;  // 0: the head is that of a call
  Status refused;       // with 0: the call fails with it
};

// No I/O. The head says what is called; the body is one message behind its prefix, unless the
// client streams: then nothing here reads it.
class Request {
 public:
  Request() = default;

  // Reads the head.
  HeadFault begin(const Fields& fields);

  // "pkg.Service.Method", as the Router has it.
  std::string_view method_name() const noexcept { return name_; }
  std::chrono::nanoseconds timeout() const noexcept { return timeout_; }
  const Codec& codec() const noexcept { return *codec_; }
  // The subtype of the request: of the answer, too.
  std::string_view content_type() const noexcept { return content_type_; }
  // How its messages may be compressed.
  Compression encoding() const noexcept { return encoding_; }
  // Its messages are compressed in a way that is not known: the answer says which are.
  bool has_unknown_encoding() const noexcept { return has_unknown_encoding_; }
  // Whether the answer may be compressed.
  bool accepts_gzip() const noexcept { return accepts_gzip_; }
  // The metadata of the head, for unpack(); empty if there is none.
  ByteView metadata() const noexcept { return metadata_.view(); }

  // --- The body ---

  // A part of it has come. `message_bytes` is the limit.
  void add(ByteView bytes, std::size_t message_bytes);
  // It has ended: the message must be complete.
  void end_body();
  // There is nothing more to wait for: the message is there, or outcome() says why there is none.
  bool complete() const noexcept { return stage_ >= Stage::kReady; }
  const Status& outcome() const noexcept { return outcome_; }
  FrameLimit limit() const noexcept { return limit_; }
  // How much of the message is still to come. Nothing: that is not known yet.
  std::optional<std::size_t> to_come() const noexcept {
    return stage_ == Stage::kPrefix ? std::nullopt : std::optional(left_);
  }
  // As it came.
  ByteView message() const noexcept { return message_.view(); }
  bool compressed() const noexcept { return prefix_.compressed(); }
  std::size_t bytes() const noexcept { return message_.size(); }
  void refuse(const Status& why, FrameLimit limit = FrameLimit::kNone);
  // All that the server has been told.
  void release() noexcept {
    message_.release();
    metadata_.release();
  }

 private:
  enum class Stage : std::uint8_t {
    kPrefix,   // of it not all bytes have come
    kMessage,  // of it not all bytes have come
    kWhole,    // the message has come, the end of the body has not
    kReady,
    kRefused  // what still comes does not matter
  };

  Status read_encodings(const Fields& fields);
  void read_prefix(std::size_t message_bytes);

  std::string name_;
  std::chrono::nanoseconds timeout_{0};
  const Codec* codec_ = nullptr;
  std::string_view content_type_;
  Buffer metadata_;
  Compression encoding_ = Compression::kIdentity;
  bool has_unknown_encoding_ = false;
  bool accepts_gzip_ = false;

  Stage stage_ = Stage::kPrefix;
  MessagePrefix prefix_;
  std::size_t left_ = 0;  // of the message
  Buffer message_;
  Status outcome_;
  FrameLimit limit_ = FrameLimit::kNone;
};

}  // namespace tern::wire::grpc
