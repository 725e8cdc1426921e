// Stands in for a runtime that needs other generated code.
#pragma once

#define TERN_CODEGEN_VERSION 1000
