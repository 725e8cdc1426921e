// The constants that describe the methods of services: what stubs send, and skeletons serve.
#pragma once

#include <string>

#include "compiler/gen/printer.h"
#include "compiler/sema/model.h"

namespace rpcgen::cpp {

// Where the table of the service's methods is. `stub`: the service's, as it is called there.
std::string methods_of(const std::string& stub);

// The tables of the methods of all services; they stand outside of every namespace.
void emit_method_tables(Printer& printer, const model::File& file);

}  // namespace rpcgen::cpp
