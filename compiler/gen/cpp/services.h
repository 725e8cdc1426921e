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

// The constant that describes the methods, the stub's calls and the skeleton's switch.
// The tables of the methods of all services; they stand outside of every namespace.
void emit_method_tables(Printer& printer, const model::File& file);
void emit_service_source(Printer& printer, const model::Service& service, const Names& names);

void include_service(const model::Service& service, Includes& includes);
void include_service_source(const model::Service& service, Includes& includes);

}  // namespace rpcgen::cpp
