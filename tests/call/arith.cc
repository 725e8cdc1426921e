#include "call/arith.h"

#include <memory>

#include "tern/codegen/type_ops_of.h"

namespace tern::test::arith {

namespace {

constexpr std::array<TypeOpsOf, 1> kDivideErrors{&type_ops<DivideByZero>};

constexpr std::array<Method, 5> kMethods{{
    {.service = "arith.Arith",
     .name = "Multiply",
     .id = method_id("arith.Arith", "Multiply"),
     .argument = &type_ops<Args>,
     .result = &type_ops<std::int64_t>,
     .errors = {},
     .timeout = std::chrono::nanoseconds(0),
     .idempotent = true},
    {.service = "arith.Arith",
     .name = "Divide",
     .id = method_id("arith.Arith", "Divide"),
     .argument = &type_ops<Args>,
     .result = &type_ops<std::int64_t>,
     .errors = kDivideErrors,
     .timeout = std::chrono::nanoseconds(0),
     .idempotent = true},
    {.service = "arith.Arith",
     .name = "Echo",
     .id = method_id("arith.Arith", "Echo"),
     .argument = &type_ops<std::string>,
     .result = &type_ops<std::string>,
     .errors = {},
     .timeout = std::chrono::nanoseconds(0),
     .idempotent = true},
    {.service = "arith.Arith",
     .name = "Reset",
     .id = method_id("arith.Arith", "Reset"),
     .argument = &type_ops<Nothing>,
     .result = &type_ops<Nothing>,
     .errors = {},
     .timeout = std::chrono::nanoseconds(0),
     .idempotent = false},
    {.service = "arith.Arith",
     .name = "Impatient",
     .id = method_id("arith.Arith", "Impatient"),
     .argument = &type_ops<Nothing>,
     .result = &type_ops<Nothing>,
     .errors = {},
     .timeout = std::chrono::milliseconds(500),
     .idempotent = false},
}};

}  // namespace

Status DivideByZero::to_status() const {
  return Status::with_detail(kCode, std::string(kMessage), type_ops<DivideByZero>(),
                             std::make_shared<const DivideByZero>(*this));
}

Call<std::int64_t> ArithStub::Multiply(const Args& args, CallOptions options) {
  return start_call<std::int64_t>(channel_, kMethods[0], &args, options);
}

Call<std::int64_t> ArithStub::Divide(const Args& args, CallOptions options) {
  return start_call<std::int64_t>(channel_, kMethods[1], &args, options);
}

Call<std::string> ArithStub::Echo(const std::string& text, CallOptions options) {
  return start_call<std::string>(channel_, kMethods[2], &text, options);
}

Call<void> ArithStub::Reset(CallOptions options) {
  Nothing nothing;
  return start_call<void>(channel_, kMethods[3], &nothing, options);
}

Call<void> ArithStub::Impatient(CallOptions options) {
  Nothing nothing;
  return start_call<void>(channel_, kMethods[4], &nothing, options);
}

const Method& ArithStub::multiply() noexcept {
  return kMethods[0];
}

}  // namespace tern::test::arith
