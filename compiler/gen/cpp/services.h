// A service as a stub, which calls, and a skeleton, which serves.
#pragma once

#include <string>

#include "compiler/gen/cpp/file_text.h"
#include "compiler/gen/cpp/names.h"
#include "compiler/gen/printer.h"
#include "compiler/sema/model.h"

namespace rpcgen::cpp {

void emit_stub(Printer& printer, const model::Service& service, const Names& names);
void emit_skeleton(Printer& printer, const model::Service& service, const Names& names);

// The stub's calls and the skeleton's switch.
void emit_service_source(Printer& printer, const model::Service& service, const Names& names);

void include_service(const model::Service& service, Includes& includes);
void include_service_source(const model::Service& service, Includes& includes);

}  // namespace rpcgen::cpp
