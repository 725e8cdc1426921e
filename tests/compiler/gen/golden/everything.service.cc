// Services of everything.rpc.
// Written by rpcgen 0.1.0: do not edit it, change everything.rpc instead.
#include "everything.service.h"

#include <array>
#include <chrono>
#include <utility>

#include "tern/codegen/method.h"
#include "tern/codegen/methods_of.h"
#include "tern/codegen/type_ops.h"

// Users of what is deprecated here are warned; this file is not.
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"

template <>
struct tern::MethodsOf<tests::everything::EverythingStub> {
  static constexpr std::array<tern::TypeOpsOf, 3> kErrors24{
      &tern::type_ops<::tests::everything::Broken>, &tern::type_ops<::tests::everything::Silent>,
      &tern::type_ops<::tests::common::NotFound>};
  static constexpr std::array<tern::TypeOpsOf, 1> kErrors25{
      &tern::type_ops<::tests::everything::Retired>};
  static constexpr std::array<tern::TypeOpsOf, 1> kErrors28{
      &tern::type_ops<::tests::everything::Silent>};
  static constexpr std::array<tern::Method, 29> kTable{{
      {.service = "tests.everything.Everything",
       .name = "Echo",
       .id = 0x64001a28,
       .argument = &tern::type_ops<::tests::everything::Scalars>,
       .result = &tern::type_ops<::tests::everything::Scalars>,
       .errors = {},
       .timeout = std::chrono::nanoseconds(0),
       .idempotent = true},
      {.service = "tests.everything.Everything",
       .name = "EchoOptionals",
       .id = 0x1fc95055,
       .argument = &tern::type_ops<::tests::everything::Optionals>,
       .result = &tern::type_ops<::tests::everything::Optionals>,
       .errors = {},
       .timeout = std::chrono::nanoseconds(0),
       .idempotent = false},
      {.service = "tests.everything.Everything",
       .name = "EchoLists",
       .id = 0x53adb0d9,
       .argument = &tern::type_ops<::tests::everything::Lists>,
       .result = &tern::type_ops<::tests::everything::Lists>,
       .errors = {},
       .timeout = std::chrono::nanoseconds(0),
       .idempotent = false},
      {.service = "tests.everything.Everything",
       .name = "EchoMaps",
       .id = 0xdd99a0f7,
       .argument = &tern::type_ops<::tests::everything::Maps>,
       .result = &tern::type_ops<::tests::everything::Maps>,
       .errors = {},
       .timeout = std::chrono::nanoseconds(0),
       .idempotent = false},
      {.service = "tests.everything.Everything",
       .name = "EchoShape",
       .id = 0x1250affd,
       .argument = &tern::type_ops<::tests::everything::Shape>,
       .result = &tern::type_ops<::tests::everything::Shape>,
       .errors = {},
       .timeout = std::chrono::nanoseconds(0),
       .idempotent = false},
      {.service = "tests.everything.Everything",
       .name = "EchoTree",
       .id = 0x7d69f3b0,
       .argument = &tern::type_ops<::tests::everything::Tree>,
       .result = &tern::type_ops<::tests::everything::Tree>,
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
       .argument = &tern::type_ops<::tests::everything::Color>,
       .result = &tern::type_ops<::tests::everything::Color>,
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
       .result = &tern::type_ops<::tests::everything::Scalars>,
       .errors = kErrors24,
       .timeout = std::chrono::milliseconds(500),
       .idempotent = true},
      {.service = "tests.everything.Everything",
       .name = "Former",
       .id = 0xea4caab0,
       .argument = &tern::type_ops<::tests::everything::Old>,
       .result = &tern::type_ops<tern::Nothing>,
       .errors = kErrors25,
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
       .errors = kErrors28,
       .timeout = std::chrono::hours(2),
       .idempotent = false},
  }};
  static_assert(kTable[0].id == tern::method_id("tests.everything.Everything", "Echo"));
  static_assert(kTable[1].id == tern::method_id("tests.everything.Everything", "EchoOptionals"));
  static_assert(kTable[2].id == tern::method_id("tests.everything.Everything", "EchoLists"));
  static_assert(kTable[3].id == tern::method_id("tests.everything.Everything", "EchoMaps"));
  static_assert(kTable[4].id == tern::method_id("tests.everything.Everything", "EchoShape"));
  static_assert(kTable[5].id == tern::method_id("tests.everything.Everything", "EchoTree"));
  static_assert(kTable[6].id == tern::method_id("tests.everything.Everything", "Bool"));
  static_assert(kTable[7].id == tern::method_id("tests.everything.Everything", "Int32"));
  static_assert(kTable[8].id == tern::method_id("tests.everything.Everything", "Int64"));
  static_assert(kTable[9].id == tern::method_id("tests.everything.Everything", "Uint32"));
  static_assert(kTable[10].id == tern::method_id("tests.everything.Everything", "Uint64"));
  static_assert(kTable[11].id == tern::method_id("tests.everything.Everything", "Float"));
  static_assert(kTable[12].id == tern::method_id("tests.everything.Everything", "Double"));
  static_assert(kTable[13].id == tern::method_id("tests.everything.Everything", "Text"));
  static_assert(kTable[14].id == tern::method_id("tests.everything.Everything", "Blob"));
  static_assert(kTable[15].id == tern::method_id("tests.everything.Everything", "Later"));
  static_assert(kTable[16].id == tern::method_id("tests.everything.Everything", "Longer"));
  static_assert(kTable[17].id == tern::method_id("tests.everything.Everything", "Paint"));
  static_assert(kTable[18].id == tern::method_id("tests.everything.Everything", "Sum"));
  static_assert(kTable[19].id == tern::method_id("tests.everything.Everything", "Invert"));
  static_assert(kTable[20].id == tern::method_id("tests.everything.Everything", "Ping"));
  static_assert(kTable[21].id == tern::method_id("tests.everything.Everything", "Now"));
  static_assert(kTable[22].id == tern::method_id("tests.everything.Everything", "Log"));
  static_assert(kTable[23].id == tern::method_id("tests.everything.Everything", "Move"));
  static_assert(kTable[24].id == tern::method_id("tests.everything.Everything", "Fail"));
  static_assert(kTable[25].id == tern::method_id("tests.everything.Everything", "Former"));
  static_assert(kTable[26].id == tern::method_id("tests.everything.Everything", "delete"));
  static_assert(kTable[27].id == tern::method_id("tests.everything.Everything", "list"));
  static_assert(kTable[28].id == tern::method_id("tests.everything.Everything", "error"));
};

template <>
struct tern::MethodsOf<tests::everything::OtherStub> {
  static constexpr std::array<tern::Method, 1> kTable{{
      {.service = "tests.everything.Other",
       .name = "Echo",
       .id = 0xdac5cd3b,
       .argument = &tern::type_ops<std::string>,
       .result = &tern::type_ops<std::string>,
       .errors = {},
       .timeout = std::chrono::nanoseconds(0),
       .idempotent = false},
  }};
  static_assert(kTable[0].id == tern::method_id("tests.everything.Other", "Echo"));
};

namespace tests::everything {

tern::Call<Scalars> EverythingStub::Echo(const Scalars& request, tern::CallOptions options) {
  return tern::start_call<Scalars>(*channel_, tern::MethodsOf<EverythingStub>::kTable[0], &request,
                                   options);
}

tern::Call<Optionals> EverythingStub::EchoOptionals(const Optionals& request,
                                                    tern::CallOptions options) {
  return tern::start_call<Optionals>(*channel_, tern::MethodsOf<EverythingStub>::kTable[1],
                                     &request, options);
}

tern::Call<Lists> EverythingStub::EchoLists(const Lists& request, tern::CallOptions options) {
  return tern::start_call<Lists>(*channel_, tern::MethodsOf<EverythingStub>::kTable[2], &request,
                                 options);
}

tern::Call<Maps> EverythingStub::EchoMaps(const Maps& request, tern::CallOptions options) {
  return tern::start_call<Maps>(*channel_, tern::MethodsOf<EverythingStub>::kTable[3], &request,
                                options);
}

tern::Call<Shape> EverythingStub::EchoShape(const Shape& request, tern::CallOptions options) {
  return tern::start_call<Shape>(*channel_, tern::MethodsOf<EverythingStub>::kTable[4], &request,
                                 options);
}

tern::Call<Tree> EverythingStub::EchoTree(const Tree& request, tern::CallOptions options) {
  return tern::start_call<Tree>(*channel_, tern::MethodsOf<EverythingStub>::kTable[5], &request,
                                options);
}

tern::Call<bool> EverythingStub::Bool(bool value, tern::CallOptions options) {
  return tern::start_call<bool>(*channel_, tern::MethodsOf<EverythingStub>::kTable[6], &value,
                                options);
}

tern::Call<std::int32_t> EverythingStub::Int32(std::int32_t value, tern::CallOptions options) {
  return tern::start_call<std::int32_t>(*channel_, tern::MethodsOf<EverythingStub>::kTable[7],
                                        &value, options);
}

tern::Call<std::int64_t> EverythingStub::Int64(std::int64_t value, tern::CallOptions options) {
  return tern::start_call<std::int64_t>(*channel_, tern::MethodsOf<EverythingStub>::kTable[8],
                                        &value, options);
}

tern::Call<std::uint32_t> EverythingStub::Uint32(std::uint32_t value, tern::CallOptions options) {
  return tern::start_call<std::uint32_t>(*channel_, tern::MethodsOf<EverythingStub>::kTable[9],
                                         &value, options);
}

tern::Call<std::uint64_t> EverythingStub::Uint64(std::uint64_t value, tern::CallOptions options) {
  return tern::start_call<std::uint64_t>(*channel_, tern::MethodsOf<EverythingStub>::kTable[10],
                                         &value, options);
}

tern::Call<float> EverythingStub::Float(float value, tern::CallOptions options) {
  return tern::start_call<float>(*channel_, tern::MethodsOf<EverythingStub>::kTable[11], &value,
                                 options);
}

tern::Call<double> EverythingStub::Double(double value, tern::CallOptions options) {
  return tern::start_call<double>(*channel_, tern::MethodsOf<EverythingStub>::kTable[12], &value,
                                  options);
}

tern::Call<std::string> EverythingStub::Text(const std::string& value, tern::CallOptions options) {
  return tern::start_call<std::string>(*channel_, tern::MethodsOf<EverythingStub>::kTable[13],
                                       &value, options);
}

tern::Call<std::vector<std::byte>> EverythingStub::Blob(const std::vector<std::byte>& value,
                                                        tern::CallOptions options) {
  return tern::start_call<std::vector<std::byte>>(
      *channel_, tern::MethodsOf<EverythingStub>::kTable[14], &value, options);
}

tern::Call<tern::Timestamp> EverythingStub::Later(tern::Timestamp value,
                                                  tern::CallOptions options) {
  return tern::start_call<tern::Timestamp>(*channel_, tern::MethodsOf<EverythingStub>::kTable[15],
                                           &value, options);
}

tern::Call<tern::Duration> EverythingStub::Longer(tern::Duration value, tern::CallOptions options) {
  return tern::start_call<tern::Duration>(*channel_, tern::MethodsOf<EverythingStub>::kTable[16],
                                          &value, options);
}

tern::Call<Color> EverythingStub::Paint(Color value, tern::CallOptions options) {
  return tern::start_call<Color>(*channel_, tern::MethodsOf<EverythingStub>::kTable[17], &value,
                                 options);
}

tern::Call<std::int64_t> EverythingStub::Sum(const std::vector<std::int64_t>& values,
                                             tern::CallOptions options) {
  return tern::start_call<std::int64_t>(*channel_, tern::MethodsOf<EverythingStub>::kTable[18],
                                        &values, options);
}

tern::Call<std::map<std::int32_t, std::vector<std::string>>> EverythingStub::Invert(
    const std::map<std::string, std::int32_t>& values, tern::CallOptions options) {
  return tern::start_call<std::map<std::int32_t, std::vector<std::string>>>(
      *channel_, tern::MethodsOf<EverythingStub>::kTable[19], &values, options);
}

tern::Call<void> EverythingStub::Ping(tern::CallOptions options) {
  tern::Nothing nothing;
  return tern::start_call<void>(*channel_, tern::MethodsOf<EverythingStub>::kTable[20], &nothing,
                                options);
}

tern::Call<tern::Timestamp> EverythingStub::Now(tern::CallOptions options) {
  tern::Nothing nothing;
  return tern::start_call<tern::Timestamp>(*channel_, tern::MethodsOf<EverythingStub>::kTable[21],
                                           &nothing, options);
}

tern::Call<void> EverythingStub::Log(const std::string& value, tern::CallOptions options) {
  return tern::start_call<void>(*channel_, tern::MethodsOf<EverythingStub>::kTable[22], &value,
                                options);
}

tern::Call<::tests::common::Point> EverythingStub::Move(const ::tests::common::Point& request,
                                                        tern::CallOptions options) {
  return tern::start_call<::tests::common::Point>(
      *channel_, tern::MethodsOf<EverythingStub>::kTable[23], &request, options);
}

tern::Call<Scalars> EverythingStub::Fail(const std::string& value, tern::CallOptions options) {
  return tern::start_call<Scalars>(*channel_, tern::MethodsOf<EverythingStub>::kTable[24], &value,
                                   options);
}

tern::Call<void> EverythingStub::Former(const Old& request, tern::CallOptions options) {
  return tern::start_call<void>(*channel_, tern::MethodsOf<EverythingStub>::kTable[25], &request,
                                options);
}

tern::Call<void> EverythingStub::delete_(const std::string& value, tern::CallOptions options) {
  return tern::start_call<void>(*channel_, tern::MethodsOf<EverythingStub>::kTable[26], &value,
                                options);
}

tern::Call<std::vector<std::string>> EverythingStub::list(std::int32_t value,
                                                          tern::CallOptions options) {
  return tern::start_call<std::vector<std::string>>(
      *channel_, tern::MethodsOf<EverythingStub>::kTable[27], &value, options);
}

tern::Call<std::string> EverythingStub::error(tern::CallOptions options) {
  tern::Nothing nothing;
  return tern::start_call<std::string>(*channel_, tern::MethodsOf<EverythingStub>::kTable[28],
                                       &nothing, options);
}

std::string_view EverythingService::name() const noexcept {
  return "tests.everything.Everything";
}

std::span<const tern::Method> EverythingService::methods() const noexcept {
  return tern::MethodsOf<EverythingStub>::kTable;
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

tern::Call<std::string> OtherStub::Echo(const std::string& value, tern::CallOptions options) {
  return tern::start_call<std::string>(*channel_, tern::MethodsOf<OtherStub>::kTable[0], &value,
                                       options);
}

std::string_view OtherService::name() const noexcept {
  return "tests.everything.Other";
}

std::span<const tern::Method> OtherService::methods() const noexcept {
  return tern::MethodsOf<OtherStub>::kTable;
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
