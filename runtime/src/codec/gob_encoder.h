// Values to gob, for one direction of one connection.
#pragma once

#include <cstddef>
#include <cstdint>
#include <unordered_map>
#include <vector>

#include "codec/gob_writer.h"
#include "tern/buffer.h"
#include "tern/codegen/type_ops.h"
#include "tern/codegen/type_shape.h"
#include "tern/status.h"

namespace tern::codec {

// Knows which types the peer has been told. Threads: one at a time.
class GobEncoder {
 public:
  GobEncoder() = default;
  GobEncoder(const GobEncoder&) = delete;
  GobEncoder& operator=(const GobEncoder&) = delete;

  // Appends the definitions that the peer lacks, and the message with the value. On failure `out`
  // is as before, and so is what the peer is taken to know.
  Status encode(const TypeOps& type, const void* value, Buffer& out);

  // Messages that go together or not at all: what has been told and appended since this was made is
  // taken back at its end, also that by an exception, unless it was kept.
  class Attempt {
   public:
    Attempt(GobEncoder& encoder, Buffer& out)
        : encoder_(encoder), out_(out), told_(encoder.order_.size()), size_(out.size()) {}
    Attempt(const Attempt&) = delete;
    Attempt& operator=(const Attempt&) = delete;
    ~Attempt() {
      if (kept_) return;
      out_.truncate(size_);
      encoder_.rewind(told_);
    }

    // How many types had been told before.
    std::size_t told() const noexcept { return told_; }
    void keep() noexcept { kept_ = true; }

   private:
    GobEncoder& encoder_;
    Buffer& out_;
    std::size_t told_;
    std::size_t size_;
    bool kept_ = false;
  };

 private:
  void rewind(std::size_t told) noexcept;

  struct Sent {
    std::int32_t id = 0;
    std::uint8_t prefix = 1;  // bytes of the length before the last message of this type
  };

  Sent& sent(const TypeShape& shape);
  std::int32_t id_of(const TypeShape& shape);
  void define(const TypeShape& shape, Buffer& out);

  std::vector<const TypeShape*> order_;  // the types told, by id
  std::unordered_map<const TypeShape*, Sent> sent_;
  std::vector<GobWriter::Level> levels_;
};

}  // namespace tern::codec
