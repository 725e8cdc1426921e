// Why a request leads to no handler.
#pragma once

#include <optional>
#include <string>

#include "serve/refusal.h"
#include "tern/codegen/method.h"
#include "tern/status.h"
#include "wire/unknown_method.h"

namespace tern::serve {

// It says what a server has and what not: where there is an authenticator, those alone are told
// whom it knows.
struct Unserved {
  // The method that was named, if it is the way in which it was called that is wrong. Null: there
  // is no such method.
  const Method* method = nullptr;
  Refusal reason = Refusal::kUnknownMethod;
  // Of a name: the protocol has words for it.
  std::optional<wire::UnknownMethod> unknown;
  std::string name;
  Status why;  // else
};

}  // namespace tern::serve
