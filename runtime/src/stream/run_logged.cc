#include "stream/run_logged.h"

#include <cstdint>
#include <exception>
#include <string>

namespace tern::stream {

void run_logged(UniqueFunction<void()>& task, const std::weak_ptr<CallOwner>& owner) noexcept {
  // The text is copied: what is thrown may be a part of what the task holds.
  std::string thrown;
  try {
    task();
    return;
  } catch (const std::exception& failure) {
    thrown = failure.what();
  } catch (...) {
    thrown = "something that is not a std::exception";
  }
  try {
    struct Nobody final : CallOwner {
      void cancel(std::uint64_t) override {}
    };
    if (std::shared_ptr<CallOwner> told = owner.lock()) {
      told->callback_threw(thrown);
    } else {
      Nobody().callback_threw(thrown);
    }
  } catch (...) {
    // The log has thrown, too.
  }
}

}  // namespace tern::stream
