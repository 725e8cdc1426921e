// How a handler learns which of the ledger's calls it runs for.
#pragma once

#include <charconv>
#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <system_error>

#include "integration/no_memory/ledger.h"
#include "tern/tern.h"

namespace tern::test {

// Where a caller says which it makes.
inline constexpr const char* kCallKey = "call";

inline CallOptions options(const Ending& ending) {
  CallOptions options;
  options.metadata.add(kCallKey, std::to_string(ending.call()));
  return options;
}

inline CallOptions limited(const Ending& ending) {
  CallOptions late = options(ending);
  late.timeout = std::chrono::seconds(1);
  return late;
}

// The handler of that call, while it runs.
inline Handling handling(Ledger& ledger, ServerContext& context) {
  const std::string_view text = context.metadata().get(kCallKey);
  std::size_t call = ~std::size_t{0};
  std::from_chars(text.data(), text.data() + text.size(), call);
  return Handling(ledger, call);
}

// Of a stream that its caller does not use, while its handler waits.
template <typename Stream>
void note_end(Ending ending, Stream& stream) {
  // If it goes on, there was no memory to end it, and it ends when it is dropped.
  if (const Status end = stream.status(); !end.ok()) ending.end(end, false);
}

}  // namespace tern::test
