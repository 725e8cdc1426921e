// Numbers and names as the pages write them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "tern/codegen/method.h"

namespace tern::debug_pages {

// Appends `text` so that it is text in HTML, also between double quotes.
void append_html(std::string& out, std::string_view text);

// "1,234,567".
std::string grouped(std::uint64_t number);
// "unary", "server stream", "client stream", "bidi stream".
std::string_view kind_name(MethodKind kind) noexcept;
// "850 B", "1.2 KiB".
std::string bytes_text(std::uint64_t bytes);

}  // namespace tern::debug_pages
