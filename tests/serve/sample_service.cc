#include "serve/sample_service.h"

#include "tern/codegen/type_ops_of.h"

namespace tern::test {

namespace {

constexpr std::string_view kName = "sample.Sample";

constexpr std::array<std::string_view, 2> kMeasuring{"surveyor", "admin"};

constexpr std::array<Method, 3> kMethods{{
    {kName,
     "Echo",
     method_id(kName, "Echo"),
     &type_ops<std::string>,
     &type_ops<std::string>,
     {},
     std::chrono::nanoseconds(0),
     false,
     MethodKind::kUnary,
     std::chrono::nanoseconds(0),
     nullptr,
     {Access::Kind::kAuthenticated}},
    {kName,
     "Measure",
     method_id(kName, "Measure"),
     &type_ops<std::string>,
     &type_ops<double>,
     {},
     std::chrono::nanoseconds(0),
     false,
     MethodKind::kUnary,
     std::chrono::nanoseconds(0),
     nullptr,
     {Access::Kind::kAnyOf, kMeasuring}},
    {kName,
     "Touch",
     method_id(kName, "Touch"),
     &type_ops<Nothing>,
     &type_ops<Nothing>,
     {},
     std::chrono::nanoseconds(0),
     true},
}};

}  // namespace

std::span<const Method> SampleService::methods() const noexcept {
  return kMethods;
}

const Method& SampleService::method(Position position) {
  return kMethods[position];
}

void SampleService::dispatch(std::size_t method, ServerCall& call) {
  switch (method) {
    case kEcho: {
      std::string text;
      if (call.decode(text)) call.finish(Echo(call, std::move(text)));
      return;
    }
    case kMeasure: {
      std::string text;
      if (call.decode(text)) call.finish(Measure(call, std::move(text)));
      return;
    }
    case kTouch: {
      Nothing nothing;
      if (call.decode(nothing)) call.finish(Touch(call));
      return;
    }
  }
}

}  // namespace tern::test
