// One call, and what is written down of it.
#pragma once

#include <cstddef>
#include <optional>

#include "chaos/history.h"
#include "tern/channel.h"
#include "till.service.h"

namespace tern::chaos {

struct RecordedCall {
  till::Order order;
  CallOptions options;  // with a timeout, or the outcome may come at any time
  bool once_only = false;
  std::optional<Nanoseconds> cancel_after;

  // Writes the start down first. `number` says which channel it is.
  Call<till::Receipt> start(Channel& channel, std::size_t number, History& history) const;
  void write_end(const Result<till::Receipt>& result, History& history) const;
};

}  // namespace tern::chaos
