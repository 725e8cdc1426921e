// A message as a C++ struct.
#pragma once

#include "compiler/gen/cpp/file_text.h"
#include "compiler/gen/cpp/names.h"
#include "compiler/gen/printer.h"
#include "compiler/sema/model.h"

namespace rpcgen::cpp {

// The definition, for the header.
void emit_message(Printer& printer, const model::Message& message, const Names& names);

// What of it stands in the source.
void emit_message_source(Printer& printer, const model::Message& message, const Names& names);

// std::hash of a message that is [hash], outside every namespace.
void emit_hash(Printer& printer, const model::Message& message);
void emit_hash_source(Printer& printer, const model::Message& message);

void include_message(const model::Message& message, Includes& includes);

}  // namespace rpcgen::cpp
