// Callers of feed.Feed: as coroutines, and with callbacks.
#pragma once

#include <cstdint>
#include <functional>

#include "integration/no_memory/program.h"

namespace tern::test {

// Whether streams are opened beside others, which is not possible over HTTP/1.1.
enum class Pace : std::uint8_t { kTogether, kOneByOne };

// One round of streams of each kind: that come to their end, are cancelled or dropped while their
// handlers wait, or are late. Over HTTP/1.1 there is no Chat.
void call_feed_in_coroutines(Channel& channel, Ledger& ledger, Turns& turns, Pace pace);
void call_feed_with_callbacks(Channel& channel, Ledger& ledger, Turns& turns, Pace pace);
// See Work::check: of the streams of servers alone, and of those of clients, too.
void check_watching(Channel& channel, Turns& turns, std::function<void(bool)> done);
void check_feed(Channel& channel, Turns& turns, std::function<void(bool)> done);

}  // namespace tern::test
