// The corpora as tests.
#pragma once

#include "tern/buffer.h"

namespace fuzz {

// Gives the target each file of tests/fuzz/`folder`. Of those that were made by hand, also each of
// their beginnings, or some if they are long. A failure ends the program, and says which file it
// was.
void replay(const char* folder, void (*target)(tern::ByteView));

}  // namespace fuzz
