// A codec that is no part of Tern: one value a line, for people to read.
//
//   {
//     title "Groceries"
//     lines [
//       "milk"
//     ]
//     votes (
//       "Ada"
//       3
//     )
//     remind_after 3600000000000
//   }
//
// A struct has its fields by name, a list its elements, a map keys and values in turn. Numbers are
// decimal, strings quoted with \\, \" and \n for what would end them, bytes hexadecimal, times in
// nanoseconds. The spaces in front of a line mean nothing.
#pragma once

#include <memory>
#include <string_view>

#include "tern/codec.h"

inline constexpr std::string_view kLineCodec = "text/x-lines";

// Any type that rpcgen generates, in both directions. Old and new schemas read each other: unknown
// fields are skipped, missing ones get their defaults.
std::shared_ptr<const tern::Codec> make_line_codec();
