#include "wire/over_http2/make_call.h"

#include <utility>

#include "wire/grpc/server_call.h"
#include "wire/over_http2/http_call.h"

namespace tern::wire::over_http2 {

std::unique_ptr<ServerCall> make_call(const CallSetup& setup, StreamId stream,
                                      const http2::Fields& fields) {
  const over_http::Rules& rules = setup.rules;
  if (rules.protocols.grpc && grpc::ServerCall::asks_for(fields)) {
    grpc::Request request;
    grpc::HeadFault fault = request.begin(fields);
    if (fault.http_status == 0) {
      if (!fault.refused.ok()) request.refuse(fault.refused);
      const Method* method =
          rules.methods ? rules.methods->find_method(request.method_name()) : nullptr;
      return std::make_unique<grpc::ServerCall>(setup, stream, std::move(request),
                                                method ? method->kind : MethodKind::kUnary,
                                                setup.compression);
    }
  }
  return std::make_unique<HttpCall>(setup, stream, fields);
}

}  // namespace tern::wire::over_http2
