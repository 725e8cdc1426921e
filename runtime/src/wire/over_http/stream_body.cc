#include "wire/over_http/stream_body.h"

#include <algorithm>
#include <limits>

namespace tern::wire::over_http {

namespace {

// So much base64 is taken at a time.
constexpr std::size_t kSliceOfText = 4096;

}  // namespace

void StreamBody::begin(const http::Head& head) noexcept {
  chunks_.begin();
  if (head.major_version > 1) {
    ends_ = Ends::kWhenTold;
    left_ = std::numeric_limits<std::uint64_t>::max();
  } else {
    ends_ = head.chunked ? Ends::kByChunks : Ends::kByLength;
    left_ = head.content_length.value_or(0);
  }
}

StreamBody::Step StreamBody::next(ByteView in, std::size_t& used, ByteView& data,
                                  http::Fault& fault) {
  used = 0;
  data = {};
  std::uint64_t left = left_;
  if (ends_ == Ends::kByChunks) {
    switch (chunks_.find_data(in, used, fault)) {
      case http::Chunks::Next::kMore:
        return Step::kMore;
      case http::Chunks::Next::kWhole:
        return Step::kEnd;
      case http::Chunks::Next::kBroken:
        return Step::kBroken;
      case http::Chunks::Next::kData:
        break;
    }
    left = chunks_.data_left();
  } else if (left == 0) {
    return Step::kEnd;
  }
  data = in.subspan(used);
  data = data.first(static_cast<std::size_t>(std::min<std::uint64_t>(left, data.size())));
  return Step::kData;
}

void StreamBody::take(std::size_t bytes) noexcept {
  switch (ends_) {
    case Ends::kByLength:
      left_ -= bytes;
      return;
    case Ends::kByChunks:
      if (bytes > 0) chunks_.take_data(bytes);
      return;
    case Ends::kWhenTold:
      return;
  }
}

EnvelopeBody::Found EnvelopeBody::find(ByteView in, std::size_t& used,
                                       connect::EnvelopeReader::Piece& piece, http::Fault& fault) {
  using Read = connect::EnvelopeReader::Step;
  // Whatever follows, an envelope that is complete is given first.
  if (envelopes_.is_empty()) {
    std::size_t nothing = 0;
    envelopes_.read({}, piece, nothing);
    return Found::kPiece;
  }
  for (;;) {
    // Of text, what has been read before it is looked at what follows.
    if (plain_taken_ < plain_.size()) {
      const Read found = read_plain(piece);
      if (found != Read::kMore) return found == Read::kPrefix ? Found::kPrefix : Found::kPiece;
    }
    if (no_text_) return Found::kNoText;
    ByteView data;
    std::size_t around = 0;
    const StreamBody::Step step = body_.next(in.subspan(used), around, data, fault);
    used += around;
    if (step == StreamBody::Step::kBroken) return Found::kBroken;
    std::size_t taken = 0;
    Read found = Read::kMore;
    if (text_) {
      taken = std::min(data.size(), kSliceOfText);
      plain_.clear();
      plain_taken_ = 0;
      no_text_ = !base64_.add(as_text(data.first(taken)), plain_);
      found = read_plain(piece);
    } else {
      found = envelopes_.read(data, piece, taken);
    }
    body_.take(taken);
    used += taken;
    if (found != Read::kMore) return found == Read::kPrefix ? Found::kPrefix : Found::kPiece;
    if (step == StreamBody::Step::kEnd) return base64_.complete() ? Found::kEnd : Found::kNoText;
    if (used == in.size() && !body_.ended() && !no_text_) return Found::kMore;
  }
}

connect::EnvelopeReader::Step EnvelopeBody::read_plain(connect::EnvelopeReader::Piece& piece) {
  std::size_t taken = 0;
  const auto found = envelopes_.read(plain_.view().subspan(plain_taken_), piece, taken);
  plain_taken_ += taken;
  return found;
}

StreamBody::Step EnvelopeBody::find_end(ByteView in, std::size_t& used, http::Fault& fault) {
  ByteView data;
  return body_.next(in, used, data, fault);
}

StreamBody::Step EnvelopeBody::skip(ByteView in, std::size_t& used, http::Fault& fault) {
  ByteView data;
  const StreamBody::Step step = body_.next(in, used, data, fault);
  if (step != StreamBody::Step::kData) return step;
  body_.take(data.size());
  used += data.size();
  return body_.ended() ? StreamBody::Step::kEnd : StreamBody::Step::kMore;
}

}  // namespace tern::wire::over_http
