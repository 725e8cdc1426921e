// Names as protobuf has them.
#pragma once

#include <string>
#include <string_view>

#include "compiler/gen/proto/file.h"
#include "compiler/sema/model.h"

namespace rpcgen::proto {

// "bornIn" and "born_in": "BORN_IN".
std::string upper_snake(std::string_view name);
// "born_in": "BornIn".
std::string upper_camel(std::string_view name);
// The name in JSON that protobuf makes of a field's name.
std::string json_name_of(std::string_view name);

// Of what is no message, enum, list or map; else empty.
std::string_view scalar_name(model::TypeKind kind);
// The number of what scalar_name() or [proto = …] says.
TypeNumber scalar_number(std::string_view name);
// Protobuf's message of one scalar; empty if it has none.
std::string_view wrapper_name(model::TypeKind kind);

}  // namespace rpcgen::proto
