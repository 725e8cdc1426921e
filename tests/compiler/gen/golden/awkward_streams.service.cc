// Services of awkward_streams.rpc.
// Written by rpcgen 0.1.0: do not edit it, change awkward_streams.rpc instead.
#include "awkward_streams.service.h"

#include <array>
#include <chrono>
#include <cstdint>
#include <utility>

#include "tern/codegen/method.h"
#include "tern/codegen/methods_of.h"
#include "tern/codegen/type_ops.h"

template <>
struct tern::MethodsOf<awkward::flow::StreamsStub> {
  static std::int64_t position0(const void* message) {
    return static_cast<const ::awkward::flow::Writer*>(message)->position;
  }
  static void set_position0(void* request, std::int64_t position) {
    static_cast<::awkward::flow::Reader*>(request)->position = position;
  }
  static constexpr tern::ResumeOps kResume0{.of_message = &position0,
                                            .set_request = &set_position0};
  static std::int64_t position6(const void* message) {
    return static_cast<const ::awkward::flow::ResumeOps*>(message)->message;
  }
  static void set_position6(void* request, std::int64_t position) {
    static_cast<::awkward::flow::ResumeOps*>(request)->message = position;
  }
  static constexpr tern::ResumeOps kResume6{.of_message = &position6,
                                            .set_request = &set_position6};
  static std::int64_t position8(const void* message) {
    return static_cast<const ::awkward::flow::out*>(message)->request;
  }
  static void set_position8(void* request, std::int64_t position) {
    static_cast<::awkward::flow::in*>(request)->request = position;
  }
  static constexpr tern::ResumeOps kResume8{.of_message = &position8,
                                            .set_request = &set_position8};
  static constexpr std::array<tern::Method, 13> kTable{{
      {.service = "awkward.flow.Streams",
       .name = "Reader",
       .id = 0xf1f62545,
       .argument = &tern::type_ops<::awkward::flow::Reader>,
       .result = &tern::type_ops<::awkward::flow::Writer>,
       .errors = {},
       .timeout = std::chrono::nanoseconds(0),
       .idempotent = false,
       .kind = tern::MethodKind::kServerStream,
       .message_timeout = std::chrono::nanoseconds(0),
       .resume = &kResume0},
      {.service = "awkward.flow.Streams",
       .name = "Writer",
       .id = 0x8a205705,
       .argument = &tern::type_ops<::awkward::flow::Writer>,
       .result = &tern::type_ops<::awkward::flow::Reader>,
       .errors = {},
       .timeout = std::chrono::nanoseconds(0),
       .idempotent = false,
       .kind = tern::MethodKind::kClientStream,
       .message_timeout = std::chrono::nanoseconds(0),
       .resume = nullptr},
      {.service = "awkward.flow.Streams",
       .name = "ServerStream",
       .id = 0x3350bded,
       .argument = &tern::type_ops<::awkward::flow::ServerStream>,
       .result = &tern::type_ops<::awkward::flow::ServerStream>,
       .errors = {},
       .timeout = std::chrono::nanoseconds(0),
       .idempotent = false,
       .kind = tern::MethodKind::kServerStream,
       .message_timeout = std::chrono::nanoseconds(0),
       .resume = nullptr},
      {.service = "awkward.flow.Streams",
       .name = "ClientStream",
       .id = 0x679d87d1,
       .argument = &tern::type_ops<::awkward::flow::ClientStream>,
       .result = &tern::type_ops<::awkward::flow::ClientStream>,
       .errors = {},
       .timeout = std::chrono::nanoseconds(0),
       .idempotent = false,
       .kind = tern::MethodKind::kClientStream,
       .message_timeout = std::chrono::nanoseconds(0),
       .resume = nullptr},
      {.service = "awkward.flow.Streams",
       .name = "BidiStream",
       .id = 0xd53c4d5c,
       .argument = &tern::type_ops<::awkward::flow::BidiStream>,
       .result = &tern::type_ops<::awkward::flow::BidiStream>,
       .errors = {},
       .timeout = std::chrono::nanoseconds(0),
       .idempotent = false,
       .kind = tern::MethodKind::kBidiStream,
       .message_timeout = std::chrono::nanoseconds(0),
       .resume = nullptr},
      {.service = "awkward.flow.Streams",
       .name = "MethodKind",
       .id = 0x12ffbc7d,
       .argument = &tern::type_ops<::awkward::flow::MethodKind>,
       .result = &tern::type_ops<tern::Nothing>,
       .errors = {},
       .timeout = std::chrono::nanoseconds(0),
       .idempotent = false,
       .kind = tern::MethodKind::kClientStream,
       .message_timeout = std::chrono::nanoseconds(0),
       .resume = nullptr},
      {.service = "awkward.flow.Streams",
       .name = "ResumeOps",
       .id = 0xa3656d3b,
       .argument = &tern::type_ops<::awkward::flow::ResumeOps>,
       .result = &tern::type_ops<::awkward::flow::ResumeOps>,
       .errors = {},
       .timeout = std::chrono::nanoseconds(0),
       .idempotent = false,
       .kind = tern::MethodKind::kServerStream,
       .message_timeout = std::chrono::nanoseconds(0),
       .resume = &kResume6},
      {.service = "awkward.flow.Streams",
       .name = "in",
       .id = 0xc341b0f5,
       .argument = &tern::type_ops<::awkward::flow::in>,
       .result = &tern::type_ops<::awkward::flow::out>,
       .errors = {},
       .timeout = std::chrono::nanoseconds(0),
       .idempotent = false,
       .kind = tern::MethodKind::kBidiStream,
       .message_timeout = std::chrono::nanoseconds(0),
       .resume = nullptr},
      {.service = "awkward.flow.Streams",
       .name = "out",
       .id = 0xcc69bfde,
       .argument = &tern::type_ops<::awkward::flow::in>,
       .result = &tern::type_ops<::awkward::flow::out>,
       .errors = {},
       .timeout = std::chrono::nanoseconds(0),
       .idempotent = false,
       .kind = tern::MethodKind::kServerStream,
       .message_timeout = std::chrono::nanoseconds(0),
       .resume = &kResume8},
      {.service = "awkward.flow.Streams",
       .name = "reader",
       .id = 0x21375365,
       .argument = &tern::type_ops<::awkward::flow::writer>,
       .result = &tern::type_ops<::awkward::flow::reader>,
       .errors = {},
       .timeout = std::chrono::nanoseconds(0),
       .idempotent = false,
       .kind = tern::MethodKind::kBidiStream,
       .message_timeout = std::chrono::nanoseconds(0),
       .resume = nullptr},
      {.service = "awkward.flow.Streams",
       .name = "writer",
       .id = 0xd0356425,
       .argument = &tern::type_ops<::awkward::flow::writer>,
       .result = &tern::type_ops<::awkward::flow::reader>,
       .errors = {},
       .timeout = std::chrono::nanoseconds(0),
       .idempotent = false,
       .kind = tern::MethodKind::kServerStream,
       .message_timeout = std::chrono::nanoseconds(0),
       .resume = nullptr},
      {.service = "awkward.flow.Streams",
       .name = "open_server_stream",
       .id = 0x344abcb1,
       .argument = &tern::type_ops<tern::Nothing>,
       .result = &tern::type_ops<::awkward::flow::ServerCall>,
       .errors = {},
       .timeout = std::chrono::nanoseconds(0),
       .idempotent = false,
       .kind = tern::MethodKind::kServerStream,
       .message_timeout = std::chrono::nanoseconds(0),
       .resume = nullptr},
      {.service = "awkward.flow.Streams",
       .name = "call",
       .id = 0x1f14b3ce,
       .argument = &tern::type_ops<::awkward::flow::Reply>,
       .result = &tern::type_ops<::awkward::flow::Reply>,
       .errors = {},
       .timeout = std::chrono::nanoseconds(0),
       .idempotent = false,
       .kind = tern::MethodKind::kClientStream,
       .message_timeout = std::chrono::nanoseconds(0),
       .resume = nullptr},
  }};
  static_assert(kTable[0].id == tern::method_id("awkward.flow.Streams", "Reader"));
  static_assert(kTable[1].id == tern::method_id("awkward.flow.Streams", "Writer"));
  static_assert(kTable[2].id == tern::method_id("awkward.flow.Streams", "ServerStream"));
  static_assert(kTable[3].id == tern::method_id("awkward.flow.Streams", "ClientStream"));
  static_assert(kTable[4].id == tern::method_id("awkward.flow.Streams", "BidiStream"));
  static_assert(kTable[5].id == tern::method_id("awkward.flow.Streams", "MethodKind"));
  static_assert(kTable[6].id == tern::method_id("awkward.flow.Streams", "ResumeOps"));
  static_assert(kTable[7].id == tern::method_id("awkward.flow.Streams", "in"));
  static_assert(kTable[8].id == tern::method_id("awkward.flow.Streams", "out"));
  static_assert(kTable[9].id == tern::method_id("awkward.flow.Streams", "reader"));
  static_assert(kTable[10].id == tern::method_id("awkward.flow.Streams", "writer"));
  static_assert(kTable[11].id == tern::method_id("awkward.flow.Streams", "open_server_stream"));
  static_assert(kTable[12].id == tern::method_id("awkward.flow.Streams", "call"));
};

template <>
struct tern::MethodsOf<awkward::flow::LocalsStub> {
  static constexpr std::array<tern::Method, 2> kTable{{
      {.service = "awkward.flow.Locals",
       .name = "argument",
       .id = 0x87a40e8e,
       .argument = &tern::type_ops<std::int64_t>,
       .result = &tern::type_ops<std::string>,
       .errors = {},
       .timeout = std::chrono::nanoseconds(0),
       .idempotent = false,
       .kind = tern::MethodKind::kBidiStream,
       .message_timeout = std::chrono::nanoseconds(0),
       .resume = nullptr},
      {.service = "awkward.flow.Locals",
       .name = "finish",
       .id = 0x14215c2a,
       .argument = &tern::type_ops<::awkward::flow::Reply>,
       .result = &tern::type_ops<::awkward::flow::Reply>,
       .errors = {},
       .timeout = std::chrono::nanoseconds(0),
       .idempotent = false,
       .kind = tern::MethodKind::kClientStream,
       .message_timeout = std::chrono::nanoseconds(0),
       .resume = nullptr},
  }};
  static_assert(kTable[0].id == tern::method_id("awkward.flow.Locals", "argument"));
  static_assert(kTable[1].id == tern::method_id("awkward.flow.Locals", "finish"));
};

namespace awkward::flow {

tern::ServerStream<::awkward::flow::Writer> StreamsStub::Reader(
    const ::awkward::flow::Reader& request, tern::CallOptions options) {
  return tern::open_server_stream<::awkward::flow::Writer>(
      *channel_, tern::MethodsOf<StreamsStub>::kTable[0], &request, options);
}

tern::ClientStream<::awkward::flow::Writer, ::awkward::flow::Reader> StreamsStub::Writer(
    tern::CallOptions options) {
  return tern::open_client_stream<::awkward::flow::Writer, ::awkward::flow::Reader>(
      *channel_, tern::MethodsOf<StreamsStub>::kTable[1], options);
}

tern::ServerStream<::awkward::flow::ServerStream> StreamsStub::ServerStream(
    const ::awkward::flow::ServerStream& request, tern::CallOptions options) {
  return tern::open_server_stream<::awkward::flow::ServerStream>(
      *channel_, tern::MethodsOf<StreamsStub>::kTable[2], &request, options);
}

tern::ClientStream<::awkward::flow::ClientStream, ::awkward::flow::ClientStream>
StreamsStub::ClientStream(tern::CallOptions options) {
  return tern::open_client_stream<::awkward::flow::ClientStream, ::awkward::flow::ClientStream>(
      *channel_, tern::MethodsOf<StreamsStub>::kTable[3], options);
}

tern::BidiStream<::awkward::flow::BidiStream, ::awkward::flow::BidiStream> StreamsStub::BidiStream(
    tern::CallOptions options) {
  return tern::open_bidi_stream<::awkward::flow::BidiStream, ::awkward::flow::BidiStream>(
      *channel_, tern::MethodsOf<StreamsStub>::kTable[4], options);
}

tern::ClientStream<::awkward::flow::MethodKind, void> StreamsStub::MethodKind(
    tern::CallOptions options) {
  return tern::open_client_stream<::awkward::flow::MethodKind, void>(
      *channel_, tern::MethodsOf<StreamsStub>::kTable[5], options);
}

tern::ServerStream<::awkward::flow::ResumeOps> StreamsStub::ResumeOps(
    const ::awkward::flow::ResumeOps& request, tern::CallOptions options) {
  return tern::open_server_stream<::awkward::flow::ResumeOps>(
      *channel_, tern::MethodsOf<StreamsStub>::kTable[6], &request, options);
}

tern::BidiStream<::awkward::flow::in, ::awkward::flow::out> StreamsStub::in(
    tern::CallOptions options) {
  return tern::open_bidi_stream<::awkward::flow::in, ::awkward::flow::out>(
      *channel_, tern::MethodsOf<StreamsStub>::kTable[7], options);
}

tern::ServerStream<::awkward::flow::out> StreamsStub::out(const ::awkward::flow::in& request,
                                                          tern::CallOptions options) {
  return tern::open_server_stream<::awkward::flow::out>(
      *channel_, tern::MethodsOf<StreamsStub>::kTable[8], &request, options);
}

tern::BidiStream<::awkward::flow::writer, ::awkward::flow::reader> StreamsStub::reader(
    tern::CallOptions options) {
  return tern::open_bidi_stream<::awkward::flow::writer, ::awkward::flow::reader>(
      *channel_, tern::MethodsOf<StreamsStub>::kTable[9], options);
}

tern::ServerStream<::awkward::flow::reader> StreamsStub::writer(
    const ::awkward::flow::writer& request, tern::CallOptions options) {
  return tern::open_server_stream<::awkward::flow::reader>(
      *channel_, tern::MethodsOf<StreamsStub>::kTable[10], &request, options);
}

tern::ServerStream<ServerCall> StreamsStub::open_server_stream(tern::CallOptions options) {
  tern::Nothing nothing;
  return tern::open_server_stream<ServerCall>(*channel_, tern::MethodsOf<StreamsStub>::kTable[11],
                                              &nothing, options);
}

tern::ClientStream<Reply, Reply> StreamsStub::call(tern::CallOptions options) {
  return tern::open_client_stream<Reply, Reply>(*channel_, tern::MethodsOf<StreamsStub>::kTable[12],
                                                options);
}

std::string_view StreamsService::name() const noexcept {
  return "awkward.flow.Streams";
}

std::span<const tern::Method> StreamsService::methods() const noexcept {
  return tern::MethodsOf<StreamsStub>::kTable;
}

void StreamsService::dispatch(std::size_t method, tern::ServerCall& call) {
  switch (method) {
    case 0: {
      ::awkward::flow::Reader argument;
      if (call.decode(argument)) {
        call.finish(Reader(call, std::move(argument), call.writer<::awkward::flow::Writer>()));
      }
      return;
    }
    case 1:
      return call.finish(Writer(call, call.reader<::awkward::flow::Writer>()));
    case 2: {
      ::awkward::flow::ServerStream argument;
      if (call.decode(argument)) {
        call.finish(
            ServerStream(call, std::move(argument), call.writer<::awkward::flow::ServerStream>()));
      }
      return;
    }
    case 3:
      return call.finish(ClientStream(call, call.reader<::awkward::flow::ClientStream>()));
    case 4:
      return call.finish(BidiStream(call, call.reader<::awkward::flow::BidiStream>(),
                                    call.writer<::awkward::flow::BidiStream>()));
    case 5:
      return call.finish(MethodKind(call, call.reader<::awkward::flow::MethodKind>()));
    case 6: {
      ::awkward::flow::ResumeOps argument;
      if (call.decode(argument)) {
        call.finish(
            ResumeOps(call, std::move(argument), call.writer<::awkward::flow::ResumeOps>()));
      }
      return;
    }
    case 7:
      return call.finish(
          in(call, call.reader<::awkward::flow::in>(), call.writer<::awkward::flow::out>()));
    case 8: {
      ::awkward::flow::in argument;
      if (call.decode(argument)) {
        call.finish(out(call, std::move(argument), call.writer<::awkward::flow::out>()));
      }
      return;
    }
    case 9:
      return call.finish(reader(call, call.reader<::awkward::flow::writer>(),
                                call.writer<::awkward::flow::reader>()));
    case 10: {
      ::awkward::flow::writer argument;
      if (call.decode(argument)) {
        call.finish(writer(call, std::move(argument), call.writer<::awkward::flow::reader>()));
      }
      return;
    }
    case 11:
      return call.finish(open_server_stream(call, call.writer<ServerCall>()));
    case 12:
      return call.finish(this->call(call, call.reader<Reply>()));
  }
}

tern::BidiStream<std::int64_t, std::string> LocalsStub::argument(tern::CallOptions options) {
  return tern::open_bidi_stream<std::int64_t, std::string>(
      *channel_, tern::MethodsOf<LocalsStub>::kTable[0], options);
}

tern::ClientStream<Reply, Reply> LocalsStub::finish(tern::CallOptions options) {
  return tern::open_client_stream<Reply, Reply>(*channel_, tern::MethodsOf<LocalsStub>::kTable[1],
                                                options);
}

std::string_view LocalsService::name() const noexcept {
  return "awkward.flow.Locals";
}

std::span<const tern::Method> LocalsService::methods() const noexcept {
  return tern::MethodsOf<LocalsStub>::kTable;
}

void LocalsService::dispatch(std::size_t method, tern::ServerCall& call) {
  switch (method) {
    case 0:
      return call.finish(
          this->argument(call, call.reader<std::int64_t>(), call.writer<std::string>()));
    case 1:
      return call.finish(finish(call, call.reader<Reply>()));
  }
}

}  // namespace awkward::flow
