// What protobuf's types are in the language.
#pragma once

#include <string_view>

#include "compiler/import/descriptor.h"

namespace rpcgen::import {

// Empty for a message, an enum or a group.
std::string_view scalar_name(FieldType type);

// What [proto = …] says; empty if nothing has to be said.
std::string_view form_of(FieldType type);

// The value of one of Google's messages of one value: "int32" for ".google.protobuf.Int32Value".
// Empty for all others.
std::string_view wrapped(std::string_view type);

}  // namespace rpcgen::import
