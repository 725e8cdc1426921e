#include "wire/over_http/metadata.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>

#include "base/ascii.h"
#include "base/peer_text.h"
#include "http/head.h"

namespace tern::wire::over_http {

namespace {

constexpr std::array<std::string_view, 17> kOwn = {"accept",
                                                   "accept-encoding",
                                                   "accept-post",
                                                   "allow",
                                                   "connection",
                                                   "date",
                                                   "expect",
                                                   "host",
                                                   "keep-alive",
                                                   "last-event-id",
                                                   "origin",
                                                   "te",
                                                   "trailer",
                                                   "upgrade",
                                                   "vary",
                                                   "transfer-encoding",
                                                   "x-content-type-options"};
constexpr std::array<std::string_view, 5> kOwnPrefixes = {"access-control-", "connect-", "content-",
                                                          "proxy-", "sec-"};

}  // namespace

Status add_metadata(const Metadata& metadata,
                    std::vector<std::pair<std::string, std::string>>& headers) {
  Status failure;
  for (const Metadata::Entry& entry : metadata) {
    std::string name = base::to_lower(entry.first);
    std::string_view why;
    if (!http::is_token(name)) {
      why = "is not a name of an HTTP header";
    } else if (is_http_own(name)) {
      why = "is a header of HTTP's own; choose another name";
    } else if (!http::is_field_value(entry.second)) {
      why = "has a control character in its value, which no header can have";
    }
    if (why.empty()) {
      headers.emplace_back(std::move(name), entry.second);
    } else {
      failure = Status(Code::kInvalidArgument,
                       fmt::format("metadata: key \"{}\" {}", base::peer_text(entry.first), why),
                       HandlerRan::kNo);
    }
  }
  return failure;
}

void move_headers(std::vector<std::pair<std::string, std::string>>& headers, http::Response& to) {
  to.headers.insert(to.headers.end(), std::move_iterator(headers.begin()),
                    std::move_iterator(headers.end()));
  headers.clear();
}

bool is_http_own(std::string_view name) noexcept {
  return std::find(kOwn.begin(), kOwn.end(), name) != kOwn.end() ||
         std::any_of(kOwnPrefixes.begin(), kOwnPrefixes.end(),
                     [name](std::string_view prefix) { return name.starts_with(prefix); });
}

}  // namespace tern::wire::over_http
