#include "wire/sniff.h"

#include <algorithm>

#include "fuzz/expect.h"
#include "fuzz/targets.h"

namespace fuzz {

void sniff(tern::ByteView input) {
  using Kind = tern::wire::Sniffed::Kind;
  constexpr std::size_t kSplits = 64;
  const tern::wire::Sniffed whole = tern::wire::sniff(input);
  tern::wire::Sniffed before;
  for (std::size_t size = 0; size <= std::min(input.size(), kSplits); ++size) {
    const tern::wire::Sniffed found = tern::wire::sniff(input.first(size));
    expect(before.kind == Kind::kMore ||
               (found.kind == before.kind && found.protocol == before.protocol),
           "what the first bytes have decided, more bytes do not change");
    expect((found.kind == Kind::kProtocol) == (found.protocol != nullptr),
           "a protocol is there when one is found");
    before = found;
  }
  expect(before.kind == Kind::kMore ||
             (whole.kind == before.kind && whole.protocol == before.protocol),
         "all bytes at once decide the same");
}

}  // namespace fuzz
