// Doc comments: `/// text` and `/** text */`.
#pragma once

#include <string>
#include <string_view>

namespace rpcgen {

// `comment` is a whole `//` comment. `////` is none: that is a banner.
bool is_doc_line(std::string_view comment);
std::string doc_line_text(std::string_view comment);

// `comment` is a whole `/* */` comment.
bool is_doc_block(std::string_view comment);
// Its lines without the ` * ` in front of them and without empty ones at both ends.
std::string doc_block_text(std::string_view comment);

}  // namespace rpcgen
