// Values to gob, for one direction of one connection.
#pragma once

#include <cstddef>
#include <cstdint>
#include <unordered_map>
#include <vector>

#include "codec/gob_writer.h"
#include "tern/buffer.h"
#include "tern/status.h"
#include "tern/type_ops.h"
#include "tern/type_shape.h"

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

  // Several messages that go together or not at all: rewind(m) takes back what has been told since
  // mark() was m. The caller takes the bytes back.
  std::size_t mark() const noexcept { return order_.size(); }
  void rewind(std::size_t mark) noexcept;

 private:
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
