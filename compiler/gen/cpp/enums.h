// Enums and constants.
#pragma once

#include "compiler/gen/cpp/file_text.h"
#include "compiler/gen/cpp/names.h"
#include "compiler/gen/printer.h"
#include "compiler/sema/model.h"

namespace rpcgen::cpp {

// `enum class`, and its functions enum_name and enum_value, which codecs find by its namespace.
void emit_enum(Printer& printer, const model::Enum& enumeration, const Names& names);

void emit_constant(Printer& printer, const model::Constant& constant, const Names& names);

void include_enum(Includes& includes);
void include_constant(const model::Constant& constant, const model::File& file, Includes& includes);

}  // namespace rpcgen::cpp
