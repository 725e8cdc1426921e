// Constants and defaults as C++ literals.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "compiler/gen/cpp/names.h"
#include "compiler/sema/model.h"

namespace rpcgen::cpp {

// `value` of type `type`; enumerators are named as `names` and `hidden` have it.
std::string literal(const model::Value& value, const model::Type& type, const Names& names,
                    const NameSet& hidden);

// "\"text\"" with what must be escaped; bytes above 0x7f stay as they are. Strings of the language
// hold no NUL.
std::string quoted(std::string_view text);

// "std::chrono::milliseconds(500)": in the largest unit that holds it exactly.
std::string duration(std::chrono::nanoseconds value);

// "500 ms", for comments.
std::string duration_words(std::chrono::nanoseconds value);

}  // namespace rpcgen::cpp
