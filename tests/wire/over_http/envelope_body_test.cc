// Envelopes in the body of a message of HTTP.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "support/http_stream_text.h"
#include "wire/over_http/stream_body.h"

namespace tern {
namespace {

using Found = wire::over_http::EnvelopeBody::Found;
using test::chunk;
using test::envelope;

// What is found in a body in chunks, of which `step` bytes more come each time.
std::vector<Found> found_in(std::string_view bytes, std::size_t step) {
  http::Head head;
  head.chunked = true;
  wire::over_http::EnvelopeBody body;
  body.begin(head);
  std::vector<Found> all;
  std::size_t used = 0;
  for (std::size_t come = 0; come < bytes.size();) {
    come = std::min(come + step, bytes.size());
    for (;;) {
      wire::connect::EnvelopeReader::Piece piece;
      http::Fault fault;
      const Found found = body.find(as_bytes(bytes.substr(0, come)), used, piece, fault);
      if (found == Found::kMore) break;
      all.push_back(found);
      if (found == Found::kEnd || found == Found::kBroken) return all;
    }
  }
  return all;
}

TEST(EnvelopeBody, GivesAnEnvelopeThatHoldsNothingBeforeItLooksAtWhatFollows) {
  const std::string bytes = chunk(envelope("")) + "no chunk";
  const std::vector<Found> expected = {Found::kPrefix, Found::kPiece, Found::kBroken};
  EXPECT_EQ(found_in(bytes, bytes.size()), expected);
  EXPECT_EQ(found_in(bytes, 1), expected);
}

TEST(EnvelopeBody, GivesAnEnvelopeThatHoldsNothingBeforeTheEnd) {
  const std::string bytes = chunk(envelope("") + envelope("")) + std::string(test::kLastChunk);
  const std::vector<Found> expected = {Found::kPrefix, Found::kPiece, Found::kPrefix, Found::kPiece,
                                       Found::kEnd};
  EXPECT_EQ(found_in(bytes, bytes.size()), expected);
  EXPECT_EQ(found_in(bytes, 1), expected);
}

}  // namespace
}  // namespace tern
