#include "serve/unsent_bytes.h"

#include <fmt/format.h>

#include <utility>

#include "serve/server_core.h"
#include "serve/session.h"

namespace tern::serve {

void UnsentBytes::count() noexcept {
  const std::size_t now = !session_.closed() && session_.waits_for_peer() ? session_.unsent() : 0;
  session_.serve_loop().counters().unsent_bytes.subtract(counted_);
  session_.serve_loop().counters().unsent_bytes.add(now);
  session_.core().count_unsent(counted_, now);
  counted_ = now;
}

void UnsentBytes::bound() {
  const Limits& limits = session_.core().options().limits;
  count();
  if (counted_ > limits.unsent_reply_bytes) {
    close(limits.unsent_reply_bytes);
  } else if (session_.core().unsent_bytes() > limits.server_unsent_bytes) {
    session_.serve_loop().close_most_unread(limits.server_unsent_bytes);
  }
}

void UnsentBytes::close(std::size_t limit) {
  if (session_.connection().closed()) return;
  Status why(Code::kResourceExhausted,
             fmt::format("connection with {}: {} bytes wait for the peer to read them; the limit "
                         "is {}",
                         session_.peer(), counted_, limit),
             HandlerRan::kUnknown);
  session_.serve_loop().counters().refuse(Refusal::kUnsentReplies);
  session_.core().log().refusal(session_.peer(), why);
  session_.connection().close(std::move(why));
}

}  // namespace tern::serve
