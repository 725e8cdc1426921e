#include "wire/json_values.h"

#include <fmt/format.h>

namespace tern::wire {

using Step = FrameStep;

FrameProgress JsonValues::next(ByteView in, Status& why) {
  if (std::size_t space = extent_.begun() ? 0 : json_space(in); space > 0) {
    return {Step::kSkip, space, 0};
  }
  JsonExtent::Kind kind = extent_.scan(in);
  std::size_t size = extent_.size();
  too_long_ = kind != JsonExtent::Kind::kBroken && size > message_bytes_ + kEnvelopeBytes;
  if (too_long_) {
    why =
        Status(Code::kResourceExhausted,
               fmt::format("{}: it is over {} bytes long; the limit is {}, and {} for what is "
                           "around the message",
                           what_, message_bytes_ + kEnvelopeBytes, message_bytes_, kEnvelopeBytes),
               HandlerRan::kNo);
    return {Step::kBroken, 0, 0};
  }
  switch (kind) {
    case JsonExtent::Kind::kMore:
      return {Step::kMore, 0, 0};
    case JsonExtent::Kind::kBroken:
      return broken(size, why);
    case JsonExtent::Kind::kWhole:
      break;
  }
  extent_.restart();
  return {Step::kFrame, size, 0};
}

FrameProgress JsonValues::pass_over(ByteView in, Status& why) {
  JsonExtent::Kind kind = extent_.scan(in);
  std::size_t size = extent_.size();
  switch (kind) {
    case JsonExtent::Kind::kMore:
      extent_.drop();
      return {size > 0 ? Step::kSkip : Step::kMore, size, 0};
    case JsonExtent::Kind::kBroken:
      return broken(size, why);
    case JsonExtent::Kind::kWhole:
      break;
  }
  extent_.restart();
  return {Step::kFrame, size, 0};
}

FrameProgress JsonValues::broken(std::size_t at, Status& why) {
  why = Status(
      Code::kInvalidArgument,
      fmt::format("{}: byte {} of it is not allowed there in JSON", what_, at == 0 ? 0 : at - 1),
      HandlerRan::kNo);
  return {Step::kBroken, 0, 0};
}

}  // namespace tern::wire
