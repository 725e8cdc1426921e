// Services of streams.rpc.
// Written by rpcgen 0.1.0: do not edit it, change streams.rpc instead.
#include "streams.service.h"

#include <array>
#include <chrono>
#include <cstdint>
#include <utility>

#include "tern/codegen/method.h"
#include "tern/codegen/methods_of.h"
#include "tern/codegen/type_ops.h"

// Users of what is deprecated here are warned; this file is not.
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"

template <>
struct tern::MethodsOf<tests::streams::StoreStub> {
  static constexpr std::array<tern::TypeOpsOf, 1> kErrors0{&tern::type_ops<::tests::streams::Gone>};
  static std::int64_t position0(const void* message) {
    return static_cast<const ::tests::streams::Change*>(message)->revision;
  }
  static void set_position0(void* request, std::int64_t position) {
    static_cast<::tests::streams::WatchRequest*>(request)->revision = position;
  }
  static constexpr tern::ResumeOps kResume0{.of_message = &position0,
                                            .set_request = &set_position0};
  static constexpr std::array<tern::TypeOpsOf, 2> kErrors1{&tern::type_ops<::tests::streams::Full>,
                                                           &tern::type_ops<::tests::streams::Gone>};
  static constexpr std::array<tern::TypeOpsOf, 1> kErrors3{&tern::type_ops<::tests::streams::Gone>};
  static std::int64_t position6(const void* message) {
    return static_cast<const ::tests::streams::Entry*>(message)->class_;
  }
  static void set_position6(void* request, std::int64_t position) {
    static_cast<::tests::streams::Entry*>(request)->class_ = position;
  }
  static constexpr tern::ResumeOps kResume6{.of_message = &position6,
                                            .set_request = &set_position6};
  static constexpr std::array<tern::Method, 8> kTable{{
      {.service = "tests.streams.Store",
       .name = "Watch",
       .id = 0xcadb75ee,
       .argument = &tern::type_ops<::tests::streams::WatchRequest>,
       .result = &tern::type_ops<::tests::streams::Change>,
       .errors = kErrors0,
       .timeout = std::chrono::hours(12),
       .idempotent = true,
       .kind = tern::MethodKind::kServerStream,
       .message_timeout = std::chrono::seconds(30),
       .resume = &kResume0},
      {.service = "tests.streams.Store",
       .name = "Upload",
       .id = 0x5c1e121a,
       .argument = &tern::type_ops<::tests::streams::Change>,
       .result = &tern::type_ops<::tests::streams::Summary>,
       .errors = kErrors1,
       .timeout = std::chrono::minutes(1),
       .idempotent = false,
       .kind = tern::MethodKind::kClientStream,
       .message_timeout = std::chrono::nanoseconds(0),
       .resume = nullptr},
      {.service = "tests.streams.Store",
       .name = "Chat",
       .id = 0x429ef3c9,
       .argument = &tern::type_ops<::tests::streams::Change>,
       .result = &tern::type_ops<::tests::streams::Summary>,
       .errors = {},
       .timeout = std::chrono::nanoseconds(0),
       .idempotent = false,
       .kind = tern::MethodKind::kBidiStream,
       .message_timeout = std::chrono::milliseconds(500),
       .resume = nullptr},
      {.service = "tests.streams.Store",
       .name = "Get",
       .id = 0xf6c21781,
       .argument = &tern::type_ops<std::string>,
       .result = &tern::type_ops<::tests::streams::Change>,
       .errors = kErrors3,
       .timeout = std::chrono::nanoseconds(0),
       .idempotent = false},
      {.service = "tests.streams.Store",
       .name = "All",
       .id = 0x6a3b8af2,
       .argument = &tern::type_ops<tern::Nothing>,
       .result = &tern::type_ops<::tests::streams::Change>,
       .errors = {},
       .timeout = std::chrono::nanoseconds(0),
       .idempotent = false,
       .kind = tern::MethodKind::kServerStream,
       .message_timeout = std::chrono::nanoseconds(0),
       .resume = nullptr},
      {.service = "tests.streams.Store",
       .name = "Drop",
       .id = 0xa160134e,
       .argument = &tern::type_ops<std::string>,
       .result = &tern::type_ops<tern::Nothing>,
       .errors = {},
       .timeout = std::chrono::nanoseconds(0),
       .idempotent = false,
       .kind = tern::MethodKind::kClientStream,
       .message_timeout = std::chrono::nanoseconds(0),
       .resume = nullptr},
      {.service = "tests.streams.Store",
       .name = "Log",
       .id = 0x925e8fd7,
       .argument = &tern::type_ops<::tests::streams::Entry>,
       .result = &tern::type_ops<::tests::streams::Entry>,
       .errors = {},
       .timeout = std::chrono::nanoseconds(0),
       .idempotent = false,
       .kind = tern::MethodKind::kServerStream,
       .message_timeout = std::chrono::nanoseconds(0),
       .resume = &kResume6},
      {.service = "tests.streams.Store",
       .name = "Both",
       .id = 0xddc13adc,
       .argument = &tern::type_ops<::tests::common::Point>,
       .result = &tern::type_ops<::tests::common::Point>,
       .errors = {},
       .timeout = std::chrono::nanoseconds(0),
       .idempotent = false,
       .kind = tern::MethodKind::kBidiStream,
       .message_timeout = std::chrono::nanoseconds(0),
       .resume = nullptr},
  }};
  static_assert(kTable[0].id == tern::method_id("tests.streams.Store", "Watch"));
  static_assert(kTable[1].id == tern::method_id("tests.streams.Store", "Upload"));
  static_assert(kTable[2].id == tern::method_id("tests.streams.Store", "Chat"));
  static_assert(kTable[3].id == tern::method_id("tests.streams.Store", "Get"));
  static_assert(kTable[4].id == tern::method_id("tests.streams.Store", "All"));
  static_assert(kTable[5].id == tern::method_id("tests.streams.Store", "Drop"));
  static_assert(kTable[6].id == tern::method_id("tests.streams.Store", "Log"));
  static_assert(kTable[7].id == tern::method_id("tests.streams.Store", "Both"));
};

template <>
struct tern::MethodsOf<tests::streams::ScalarsStub> {
  static constexpr std::array<tern::Method, 7> kTable{{
      {.service = "tests.streams.Scalars",
       .name = "Count",
       .id = 0xefdf3242,
       .argument = &tern::type_ops<std::int64_t>,
       .result = &tern::type_ops<std::int64_t>,
       .errors = {},
       .timeout = std::chrono::nanoseconds(0),
       .idempotent = false,
       .kind = tern::MethodKind::kServerStream,
       .message_timeout = std::chrono::nanoseconds(0),
       .resume = nullptr},
      {.service = "tests.streams.Scalars",
       .name = "Sum",
       .id = 0x328bcaf6,
       .argument = &tern::type_ops<double>,
       .result = &tern::type_ops<double>,
       .errors = {},
       .timeout = std::chrono::nanoseconds(0),
       .idempotent = false,
       .kind = tern::MethodKind::kClientStream,
       .message_timeout = std::chrono::nanoseconds(0),
       .resume = nullptr},
      {.service = "tests.streams.Scalars",
       .name = "Colors",
       .id = 0x7a289fa3,
       .argument = &tern::type_ops<::tests::streams::Color>,
       .result = &tern::type_ops<::tests::streams::Color>,
       .errors = {},
       .timeout = std::chrono::nanoseconds(0),
       .idempotent = false,
       .kind = tern::MethodKind::kBidiStream,
       .message_timeout = std::chrono::nanoseconds(0),
       .resume = nullptr},
      {.service = "tests.streams.Scalars",
       .name = "Texts",
       .id = 0x3ce3d355,
       .argument = &tern::type_ops<std::vector<std::string>>,
       .result = &tern::type_ops<std::vector<std::string>>,
       .errors = {},
       .timeout = std::chrono::nanoseconds(0),
       .idempotent = false,
       .kind = tern::MethodKind::kServerStream,
       .message_timeout = std::chrono::nanoseconds(0),
       .resume = nullptr},
      {.service = "tests.streams.Scalars",
       .name = "Tables",
       .id = 0xa88a8b82,
       .argument = &tern::type_ops<std::map<std::string, std::int32_t>>,
       .result = &tern::type_ops<std::map<std::string, std::vector<::tests::common::Severity>>>,
       .errors = {},
       .timeout = std::chrono::nanoseconds(0),
       .idempotent = false,
       .kind = tern::MethodKind::kServerStream,
       .message_timeout = std::chrono::nanoseconds(0),
       .resume = nullptr},
      {.service = "tests.streams.Scalars",
       .name = "Blobs",
       .id = 0xc749b0ed,
       .argument = &tern::type_ops<std::vector<std::byte>>,
       .result = &tern::type_ops<tern::Timestamp>,
       .errors = {},
       .timeout = std::chrono::nanoseconds(0),
       .idempotent = false,
       .kind = tern::MethodKind::kClientStream,
       .message_timeout = std::chrono::nanoseconds(0),
       .resume = nullptr},
      {.service = "tests.streams.Scalars",
       .name = "Times",
       .id = 0xbfdfe0ab,
       .argument = &tern::type_ops<tern::Timestamp>,
       .result = &tern::type_ops<tern::Duration>,
       .errors = {},
       .timeout = std::chrono::nanoseconds(0),
       .idempotent = false,
       .kind = tern::MethodKind::kBidiStream,
       .message_timeout = std::chrono::nanoseconds(0),
       .resume = nullptr},
  }};
  static_assert(kTable[0].id == tern::method_id("tests.streams.Scalars", "Count"));
  static_assert(kTable[1].id == tern::method_id("tests.streams.Scalars", "Sum"));
  static_assert(kTable[2].id == tern::method_id("tests.streams.Scalars", "Colors"));
  static_assert(kTable[3].id == tern::method_id("tests.streams.Scalars", "Texts"));
  static_assert(kTable[4].id == tern::method_id("tests.streams.Scalars", "Tables"));
  static_assert(kTable[5].id == tern::method_id("tests.streams.Scalars", "Blobs"));
  static_assert(kTable[6].id == tern::method_id("tests.streams.Scalars", "Times"));
};

namespace tests::streams {

tern::ServerStream<Change> StoreStub::Watch(const WatchRequest& request,
                                            tern::CallOptions options) {
  return tern::open_server_stream<Change>(*channel_, tern::MethodsOf<StoreStub>::kTable[0],
                                          &request, options);
}

tern::ClientStream<Change, Summary> StoreStub::Upload(tern::CallOptions options) {
  return tern::open_client_stream<Change, Summary>(*channel_, tern::MethodsOf<StoreStub>::kTable[1],
                                                   options);
}

tern::BidiStream<Change, Summary> StoreStub::Chat(tern::CallOptions options) {
  return tern::open_bidi_stream<Change, Summary>(*channel_, tern::MethodsOf<StoreStub>::kTable[2],
                                                 options);
}

tern::Call<Change> StoreStub::Get(const std::string& value, tern::CallOptions options) {
  return tern::start_call<Change>(*channel_, tern::MethodsOf<StoreStub>::kTable[3], &value,
                                  options);
}

tern::ServerStream<Change> StoreStub::All(tern::CallOptions options) {
  tern::Nothing nothing;
  return tern::open_server_stream<Change>(*channel_, tern::MethodsOf<StoreStub>::kTable[4],
                                          &nothing, options);
}

tern::ClientStream<std::string, void> StoreStub::Drop(tern::CallOptions options) {
  return tern::open_client_stream<std::string, void>(
      *channel_, tern::MethodsOf<StoreStub>::kTable[5], options);
}

tern::ServerStream<Entry> StoreStub::Log(const Entry& request, tern::CallOptions options) {
  return tern::open_server_stream<Entry>(*channel_, tern::MethodsOf<StoreStub>::kTable[6], &request,
                                         options);
}

tern::BidiStream<::tests::common::Point, ::tests::common::Point> StoreStub::Both(
    tern::CallOptions options) {
  return tern::open_bidi_stream<::tests::common::Point, ::tests::common::Point>(
      *channel_, tern::MethodsOf<StoreStub>::kTable[7], options);
}

std::string_view StoreService::name() const noexcept {
  return "tests.streams.Store";
}

std::span<const tern::Method> StoreService::methods() const noexcept {
  return tern::MethodsOf<StoreStub>::kTable;
}

void StoreService::dispatch(std::size_t method, tern::ServerCall& call) {
  switch (method) {
    case 0: {
      WatchRequest argument;
      if (call.decode(argument)) {
        call.finish(Watch(call, std::move(argument), call.writer<Change>()));
      }
      return;
    }
    case 1:
      return call.finish(Upload(call, call.reader<Change>()));
    case 2:
      return call.finish(Chat(call, call.reader<Change>(), call.writer<Summary>()));
    case 3: {
      std::string argument;
      if (call.decode(argument)) call.finish(Get(call, std::move(argument)));
      return;
    }
    case 4:
      return call.finish(All(call, call.writer<Change>()));
    case 5:
      return call.finish(Drop(call, call.reader<std::string>()));
    case 6: {
      Entry argument;
      if (call.decode(argument)) call.finish(Log(call, std::move(argument), call.writer<Entry>()));
      return;
    }
    case 7:
      return call.finish(
          Both(call, call.reader<::tests::common::Point>(), call.writer<::tests::common::Point>()));
  }
}

tern::ServerStream<std::int64_t> ScalarsStub::Count(std::int64_t value, tern::CallOptions options) {
  return tern::open_server_stream<std::int64_t>(*channel_, tern::MethodsOf<ScalarsStub>::kTable[0],
                                                &value, options);
}

tern::ClientStream<double, double> ScalarsStub::Sum(tern::CallOptions options) {
  return tern::open_client_stream<double, double>(*channel_,
                                                  tern::MethodsOf<ScalarsStub>::kTable[1], options);
}

tern::BidiStream<Color, Color> ScalarsStub::Colors(tern::CallOptions options) {
  return tern::open_bidi_stream<Color, Color>(*channel_, tern::MethodsOf<ScalarsStub>::kTable[2],
                                              options);
}

tern::ServerStream<std::vector<std::string>> ScalarsStub::Texts(
    const std::vector<std::string>& values, tern::CallOptions options) {
  return tern::open_server_stream<std::vector<std::string>>(
      *channel_, tern::MethodsOf<ScalarsStub>::kTable[3], &values, options);
}

tern::ServerStream<std::map<std::string, std::vector<::tests::common::Severity>>>
ScalarsStub::Tables(const std::map<std::string, std::int32_t>& values, tern::CallOptions options) {
  return tern::open_server_stream<std::map<std::string, std::vector<::tests::common::Severity>>>(
      *channel_, tern::MethodsOf<ScalarsStub>::kTable[4], &values, options);
}

tern::ClientStream<std::vector<std::byte>, tern::Timestamp> ScalarsStub::Blobs(
    tern::CallOptions options) {
  return tern::open_client_stream<std::vector<std::byte>, tern::Timestamp>(
      *channel_, tern::MethodsOf<ScalarsStub>::kTable[5], options);
}

tern::BidiStream<tern::Timestamp, tern::Duration> ScalarsStub::Times(tern::CallOptions options) {
  return tern::open_bidi_stream<tern::Timestamp, tern::Duration>(
      *channel_, tern::MethodsOf<ScalarsStub>::kTable[6], options);
}

std::string_view ScalarsService::name() const noexcept {
  return "tests.streams.Scalars";
}

std::span<const tern::Method> ScalarsService::methods() const noexcept {
  return tern::MethodsOf<ScalarsStub>::kTable;
}

void ScalarsService::dispatch(std::size_t method, tern::ServerCall& call) {
  switch (method) {
    case 0: {
      std::int64_t argument{};
      if (call.decode(argument)) call.finish(Count(call, argument, call.writer<std::int64_t>()));
      return;
    }
    case 1:
      return call.finish(Sum(call, call.reader<double>()));
    case 2:
      return call.finish(Colors(call, call.reader<Color>(), call.writer<Color>()));
    case 3: {
      std::vector<std::string> argument;
      if (call.decode(argument)) {
        call.finish(Texts(call, std::move(argument), call.writer<std::vector<std::string>>()));
      }
      return;
    }
    case 4: {
      std::map<std::string, std::int32_t> argument;
      if (call.decode(argument)) {
        call.finish(
            Tables(call, std::move(argument),
                   call.writer<std::map<std::string, std::vector<::tests::common::Severity>>>()));
      }
      return;
    }
    case 5:
      return call.finish(Blobs(call, call.reader<std::vector<std::byte>>()));
    case 6:
      return call.finish(
          Times(call, call.reader<tern::Timestamp>(), call.writer<tern::Duration>()));
  }
}

}  // namespace tests::streams
