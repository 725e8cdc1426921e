// A port for a program that cannot choose one itself and say which.
#pragma once

#include <cstdint>

namespace tern::test {

// Of the loopback, and nobody listens there at this moment; somebody may before the program does.
std::uint16_t free_port();

}  // namespace tern::test
