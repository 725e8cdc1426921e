// The hash of a value: a walk that mixes what it meets.
#include <bit>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string_view>

#include "tern/codegen/hash.h"
#include "tern/walk.h"

namespace tern {
namespace {

// How many elements come and which fields are there is mixed in, so that values which differ in
// their shape alone have different hashes.
class HashWriter final : public ValueWriter {
 public:
  std::size_t hash() const noexcept { return static_cast<std::size_t>(state_); }

  bool boolean(bool value) override { return mix(value ? 1 : 0); }
  bool integer(std::int64_t value) override { return mix(static_cast<std::uint64_t>(value)); }
  bool unsigned_integer(std::uint64_t value) override { return mix(value); }
  // Zero and minus zero are equal.
  bool float32(float value) override { return float64(double{value}); }
  bool float64(double value) override {
    return mix(value == 0 ? 0 : std::bit_cast<std::uint64_t>(value));
  }
  bool string(std::string_view value) override { return mix(std::hash<std::string_view>()(value)); }
  bool bytes(ByteView value) override { return string(as_text(value)); }
  bool timestamp(Timestamp value) override { return integer(value.time_since_epoch().count()); }
  bool duration(Duration value) override { return integer(value.count()); }
  bool enumerator(std::int32_t value, std::string_view) override { return integer(value); }

  bool begin_list(std::size_t count) override { return mix(count); }
  bool end_list() override { return true; }
  bool begin_map(std::size_t count) override { return mix(count); }
  bool end_map() override { return true; }
  bool begin_struct(const TypeShape&, std::size_t present) override { return mix(present); }
  bool field(const Field& field) override { return mix(field.number); }
  bool end_struct() override { return true; }

 private:
  // The end of MurmurHash3, for each word.
  bool mix(std::uint64_t word) noexcept {
    std::uint64_t x = std::rotl(state_, 29) ^ word;
    x = (x ^ (x >> 33)) * 0xff51afd7ed558ccd;
    x = (x ^ (x >> 33)) * 0xc4ceb9fe1a85ec53;
    state_ = x ^ (x >> 33);
    return true;
  }

  std::uint64_t state_ = 0x9e3779b97f4a7c15;
};

}  // namespace

std::size_t hash_value(const TypeOps& type, const void* value) noexcept {
  HashWriter writer;
  (void)type.write(value, writer);  // nothing in it fails
  return writer.hash();
}

}  // namespace tern
