#include "wire/over_http/server_body.h"

#include <string>
#include <utility>

#include "base/ascii.h"
#include "wire/over_http/metadata.h"

namespace tern::wire::over_http {

Status ServerBody::read_metadata(const http::Head& head, Metadata& metadata) const {
  for (const http::Header& header : head.headers) {
    std::string name = base::to_lower(header.name);
    if (!is_http_own(name)) metadata.add(std::move(name), std::string(header.value));
  }
  return {};
}

// The stream is worth more.
void ServerBody::add_headers(const Metadata& metadata, http::Headers& headers) const {
  Status unfit = add_metadata(metadata, headers);
  static_cast<void>(unfit);
}

}  // namespace tern::wire::over_http
