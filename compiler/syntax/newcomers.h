// Words of other languages (protobuf, Thrift), and what is written here instead.
#pragma once

#include <optional>
#include <string_view>

namespace rpcgen {

// Where a word stands.
enum class Block { kFile, kMessage, kService };

// What to write instead of a statement that begins with `word`: `write "struct"`. Nothing if no
// other language has it.
std::optional<std::string_view> advice_for(Block block, std::string_view word);

// The built-in type that another language calls `name`; "list" and "map" included.
std::optional<std::string_view> type_called(std::string_view name);

}  // namespace rpcgen
