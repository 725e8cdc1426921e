// Asio's coroutines, in which calls can be awaited and handlers can wait.
#pragma once

#include <asio/awaitable.hpp>

#include "tern/version.h"

// Asio 1.22 looks for clang's coroutines in <experimental/coroutine>, which is gone; with this
// definition it takes those of the standard library. The target tern::runtime and
// `pkg-config --cflags tern` bring it, since it must stand before the first header of Asio.
#if !defined(ASIO_HAS_CO_AWAIT)
#error \
    "Asio does not see this compiler's coroutines; expected g++ 12, or clang 14 with -DASIO_HAS_CO_AWAIT"
#endif
