// How messages are made, copied, moved, destroyed and compared.
#pragma once

#include "compiler/gen/cpp/members.h"
#include "compiler/gen/printer.h"
#include "compiler/sema/model.h"

namespace rpcgen::cpp {

// The declarations, with their definitions where the struct's members allow.
void emit_constructors(Printer& printer, const model::Message& message, const Members& members);

// The definitions that have to wait for the file's last struct.
void emit_constructors_source(Printer& printer, const model::Message& message,
                              const Members& members);

}  // namespace rpcgen::cpp
