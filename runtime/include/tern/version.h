// The version of the runtime, and the check of generated code against it.
#pragma once

#define TERN_VERSION_MAJOR 0
#define TERN_VERSION_MINOR 1
#define TERN_VERSION_PATCH 0

// Goes up whenever code that rpcgen wrote must be written anew to fit the runtime.
#define TERN_CODEGEN_VERSION 1
