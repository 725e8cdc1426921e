// The version of the runtime, the check of generated code against it, and what both need of a
// compiler. Every public header includes this one, or another that does.
#pragma once

#if __cplusplus < 202002L
#error "Tern needs C++20; expected -std=c++20 or later, with g++ 12 or clang 14 or later"
#elif !defined(__cpp_exceptions)
#error "Tern needs exceptions, which handlers and Asio throw; expected no -fno-exceptions"
#elif !defined(__cpp_rtti)
#error "Tern needs run-time type information, which Asio's executors use; expected no -fno-rtti"
#endif

#define TERN_VERSION_MAJOR 0
#define TERN_VERSION_MINOR 1
#define TERN_VERSION_PATCH 0

// Goes up whenever rpcgen must be run again for its output to fit the runtime.
#define TERN_CODEGEN_VERSION 4
