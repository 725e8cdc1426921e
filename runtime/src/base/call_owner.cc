// What becomes of the exceptions of callbacks, unless their channel says otherwise.
#include <cstdio>
#include <string>

#include "tern/codegen/call_state.h"

namespace tern {

void CallOwner::callback_threw(std::string_view what) {
  const std::string line = std::string("tern: the callback of a call threw: ").append(what) + "\n";
  std::fwrite(line.data(), 1, line.size(), stderr);
}

}  // namespace tern
