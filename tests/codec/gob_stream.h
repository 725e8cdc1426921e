// Both ends of a gob stream, as verbs for tests.
#pragma once

#include <gtest/gtest.h>

#include <deque>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "codec/gob_decoder.h"
#include "codec/gob_encoder.h"
#include "codec_testing.h"
#include "tern/codec.h"

namespace sample {

// What one side writes, value after value.
class GobSender {
 public:
  template <typename T>
  std::string send(const T& value) {
    tern::Buffer out;
    const tern::Status status = encoder_.encode(tern::type_ops<T>(), &value, out);
    EXPECT_TRUE(status.ok()) << status.to_string();
    return std::string(tern::as_text(out.view()));
  }

 private:
  tern::codec::GobEncoder encoder_;
};

// What the other side reads.
class GobReceiver {
 public:
  explicit GobReceiver(std::string_view bytes, std::size_t message_bytes = 1 << 22,
                       std::size_t depth = tern::DecodeLimits().depth)
      : decoder_(message_bytes, depth), bytes_(bytes.begin(), bytes.end()) {}

  // More of the stream. Messages that were received are gone.
  void feed(std::string_view bytes) { bytes_.insert(bytes_.end(), bytes.begin(), bytes.end()); }

  // The next value; null at the end of the bytes, or if the stream is broken.
  const tern::codec::GobMessage* receive() {
    using Step = tern::codec::GobDecoder::Step;
    for (;;) {
      // A block of its own, so that a read past its end is seen.
      exact_.assign(bytes_.begin() + static_cast<std::ptrdiff_t>(at_), bytes_.end());
      const auto progress = decoder_.next(
          {reinterpret_cast<const std::byte*>(exact_.data()), exact_.size()}, message_, why_);
      at_ += progress.consumed;
      wanted_ = progress.wanted;
      step_ = progress.step;
      if (step_ == Step::kValue || step_ == Step::kTooLong) return &message_;
      if (step_ == Step::kMore || step_ == Step::kBroken) return nullptr;
    }
  }

  template <typename T>
  tern::Status read(T& value, const tern::DecodeLimits& limits = {}) {
    if (receive() == nullptr) {
      return why_.ok() ? tern::Status(tern::Code::kInvalidArgument, "the stream ends") : why_;
    }
    if (step_ == tern::codec::GobDecoder::Step::kTooLong) {
      return tern::Status(tern::Code::kResourceExhausted, "too long");
    }
    return decoder_.decode(message_, tern::type_ops<T>(), &value, limits);
  }
  template <typename T>
  T read() {
    T value{};
    const tern::Status status = read(value);
    EXPECT_TRUE(status.ok()) << status.to_string();
    return value;
  }

  tern::codec::GobDecoder& decoder() { return decoder_; }
  const std::string_view why() const { return why_.message(); }
  std::size_t wanted() const { return wanted_; }
  std::size_t left() const { return bytes_.size() - at_; }

 private:
  tern::codec::GobDecoder decoder_;
  std::vector<char> bytes_;
  std::vector<char> exact_;
  std::size_t at_ = 0;
  std::size_t wanted_ = 0;
  tern::codec::GobMessage message_;
  tern::codec::GobDecoder::Step step_ = tern::codec::GobDecoder::Step::kMore;
  tern::Status why_;
};

// A stream of one value, for tests that hold for every codec.
class OneGobValue final : public tern::Codec {
 public:
  std::string_view name() const noexcept override { return "application/gob"; }
  tern::Status encode(const tern::TypeOps& type, const void* value,
                      tern::Buffer& out) const override {
    tern::codec::GobEncoder encoder;
    return encoder.encode(type, value, out);
  }
  tern::Status decode(const tern::TypeOps& type, tern::ByteView in, void* value,
                      const tern::DecodeLimits& limits) const override {
    tern::codec::GobDecoder decoder(1 << 22);
    for (;;) {
      tern::codec::GobMessage message;
      tern::Status why;
      const auto progress = decoder.next(in, message, why);
      in = in.subspan(progress.consumed);
      switch (progress.step) {
        case tern::codec::GobDecoder::Step::kType:
          continue;
        case tern::codec::GobDecoder::Step::kValue:
          if (!in.empty()) return failure("bytes follow the value");
          return decoder.decode(message, type, value, limits);
        case tern::codec::GobDecoder::Step::kBroken:
          return failure(why.message());
        default:
          return failure("the stream ends");
      }
    }
  }

 private:
  static tern::Status failure(std::string_view what) {
    return tern::Status(tern::Code::kInvalidArgument, std::string(what));
  }
};

inline const tern::Codec& gob() {
  static const OneGobValue codec;
  return codec;
}

}  // namespace sample
