#include "stream/send_side.h"

#include <algorithm>
#include <cassert>

namespace tern::stream {

SendSide::Piece SendSide::next(std::size_t most) const noexcept {
  assert(can_send());
  const ByteView message = queue_.front();
  Piece piece;
  piece.whole = message.size();
  piece.first = taken_ == 0;
  const std::uint64_t room = piece.first ? credit_ - message_cost_ : credit_;
  const std::size_t left = message.size() - taken_;
  const std::size_t size =
      std::min({left, most, static_cast<std::size_t>(std::min<std::uint64_t>(room, left))});
  piece.bytes = message.subspan(taken_, size);
  piece.last = size == left;
  return piece;
}

void SendSide::take(const Piece& piece) noexcept {
  credit_ -= piece.bytes.size() + (piece.first ? message_cost_ : 0);
  if (piece.last) {
    taken_ = 0;
    queue_.pop();
  } else {
    taken_ += piece.bytes.size();
  }
}

}  // namespace tern::stream
