// The words for what goes wrong.
#include "call/failure_text.h"

#include <gtest/gtest.h>

namespace tern {
namespace {

TEST(FailureText, NamesMethodAndAddress) {
  Method method{};
  method.service = "arith.Arith";
  method.name = "Multiply";
  EXPECT_EQ(call::failure_text(method, "unix@/run/x", "no reply within 1s"),
            "arith.Arith/Multiply on unix@/run/x: no reply within 1s");
}

}  // namespace
}  // namespace tern
