#include "compiler/syntax/newcomers.h"

#include <algorithm>
#include <array>

namespace rpcgen {
namespace {

struct Advice {
  Block block;
  std::string_view word;
  std::string_view advice;
};

constexpr std::string_view kMethod = "write \"Name(Argument) -> Result;\"";
constexpr std::string_view kNoResult = "a method without a result is written \"Name(Argument);\"";

constexpr auto kAdvice = std::to_array<Advice>({
    {Block::kFile, "message", "write \"struct\""},
    {Block::kFile, "class", "write \"struct\""},
    {Block::kFile, "record", "write \"struct\""},
    {Block::kFile, "type", "write \"struct\""},
    {Block::kFile, "exception", "write \"error\""},
    {Block::kFile, "interface", "write \"service\""},
    {Block::kFile, "namespace", "write \"package\""},
    {Block::kFile, "include", "write \"import\""},
    {Block::kFile, "syntax", "a file begins with \"package name;\""},
    {Block::kFile, "edition", "a file begins with \"package name;\""},
    {Block::kFile, "option", "there are no options of a file"},
    {Block::kFile, "typedef", "a type has one name"},
    {Block::kFile, "using", "a type has one name"},
    {Block::kFile, "extend", "a struct is written in one place"},
    {Block::kFile, "union", "a union stands in a struct"},
    {Block::kFile, "oneof", "write \"union\" in a struct"},
    {Block::kMessage, "oneof", "write \"union\""},
    {Block::kMessage, "repeated", "write \"list<T>\" as the type"},
    {Block::kMessage, "required", "leave it out: a field that is not optional is always there"},
    {Block::kMessage, "singular", "leave it out"},
    {Block::kMessage, "message", "definitions stand beside each other, as \"struct\""},
    {Block::kMessage, "extensions", "numbers that are kept free are \"reserved\""},
    {Block::kMessage, "option", "annotations of a struct stand before its '{', in '[]'"},
    {Block::kService, "rpc", kMethod},
    {Block::kService, "def", kMethod},
    {Block::kService, "func", kMethod},
    {Block::kService, "void", kNoResult},
    {Block::kService, "oneway", kNoResult},
    {Block::kService, "option", "annotations of a service stand before its '{', in '[]'"},
});

struct Translation {
  std::string_view other;
  std::string_view ours;
};

constexpr auto kTypes = std::to_array<Translation>({
    {"int", "int32"},
    {"integer", "int32"},
    {"i8", "int32"},
    {"i16", "int32"},
    {"i32", "int32"},
    {"int8", "int32"},
    {"int16", "int32"},
    {"int32_t", "int32"},
    {"short", "int32"},
    {"sint32", "int32"},
    {"sfixed32", "int32"},
    {"i64", "int64"},
    {"long", "int64"},
    {"int64_t", "int64"},
    {"sint64", "int64"},
    {"sfixed64", "int64"},
    {"uint", "uint32"},
    {"unsigned", "uint32"},
    {"u8", "uint32"},
    {"u16", "uint32"},
    {"u32", "uint32"},
    {"uint8", "uint32"},
    {"uint16", "uint32"},
    {"uint32_t", "uint32"},
    {"fixed32", "uint32"},
    {"u64", "uint64"},
    {"uint64_t", "uint64"},
    {"fixed64", "uint64"},
    {"size_t", "uint64"},
    {"float32", "float"},
    {"f32", "float"},
    {"float64", "double"},
    {"f64", "double"},
    {"number", "double"},
    {"boolean", "bool"},
    {"str", "string"},
    {"text", "string"},
    {"char", "string"},
    {"binary", "bytes"},
    {"blob", "bytes"},
    {"byte", "bytes"},
    {"time", "timestamp"},
    {"datetime", "timestamp"},
    {"date", "timestamp"},
    {"Timestamp", "timestamp"},
    {"Duration", "duration"},
    {"vector", "list"},
    {"array", "list"},
    {"set", "list"},
    {"seq", "list"},
    {"sequence", "list"},
    {"dict", "map"},
    {"unordered_map", "map"},
    {"google.protobuf.Timestamp", "timestamp"},
    {"google.protobuf.Duration", "duration"},
});

}  // namespace

std::optional<std::string_view> advice_for(Block block, std::string_view word) {
  const auto found = std::find_if(kAdvice.begin(), kAdvice.end(), [&](const Advice& one) {
    return one.block == block && one.word == word;
  });
  if (found == kAdvice.end()) return std::nullopt;
  return found->advice;
}

std::optional<std::string_view> type_called(std::string_view name) {
  const auto found = std::find_if(kTypes.begin(), kTypes.end(),
                                  [name](const Translation& one) { return one.other == name; });
  if (found == kTypes.end()) return std::nullopt;
  return found->ours;
}

}  // namespace rpcgen
