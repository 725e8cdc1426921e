// Callbacks of the program.
#pragma once

#include <memory>

#include "tern/codegen/call_state.h"
#include "tern/function.h"

namespace tern::stream {

// Runs the program's code. An exception goes to the owner's log, or to standard error if there is
// none, and ends nothing.
void run_logged(UniqueFunction<void()>& task, const std::weak_ptr<CallOwner>& owner) noexcept;

}  // namespace tern::stream
