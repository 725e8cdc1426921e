// The hash of a message that the IDL declares [hash].
#pragma once

#include <cstddef>

#include "tern/codegen/type_ops.h"

namespace tern {

// Of the T of `type` at `value`: equal values have equal hashes. It may differ from one version of
// Tern to the next and is no defence against peers that choose their keys. Used by generated code,
// for std::hash.
std::size_t hash_value(const TypeOps& type, const void* value) noexcept;

}  // namespace tern
