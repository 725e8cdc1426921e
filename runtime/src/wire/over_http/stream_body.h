// The body of a message of HTTP, piece by piece as it comes, and Connect's envelopes in it.
#pragma once

#include <cstddef>
#include <cstdint>

#include "codec/base64.h"
#include "http/chunks.h"
#include "http/head.h"
#include "tern/buffer.h"
#include "wire/connect/envelopes.h"
#include "wire/over_http/kept_buffer.h"

namespace tern::wire::over_http {

// With a length, in chunks, or, in HTTP/2, up to its end, which end() tells of; of any length.
class StreamBody {
 public:
  enum class Step : std::uint8_t {
    kData,  // a part of the body is at the front of `in`: maybe nothing of it has come yet
    kMore,
    kEnd,
    kBroken
  };

  void begin(const http::Head& head) noexcept;
  // Takes from the front of `in` what stands before data; `used` is how many bytes that is, and
  // `data` what follows them.
  Step next(ByteView in, std::size_t& used, ByteView& data, http::Fault& fault);
  // So much of `data` has been taken.
  void take(std::size_t bytes) noexcept;
  // Nothing more comes, and next() would say so.
  bool ended() const noexcept { return ends_ == Ends::kByChunks ? chunks_.done() : left_ == 0; }
  // Nothing more comes in HTTP/2.
  void end() noexcept {
    ends_ = Ends::kByLength;
    left_ = 0;
  }

 private:
  enum class Ends : std::uint8_t { kByLength, kByChunks, kWhenTold };

  Ends ends_ = Ends::kByLength;
  std::uint64_t left_ = 0;  // not 0 until end() has been called, if that tells
  http::Chunks chunks_;
};

class EnvelopeBody {
 public:
  enum class Found : std::uint8_t {
    kMore,
    kPrefix,  // an envelope begins: flags() and size()
    kPiece,   // a part of what it holds
    kEnd,     // of the body
    kNoText,  // what is to be base64 is none
    kBroken
  };

  // `text`: all of it is in base64.
  void begin(const http::Head& head, bool text = false) noexcept {
    body_.begin(head);
    envelopes_.restart();
    text_ = text;
    no_text_ = false;
    base64_ = codec::Base64Reader();
    stop();
  }
  // It is not read any more.
  void stop() noexcept {
    clear_kept(plain_);
    plain_taken_ = 0;
  }
  // Takes from the front of `in`; `used` grows by what it takes. `piece` is into `in`, or, of text,
  // good until the next call.
  Found find(ByteView in, std::size_t& used, connect::EnvelopeReader::Piece& piece,
             http::Fault& fault);
  // The same, where no envelope may come any more: kData is one that does.
  StreamBody::Step find_end(ByteView in, std::size_t& used, http::Fault& fault);
  // The same, where whatever comes is dropped.
  StreamBody::Step skip(ByteView in, std::size_t& used, http::Fault& fault);
  std::uint8_t flags() const noexcept { return envelopes_.flags(); }
  std::uint32_t size() const noexcept { return envelopes_.size(); }
  bool in_envelope() const noexcept { return envelopes_.in_envelope(); }
  // How many bytes of the body are still to come for the envelope that has begun. Nothing: that is
  // not known.
  std::optional<std::size_t> to_come() const noexcept {
    return text_ ? std::nullopt : envelopes_.to_come();
  }
  bool ended() const noexcept {
    return body_.ended() && plain_taken_ == plain_.size() && !no_text_ && base64_.complete();
  }
  // See StreamBody.
  void end() noexcept { body_.end(); }

 private:
  // From plain_.
  connect::EnvelopeReader::Step read_plain(connect::EnvelopeReader::Piece& piece);

  StreamBody body_;
  connect::EnvelopeReader envelopes_;
  bool text_ = false;
  bool no_text_ = false;  // what comes behind plain_ is no base64: told of when that has been read
  // What text holds, a part at a time.
  codec::Base64Reader base64_;
  Buffer plain_;
  std::size_t plain_taken_ = 0;
};

}  // namespace tern::wire::over_http
