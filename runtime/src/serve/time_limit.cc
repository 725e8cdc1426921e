#include "serve/time_limit.h"

#include <fmt/format.h>

#include "base/duration_text.h"

namespace tern::serve {

Status TimeLimit::outcome(const Method* method) const {
  if (of_ == Of::kHandleTimeout) {
    return Status(Code::kDeadlineExceeded,
                  fmt::format("rpc server: request handle timeout: expect within {}",
                              base::duration_text(time_)));
  }
  if (!method) {
    return Status(Code::kDeadlineExceeded,
                  fmt::format("authentication: the caller's deadline of {} passed before it was "
                              "known who calls",
                              base::duration_text(time_)));
  }
  return Status(Code::kDeadlineExceeded,
                fmt::format("{}.{}: the caller's deadline of {} passed before the reply",
                            method->service, method->name, base::duration_text(time_)));
}

}  // namespace tern::serve
