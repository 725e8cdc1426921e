#include "stream/write_half.h"

#include <exception>
#include <new>

namespace tern::stream {

namespace {

// A chunk of a message: others leave between two of them.
constexpr std::size_t kChunkBytes = 16 * 1024;

}  // namespace

Status WriteHalf::push(const Codec& codec, const TypeOps& type, const void* message,
                       MessageQueue& queue) {
  const MessageQueue::Begun begun = queue.begin();
  Status failure;
  try {
    failure = codec.encode(type, message, begun.out);
  } catch (const std::bad_alloc&) {
    failure = Status::without_memory(Code::kResourceExhausted, HandlerRan::kUnknown);
  } catch (const std::exception& thrown) {
    failure = Status(Code::kInternal, thrown.what());
  }
  if (!failure.ok()) {
    queue.undo(begun);
    return failure;
  }
  if (!queue.end(begun)) return Status(Code::kResourceExhausted, "it has more than 4 GiB");
  ++messages_;
  return {};
}

WriteHalf::Fill WriteHalf::fill(Stream& stream, std::uint64_t id, const Target& target) {
  Buffer& out = target.out;
  const std::size_t before = out.size();
  while (send_.can_send() && out.size() - before < target.most) {
    const SendSide::Piece piece = send_.next(kChunkBytes);
    wire::StreamPiece wire_piece;
    wire_piece.id = id;
    wire_piece.bytes = piece.bytes;
    wire_piece.whole = piece.first ? piece.whole : 0;
    wire_piece.first = piece.first;
    wire_piece.continues = !piece.last;
    target.write(target.context, wire_piece, out);
    flushed_ = false;
    bytes_ += piece.bytes.size();
    send_.take(piece);
  }
  if (send_.can_send()) return Fill::kMore;
  if (!send_.empty()) return Fill::kWaits;
  send_.trim();
  if (phase_ != Phase::kEnding) return Fill::kWaits;
  target.write_end(target.context, stream, end_.view(), out);
  end_.release();
  flushed_ = false;
  phase_ = Phase::kEnded;
  return Fill::kComplete;
}

}  // namespace tern::stream
