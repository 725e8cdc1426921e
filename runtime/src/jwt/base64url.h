// Bytes as tokens and keys carry them: base64url without padding (RFC 7515, section 2).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace tern::jwt {

// Nothing for any character that is not of the alphabet, "=" included, for a length that no bytes
// have, and for bits that belong to no byte: each text has one reading, each reading one text.
std::optional<std::string> read_base64url(std::string_view text);

}  // namespace tern::jwt
