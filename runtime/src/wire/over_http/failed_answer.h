// An answer over HTTP that is not what was asked for: an error of Connect's, or somebody else's
// words, such as a proxy's.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "http/head.h"
#include "wire/connect/error.h"
#include "wire/frame.h"

namespace tern::wire::over_http {

// Whether a Content-Type is JSON.
bool is_http_json(std::string_view type) noexcept;

class FailedAnswer {
 public:
  // Sets `frame` to the error. Views are into this.
  void read(const http::Head& head, ByteView body, Frame& frame);

 private:
  std::optional<connect::Error> error_;
  std::string message_;
};

}  // namespace tern::wire::over_http
