// The metadata of calls among the headers of HTTP.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "http/response.h"
#include "tern/metadata.h"
#include "tern/status.h"

namespace tern::wire::over_http {

// Appends metadata to headers. Fails on a key or a value that HTTP cannot carry, and on keys that
// HTTP or Connect keeps for itself; the others are added all the same.
Status add_metadata(const Metadata& metadata,
                    std::vector<std::pair<std::string, std::string>>& headers);

// Moves the headers to those of an answer.
void move_headers(std::vector<std::pair<std::string, std::string>>& headers, http::Response& to);

// Whether a header is HTTP's or Connect's own, and so no metadata. `name` in lower case.
bool is_http_own(std::string_view name) noexcept;

}  // namespace tern::wire::over_http
