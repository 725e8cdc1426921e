// Services of everything.rpc.
// Written by rpcgen 0.1.0: do not edit it, change everything.rpc instead.
#include "everything.service.h"

#include <array>
#include <chrono>
#include <utility>

#include "tern/method.h"
#include "tern/type_ops.h"

// Users of what is deprecated here are warned; this file is not.
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"

namespace tests::everything {

namespace {

constexpr std::array<tern::TypeOpsOf, 3> kEverythingFailErrors{
    &tern::type_ops<Broken>, &tern::type_ops<Silent>, &tern::type_ops<::tests::common::NotFound>};
constexpr std::array<tern::TypeOpsOf, 1> kEverythingFormerErrors{&tern::type_ops<Retired>};
constexpr std::array<tern::TypeOpsOf, 1> kEverythingerrorErrors{&tern::type_ops<Silent>};

constexpr std::array<tern::Method, 29> kEverythingMethods{{
    {.service = "tests.everything.Everything",
     .name = "Echo",
     .id = 0x64001a28,
     .argument = &tern::type_ops<Scalars>,
     .result = &tern::type_ops<Scalars>,
     .errors = {},
     .timeout = std::chrono::nanoseconds(0),
     .idempotent = true},
    {.service = "tests.everything.Everything",
     .name = "EchoOptionals",
     .id = 0x1fc95055,
     .argument = &tern::type_ops<Optionals>,
     .result = &tern::type_ops<Optionals>,
     .errors = {},
     .timeout = std::chrono::nanoseconds(0),
     .idempotent = false},
    {.service = "tests.everything.Everything",
     .name = "EchoLists",
     .id = 0x53adb0d9,
     .argument = &tern::type_ops<Lists>,
     .result = &tern::type_ops<Lists>,
     .errors = {},
     .timeout = std::chrono::nanoseconds(0),
     .idempotent = false},
    {.service = "tests.everything.Everything",
     .name = "EchoMaps",
     .id = 0xdd99a0f7,
     .argument = &tern::type_ops<Maps>,
     .result = &tern::type_ops<Maps>,
     .errors = {},
     .timeout = std::chrono::nanoseconds(0),
     .idempotent = false},
    {.service = "tests.everything.Everything",
     .name = "EchoShape",
     .id = 0x1250affd,
     .argument = &tern::type_ops<Shape>,
     .result = &tern::type_ops<Shape>,
     .errors = {},
     .timeout = std::chrono::nanoseconds(0),
     .idempotent = false},
    {.service = "tests.everything.Everything",
     .name = "EchoTree",
     .id = 0x7d69f3b0,
     .argument = &tern::type_ops<Tree>,
     .result = &tern::type_ops<Tree>,
     .errors = {},
     .timeout = std::chrono::nanoseconds(0),
     .idempotent = false},
    {.service = "tests.everything.Everything",
     .name = "Bool",
     .id = 0x0762fe39,
     .argument = &tern::type_ops<bool>,
     .result = &tern::type_ops<bool>,
     .errors = {},
     .timeout = std::chrono::nanoseconds(0),
     .idempotent = false},
    {.service = "tests.everything.Everything",
     .name = "Int32",
     .id = 0x261f9e5b,
     .argument = &tern::type_ops<std::int32_t>,
     .result = &tern::type_ops<std::int32_t>,
     .errors = {},
     .timeout = std::chrono::nanoseconds(0),
     .idempotent = false},
    {.service = "tests.everything.Everything",
     .name = "Int64",
     .id = 0x96270a70,
     .argument = &tern::type_ops<std::int64_t>,
     .result = &tern::type_ops<std::int64_t>,
     .errors = {},
     .timeout = std::chrono::nanoseconds(0),
     .idempotent = false},
    {.service = "tests.everything.Everything",
     .name = "Uint32",
     .id = 0x6c5ae998,
     .argument = &tern::type_ops<std::uint32_t>,
     .result = &tern::type_ops<std::uint32_t>,
     .errors = {},
     .timeout = std::chrono::nanoseconds(0),
     .idempotent = false},
    {.service = "tests.everything.Everything",
     .name = "Uint64",
     .id = 0x60541aef,
     .argument = &tern::type_ops<std::uint64_t>,
     .result = &tern::type_ops<std::uint64_t>,
     .errors = {},
     .timeout = std::chrono::nanoseconds(0),
     .idempotent = false},
    {.service = "tests.everything.Everything",
     .name = "Float",
     .id = 0x6faa25f1,
     .argument = &tern::type_ops<float>,
     .result = &tern::type_ops<float>,
     .errors = {},
     .timeout = std::chrono::nanoseconds(0),
     .idempotent = false},
    {.service = "tests.everything.Everything",
     .name = "Double",
     .id = 0x2ab59ca4,
     .argument = &tern::type_ops<double>,
     .result = &tern::type_ops<double>,
     .errors = {},
     .timeout = std::chrono::nanoseconds(0),
     .idempotent = false},
    {.service = "tests.everything.Everything",
     .name = "Text",
     .id = 0xe026d20a,
     .argument = &tern::type_ops<std::string>,
     .result = &tern::type_ops<std::string>,
     .errors = {},
     .timeout = std::chrono::nanoseconds(0),
     .idempotent = false},
    {.service = "tests.everything.Everything",
     .name = "Blob",
     .id = 0xba8b3f6e,
     .argument = &tern::type_ops<std::vector<std::byte>>,
     .result = &tern::type_ops<std::vector<std::byte>>,
     .errors = {},
     .timeout = std::chrono::nanoseconds(0),
     .idempotent = false},
    {.service = "tests.everything.Everything",
     .name = "Later",
     .id = 0xef5acd3d,
     .argument = &tern::type_ops<tern::Timestamp>,
     .result = &tern::type_ops<tern::Timestamp>,
     .errors = {},
     .timeout = std::chrono::nanoseconds(0),
     .idempotent = false},
    {.service = "tests.everything.Everything",
     .name = "Longer",
     .id = 0xc25c6a1c,
     .argument = &tern::type_ops<tern::Duration>,
     .result = &tern::type_ops<tern::Duration>,
     .errors = {},
     .timeout = std::chrono::nanoseconds(0),
     .idempotent = false},
    {.service = "tests.everything.Everything",
     .name = "Paint",
     .id = 0x4b87407f,
     .argument = &tern::type_ops<Color>,
     .result = &tern::type_ops<Color>,
     .errors = {},
     .timeout = std::chrono::nanoseconds(0),
     .idempotent = false},
    {.service = "tests.everything.Everything",
     .name = "Sum",
     .id = 0xbb191144,
     .argument = &tern::type_ops<std::vector<std::int64_t>>,
     .result = &tern::type_ops<std::int64_t>,
     .errors = {},
     .timeout = std::chrono::nanoseconds(0),
     .idempotent = false},
    {.service = "tests.everything.Everything",
     .name = "Invert",
     .id = 0x15c69195,
     .argument = &tern::type_ops<std::map<std::string, std::int32_t>>,
     .result = &tern::type_ops<std::map<std::int32_t, std::vector<std::string>>>,
     .errors = {},
     .timeout = std::chrono::nanoseconds(0),
     .idempotent = false},
    {.service = "tests.everything.Everything",
     .name = "Ping",
     .id = 0xde6e49fd,
     .argument = &tern::type_ops<tern::Nothing>,
     .result = &tern::type_ops<tern::Nothing>,
     .errors = {},
     .timeout = std::chrono::nanoseconds(0),
     .idempotent = false},
    {.service = "tests.everything.Everything",
     .name = "Now",
     .id = 0xbf47ec4b,
     .argument = &tern::type_ops<tern::Nothing>,
     .result = &tern::type_ops<tern::Timestamp>,
     .errors = {},
     .timeout = std::chrono::nanoseconds(0),
     .idempotent = false},
    {.service = "tests.everything.Everything",
     .name = "Log",
     .id = 0xe6858c95,
     .argument = &tern::type_ops<std::string>,
     .result = &tern::type_ops<tern::Nothing>,
     .errors = {},
     .timeout = std::chrono::nanoseconds(0),
     .idempotent = false},
    {.service = "tests.everything.Everything",
     .name = "Move",
     .id = 0xb74d8348,
     .argument = &tern::type_ops<::tests::common::Point>,
     .result = &tern::type_ops<::tests::common::Point>,
     .errors = {},
     .timeout = std::chrono::nanoseconds(0),
     .idempotent = false},
    {.service = "tests.everything.Everything",
     .name = "Fail",
     .id = 0x87a18111,
     .argument = &tern::type_ops<std::string>,
     .result = &tern::type_ops<Scalars>,
     .errors = kEverythingFailErrors,
     .timeout = std::chrono::milliseconds(500),
     .idempotent = true},
    {.service = "tests.everything.Everything",
     .name = "Former",
     .id = 0xea4caab0,
     .argument = &tern::type_ops<Old>,
     .result = &tern::type_ops<tern::Nothing>,
     .errors = kEverythingFormerErrors,
     .timeout = std::chrono::nanoseconds(0),
     .idempotent = false},
    {.service = "tests.everything.Everything",
     .name = "delete",
     .id = 0xc209342e,
     .argument = &tern::type_ops<std::string>,
     .result = &tern::type_ops<tern::Nothing>,
     .errors = {},
     .timeout = std::chrono::nanoseconds(0),
     .idempotent = false},
    {.service = "tests.everything.Everything",
     .name = "list",
     .id = 0xefd91055,
     .argument = &tern::type_ops<std::int32_t>,
     .result = &tern::type_ops<std::vector<std::string>>,
     .errors = {},
     .timeout = std::chrono::nanoseconds(0),
     .idempotent = false},
    {.service = "tests.everything.Everything",
     .name = "error",
     .id = 0x67813acd,
     .argument = &tern::type_ops<tern::Nothing>,
     .result = &tern::type_ops<std::string>,
     .errors = kEverythingerrorErrors,
     .timeout = std::chrono::hours(2),
     .idempotent = false},
}};
static_assert(kEverythingMethods[0].id == tern::method_id("tests.everything.Everything", "Echo"));
static_assert(kEverythingMethods[1].id ==
              tern::method_id("tests.everything.Everything", "EchoOptionals"));
static_assert(kEverythingMethods[2].id ==
              tern::method_id("tests.everything.Everything", "EchoLists"));
static_assert(kEverythingMethods[3].id ==
              tern::method_id("tests.everything.Everything", "EchoMaps"));
static_assert(kEverythingMethods[4].id ==
              tern::method_id("tests.everything.Everything", "EchoShape"));
static_assert(kEverythingMethods[5].id ==
              tern::method_id("tests.everything.Everything", "EchoTree"));
static_assert(kEverythingMethods[6].id == tern::method_id("tests.everything.Everything", "Bool"));
static_assert(kEverythingMethods[7].id == tern::method_id("tests.everything.Everything", "Int32"));
static_assert(kEverythingMethods[8].id == tern::method_id("tests.everything.Everything", "Int64"));
static_assert(kEverythingMethods[9].id == tern::method_id("tests.everything.Everything", "Uint32"));
static_assert(kEverythingMethods[10].id ==
              tern::method_id("tests.everything.Everything", "Uint64"));
static_assert(kEverythingMethods[11].id == tern::method_id("tests.everything.Everything", "Float"));
static_assert(kEverythingMethods[12].id ==
              tern::method_id("tests.everything.Everything", "Double"));
static_assert(kEverythingMethods[13].id == tern::method_id("tests.everything.Everything", "Text"));
static_assert(kEverythingMethods[14].id == tern::method_id("tests.everything.Everything", "Blob"));
static_assert(kEverythingMethods[15].id == tern::method_id("tests.everything.Everything", "Later"));
static_assert(kEverythingMethods[16].id ==
              tern::method_id("tests.everything.Everything", "Longer"));
static_assert(kEverythingMethods[17].id == tern::method_id("tests.everything.Everything", "Paint"));
static_assert(kEverythingMethods[18].id == tern::method_id("tests.everything.Everything", "Sum"));
static_assert(kEverythingMethods[19].id ==
              tern::method_id("tests.everything.Everything", "Invert"));
static_assert(kEverythingMethods[20].id == tern::method_id("tests.everything.Everything", "Ping"));
static_assert(kEverythingMethods[21].id == tern::method_id("tests.everything.Everything", "Now"));
static_assert(kEverythingMethods[22].id == tern::method_id("tests.everything.Everything", "Log"));
static_assert(kEverythingMethods[23].id == tern::method_id("tests.everything.Everything", "Move"));
static_assert(kEverythingMethods[24].id == tern::method_id("tests.everything.Everything", "Fail"));
static_assert(kEverythingMethods[25].id ==
              tern::method_id("tests.everything.Everything", "Former"));
static_assert(kEverythingMethods[26].id ==
              tern::method_id("tests.everything.Everything", "delete"));
static_assert(kEverythingMethods[27].id == tern::method_id("tests.everything.Everything", "list"));
static_assert(kEverythingMethods[28].id == tern::method_id("tests.everything.Everything", "error"));

}  // namespace

tern::Call<Scalars> EverythingStub::Echo(const Scalars& request, tern::CallOptions options) {
  return tern::start_call<Scalars>(*channel_, kEverythingMethods[0], &request, options);
}

tern::Call<Optionals> EverythingStub::EchoOptionals(const Optionals& request,
                                                    tern::CallOptions options) {
  return tern::start_call<Optionals>(*channel_, kEverythingMethods[1], &request, options);
}

tern::Call<Lists> EverythingStub::EchoLists(const Lists& request, tern::CallOptions options) {
  return tern::start_call<Lists>(*channel_, kEverythingMethods[2], &request, options);
}

tern::Call<Maps> EverythingStub::EchoMaps(const Maps& request, tern::CallOptions options) {
  return tern::start_call<Maps>(*channel_, kEverythingMethods[3], &request, options);
}

tern::Call<Shape> EverythingStub::EchoShape(const Shape& request, tern::CallOptions options) {
  return tern::start_call<Shape>(*channel_, kEverythingMethods[4], &request, options);
}

tern::Call<Tree> EverythingStub::EchoTree(const Tree& request, tern::CallOptions options) {
  return tern::start_call<Tree>(*channel_, kEverythingMethods[5], &request, options);
}

tern::Call<bool> EverythingStub::Bool(bool value, tern::CallOptions options) {
  return tern::start_call<bool>(*channel_, kEverythingMethods[6], &value, options);
}

tern::Call<std::int32_t> EverythingStub::Int32(std::int32_t value, tern::CallOptions options) {
  return tern::start_call<std::int32_t>(*channel_, kEverythingMethods[7], &value, options);
}

tern::Call<std::int64_t> EverythingStub::Int64(std::int64_t value, tern::CallOptions options) {
  return tern::start_call<std::int64_t>(*channel_, kEverythingMethods[8], &value, options);
}

tern::Call<std::uint32_t> EverythingStub::Uint32(std::uint32_t value, tern::CallOptions options) {
  return tern::start_call<std::uint32_t>(*channel_, kEverythingMethods[9], &value, options);
}

tern::Call<std::uint64_t> EverythingStub::Uint64(std::uint64_t value, tern::CallOptions options) {
  return tern::start_call<std::uint64_t>(*channel_, kEverythingMethods[10], &value, options);
}

tern::Call<float> EverythingStub::Float(float value, tern::CallOptions options) {
  return tern::start_call<float>(*channel_, kEverythingMethods[11], &value, options);
}

tern::Call<double> EverythingStub::Double(double value, tern::CallOptions options) {
  return tern::start_call<double>(*channel_, kEverythingMethods[12], &value, options);
}

tern::Call<std::string> EverythingStub::Text(const std::string& value, tern::CallOptions options) {
  return tern::start_call<std::string>(*channel_, kEverythingMethods[13], &value, options);
}

tern::Call<std::vector<std::byte>> EverythingStub::Blob(const std::vector<std::byte>& value,
                                                        tern::CallOptions options) {
  return tern::start_call<std::vector<std::byte>>(*channel_, kEverythingMethods[14], &value,
                                                  options);
}

tern::Call<tern::Timestamp> EverythingStub::Later(tern::Timestamp value,
                                                  tern::CallOptions options) {
  return tern::start_call<tern::Timestamp>(*channel_, kEverythingMethods[15], &value, options);
}

tern::Call<tern::Duration> EverythingStub::Longer(tern::Duration value, tern::CallOptions options) {
  return tern::start_call<tern::Duration>(*channel_, kEverythingMethods[16], &value, options);
}

tern::Call<Color> EverythingStub::Paint(Color value, tern::CallOptions options) {
  return tern::start_call<Color>(*channel_, kEverythingMethods[17], &value, options);
}

tern::Call<std::int64_t> EverythingStub::Sum(const std::vector<std::int64_t>& values,
                                             tern::CallOptions options) {
  return tern::start_call<std::int64_t>(*channel_, kEverythingMethods[18], &values, options);
}

tern::Call<std::map<std::int32_t, std::vector<std::string>>> EverythingStub::Invert(
    const std::map<std::string, std::int32_t>& values, tern::CallOptions options) {
  return tern::start_call<std::map<std::int32_t, std::vector<std::string>>>(
      *channel_, kEverythingMethods[19], &values, options);
}

tern::Call<void> EverythingStub::Ping(tern::CallOptions options) {
  tern::Nothing nothing;
  return tern::start_call<void>(*channel_, kEverythingMethods[20], &nothing, options);
}

tern::Call<tern::Timestamp> EverythingStub::Now(tern::CallOptions options) {
  tern::Nothing nothing;
  return tern::start_call<tern::Timestamp>(*channel_, kEverythingMethods[21], &nothing, options);
}

tern::Call<void> EverythingStub::Log(const std::string& value, tern::CallOptions options) {
  return tern::start_call<void>(*channel_, kEverythingMethods[22], &value, options);
}

tern::Call<::tests::common::Point> EverythingStub::Move(const ::tests::common::Point& request,
                                                        tern::CallOptions options) {
  return tern::start_call<::tests::common::Point>(*channel_, kEverythingMethods[23], &request,
                                                  options);
}

tern::Call<Scalars> EverythingStub::Fail(const std::string& value, tern::CallOptions options) {
  return tern::start_call<Scalars>(*channel_, kEverythingMethods[24], &value, options);
}

tern::Call<void> EverythingStub::Former(const Old& request, tern::CallOptions options) {
  return tern::start_call<void>(*channel_, kEverythingMethods[25], &request, options);
}

tern::Call<void> EverythingStub::delete_(const std::string& value, tern::CallOptions options) {
  return tern::start_call<void>(*channel_, kEverythingMethods[26], &value, options);
}

tern::Call<std::vector<std::string>> EverythingStub::list(std::int32_t value,
                                                          tern::CallOptions options) {
  return tern::start_call<std::vector<std::string>>(*channel_, kEverythingMethods[27], &value,
                                                    options);
}

tern::Call<std::string> EverythingStub::error(tern::CallOptions options) {
  tern::Nothing nothing;
  return tern::start_call<std::string>(*channel_, kEverythingMethods[28], &nothing, options);
}

std::string_view EverythingService::name() const noexcept {
  return "tests.everything.Everything";
}

std::span<const tern::Method> EverythingService::methods() const noexcept {
  return kEverythingMethods;
}

void EverythingService::dispatch(std::size_t method, tern::ServerCall& call) {
  switch (method) {
    case 0: {
      Scalars argument;
      if (call.decode(argument)) call.finish(Echo(call, std::move(argument)));
      return;
    }
    case 1: {
      Optionals argument;
      if (call.decode(argument)) call.finish(EchoOptionals(call, std::move(argument)));
      return;
    }
    case 2: {
      Lists argument;
      if (call.decode(argument)) call.finish(EchoLists(call, std::move(argument)));
      return;
    }
    case 3: {
      Maps argument;
      if (call.decode(argument)) call.finish(EchoMaps(call, std::move(argument)));
      return;
    }
    case 4: {
      Shape argument;
      if (call.decode(argument)) call.finish(EchoShape(call, std::move(argument)));
      return;
    }
    case 5: {
      Tree argument;
      if (call.decode(argument)) call.finish(EchoTree(call, std::move(argument)));
      return;
    }
    case 6: {
      bool argument{};
      if (call.decode(argument)) call.finish(Bool(call, argument));
      return;
    }
    case 7: {
      std::int32_t argument{};
      if (call.decode(argument)) call.finish(Int32(call, argument));
      return;
    }
    case 8: {
      std::int64_t argument{};
      if (call.decode(argument)) call.finish(Int64(call, argument));
      return;
    }
    case 9: {
      std::uint32_t argument{};
      if (call.decode(argument)) call.finish(Uint32(call, argument));
      return;
    }
    case 10: {
      std::uint64_t argument{};
      if (call.decode(argument)) call.finish(Uint64(call, argument));
      return;
    }
    case 11: {
      float argument{};
      if (call.decode(argument)) call.finish(Float(call, argument));
      return;
    }
    case 12: {
      double argument{};
      if (call.decode(argument)) call.finish(Double(call, argument));
      return;
    }
    case 13: {
      std::string argument;
      if (call.decode(argument)) call.finish(Text(call, std::move(argument)));
      return;
    }
    case 14: {
      std::vector<std::byte> argument;
      if (call.decode(argument)) call.finish(Blob(call, std::move(argument)));
      return;
    }
    case 15: {
      tern::Timestamp argument{};
      if (call.decode(argument)) call.finish(Later(call, argument));
      return;
    }
    case 16: {
      tern::Duration argument{};
      if (call.decode(argument)) call.finish(Longer(call, argument));
      return;
    }
    case 17: {
      Color argument{};
      if (call.decode(argument)) call.finish(Paint(call, argument));
      return;
    }
    case 18: {
      std::vector<std::int64_t> argument;
      if (call.decode(argument)) call.finish(Sum(call, std::move(argument)));
      return;
    }
    case 19: {
      std::map<std::string, std::int32_t> argument;
      if (call.decode(argument)) call.finish(Invert(call, std::move(argument)));
      return;
    }
    case 20:
      return call.finish(Ping(call));
    case 21:
      return call.finish(Now(call));
    case 22: {
      std::string argument;
      if (call.decode(argument)) call.finish(Log(call, std::move(argument)));
      return;
    }
    case 23: {
      ::tests::common::Point argument;
      if (call.decode(argument)) call.finish(Move(call, std::move(argument)));
      return;
    }
    case 24: {
      std::string argument;
      if (call.decode(argument)) call.finish(Fail(call, std::move(argument)));
      return;
    }
    case 25: {
      Old argument;
      if (call.decode(argument)) call.finish(Former(call, std::move(argument)));
      return;
    }
    case 26: {
      std::string argument;
      if (call.decode(argument)) call.finish(delete_(call, std::move(argument)));
      return;
    }
    case 27: {
      std::int32_t argument{};
      if (call.decode(argument)) call.finish(list(call, argument));
      return;
    }
    case 28:
      return call.finish(error(call));
  }
}

namespace {

constexpr std::array<tern::Method, 1> kOtherMethods{{
    {.service = "tests.everything.Other",
     .name = "Echo",
     .id = 0xdac5cd3b,
     .argument = &tern::type_ops<std::string>,
     .result = &tern::type_ops<std::string>,
     .errors = {},
     .timeout = std::chrono::nanoseconds(0),
     .idempotent = false},
}};
static_assert(kOtherMethods[0].id == tern::method_id("tests.everything.Other", "Echo"));

}  // namespace

tern::Call<std::string> OtherStub::Echo(const std::string& value, tern::CallOptions options) {
  return tern::start_call<std::string>(*channel_, kOtherMethods[0], &value, options);
}

std::string_view OtherService::name() const noexcept {
  return "tests.everything.Other";
}

std::span<const tern::Method> OtherService::methods() const noexcept {
  return kOtherMethods;
}

void OtherService::dispatch(std::size_t method, tern::ServerCall& call) {
  switch (method) {
    case 0: {
      std::string argument;
      if (call.decode(argument)) call.finish(Echo(call, std::move(argument)));
      return;
    }
  }
}

}  // namespace tests::everything
