#include "wire/over_http/client_body.h"

#include <fmt/format.h>

#include "base/ascii.h"

namespace tern::wire::over_http {

std::string ClientBody::path(const RequestHead& head) const {
  return fmt::format("/{}/{}", head.method->service, head.method->name);
}

Status ClientBody::read_metadata(const http::Head& head, Metadata& metadata) const {
  for (const http::Header& header : head.headers) {
    std::string name = base::to_lower(header.name);
    if (!is_http_own(name)) metadata.add(std::move(name), std::string(header.value));
  }
  return {};
}

}  // namespace tern::wire::over_http
