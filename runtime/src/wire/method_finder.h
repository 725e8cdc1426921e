// What a server's side of a protocol may ask about the methods that are served.
#pragma once

#include <string_view>

#include "tern/codegen/method.h"

namespace tern::wire {

// For protocols where the same words mean one thing for a method with streams and another for one
// without. Threads: any.
class MethodFinder {
 public:
  // By a name as requests have it: "arith.Arith.Multiply". Null: it leads to no method.
  virtual const Method* find_method(std::string_view name) const noexcept = 0;
  // Whether nobody is to learn what it finds before it is known who asks. Then a request that a
  // method does not take is read as one for a method that does not exist.
  virtual bool is_secret() const noexcept { return false; }

 protected:
  ~MethodFinder() = default;
};

}  // namespace tern::wire
