#include "codec/gob_decoder.h"

#include <algorithm>
#include <limits>
#include <string>
#include <utility>

#include "codec/gob_number.h"
#include "codec/gob_skip.h"
#include "tern/field.h"

namespace tern::codec {
namespace {

// A length this much over the limit is not read past, but ends the stream: it is a lie or nonsense.
constexpr std::uint64_t kReadPastFactor = 16;

Status broken(std::string what) {
  return Status(Code::kInternal, "gob: " + std::move(what), HandlerRan::kUnknown);
}

Status refused(std::string what) {
  return Status(Code::kInvalidArgument, std::move(what));
}

// Whether the number at the front of `in` may only lack bytes that have not come yet.
bool may_be_cut(ByteView in) noexcept {
  if (in.empty()) return true;
  const auto first = std::to_integer<unsigned>(in[0]);
  return first >= 128 && 256 - first <= 8 && in.size() <= 256 - first;
}

}  // namespace

GobDecoder::Progress GobDecoder::next(ByteView in, GobMessage& message, Status& why) {
  if (past_ > 0) {
    const std::size_t now = std::min<std::uint64_t>(past_, in.size());
    past_ -= now;
    return {now > 0 ? Step::kPast : Step::kMore, now, 0};
  }
  const std::byte* const begin = in.data();
  const std::byte* const end = begin + in.size();
  std::uint64_t size = 0;
  const std::byte* at = take_gob_uint(begin, end, size);
  if (at == nullptr) {
    if (may_be_cut(in)) return {Step::kMore, 0, 0};
    why = broken("the length of a message begins with the byte " +
                 std::to_string(std::to_integer<unsigned>(in[0])));
    return {Step::kBroken, 0, 0};
  }
  const std::size_t longest = std::max(message_bytes_, GobTypes::kMaxBytes) + 2 * kGobNumberBytes;
  if (size == 0 || size / kReadPastFactor > longest) {
    why = broken("a message of " + std::to_string(size) + " bytes; a value has at most " +
                 std::to_string(message_bytes_));
    return {Step::kBroken, 0, 0};
  }
  // The type's id says what it is; it must be there and lie inside the message.
  const auto here = static_cast<std::size_t>(end - at);
  const ByteView first{at, std::min<std::uint64_t>(size, here)};
  std::uint64_t folded = 0;
  const std::byte* value = take_gob_uint(first.data(), first.data() + first.size(), folded);
  const auto whole = static_cast<std::size_t>(at - begin) + static_cast<std::size_t>(size);
  if (value == nullptr) {
    if (here < size && may_be_cut(first)) {
      return {Step::kMore, 0, size <= message_bytes_ ? whole : 0};
    }
    why = broken("a message of " + std::to_string(size) + " bytes does not begin with a type");
    return {Step::kBroken, 0, 0};
  }
  const std::int64_t id = gob_unfolded(folded);
  const std::size_t content = static_cast<std::size_t>(size) - static_cast<std::size_t>(value - at);
  if (id <= 0) {
    if (content > GobTypes::kMaxBytes - types_.bytes()) {
      why = broken("the definitions of types have more than " +
                   std::to_string(GobTypes::kMaxBytes) + " bytes");
      return {Step::kBroken, 0, 0};
    }
    if (here < size) return {Step::kMore, 0, whole};
    return define(id, {value, content}, whole, why);
  }
  if (id > std::numeric_limits<std::int32_t>::max()) {
    why = broken("a value of the type " + std::to_string(id));
    return {Step::kBroken, 0, 0};
  }
  message.type = static_cast<std::int32_t>(id);
  message.size = content;
  message.value = {};
  if (content > message_bytes_) {
    const std::size_t now = std::min(whole, in.size());
    past_ = whole - now;
    return {Step::kTooLong, now, 0};
  }
  if (here < size) return {Step::kMore, 0, whole};
  message.value = {value, content};
  if (!types_.interfaces()) [[likely]]
    return {Step::kValue, whole, 0};
  return take(in, whole, message);
}

GobDecoder::Progress GobDecoder::define(std::int64_t id, ByteView definition, std::size_t whole,
                                        Status& why) {
  std::size_t taken = 0;
  why = types_.define(id, definition, taken);
  if (why.ok() && taken != definition.size()) {
    why = broken(std::to_string(definition.size() - taken) +
                 " bytes follow the definition of a type");
  }
  if (!why.ok()) return {Step::kBroken, 0, 0};
  return {Step::kType, whole, 0};
}

// A value with a Go interface in it ends with its message only if no new type lies in there: it is
// read past to see where it ends. What is wrong with it is for decode() to say.
GobDecoder::Progress GobDecoder::take(ByteView in, std::size_t whole, GobMessage& message) {
  // Each piece has the whole read past once more, so there must not be many.
  constexpr std::size_t kMostPieces = 64;
  extent_ = std::max(extent_, whole);
  const std::size_t before = whole - message.size;
  while (in.size() >= extent_) {
    GobSkipper skipper(in.subspan(before, extent_ - before), types_, depth_);
    if (skipper.skip_message(message.type) || !skipper.goes_on() || pieces_ == kMostPieces) break;
    std::uint64_t size = 0;
    const std::byte* const end = in.data() + in.size();
    const std::byte* at = take_gob_uint(in.data() + extent_, end, size);
    if (at == nullptr && may_be_cut(in.subspan(extent_))) return {Step::kMore, 0, 0};
    if (at == nullptr || size > message_bytes_ - std::min(message_bytes_, extent_)) break;
    extent_ = static_cast<std::size_t>(at - in.data()) + static_cast<std::size_t>(size);
    ++pieces_;
  }
  if (in.size() < extent_) return {Step::kMore, 0, extent_};
  message.value = in.subspan(before, extent_ - before);
  message.size = message.value.size();
  pieces_ = 0;
  return {Step::kValue, std::exchange(extent_, 0), 0};
}

Status GobDecoder::decode(const GobMessage& message, const TypeOps& type, void* value,
                          const DecodeLimits& limits) {
  overhead_taken_ = 0;
  // Nothing is made of anything, such as the reply of a method whose result nobody wants.
  if (type.shape == type_ops<Nothing>().shape) return {};
  GobPlans::Missing missing = GobPlans::Missing::kNothing;
  GobPlan* plan = plans_.find(message.type, *type.shape, missing);
  if (plan == nullptr) {
    return refused(missing == GobPlans::Missing::kRoom
                       ? "the peer's types are read into too many of ours"
                       : "expected " + std::string(type.name) + ", got a value of the type " +
                             std::to_string(message.type) + ", which is not defined");
  }
  ByteView in = message.value;
  if (plan->type->kind != GobKind::kStruct) {
    if (in.empty() || in[0] != std::byte{0}) {
      return refused("expected a zero byte before " + gob_description(*plan->type));
    }
    in = in.subspan(1);
  }
  GobReader reader(in, *plan, types_, plans_, memory_, limits);
  if (!type.read(value, reader) || !reader.end()) return reader.failure().status();
  overhead_taken_ = reader.overhead_taken();
  return {};
}

}  // namespace tern::codec
