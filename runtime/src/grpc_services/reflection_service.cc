#include "grpc_services/reflection_service.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <asio/experimental/awaitable_operators.hpp>
#include <cstddef>
#include <deque>
#include <utility>
#include <vector>

#include "base/peer_text.h"
#include "grpc_services/served_as.h"
#include "serve/server_core.h"
#include "tern/grpc_services.h"

namespace tern::grpc_services {

namespace {

using tern_grpc::ErrorResponse;
using tern_grpc::ExtensionRequest;
using tern_grpc::FileDescriptorResponse;
using tern_grpc::ServerReflectionRequest;
using tern_grpc::ServerReflectionResponse;

// Of all texts in a request, which travel back with the answer. Names are shorter.
constexpr std::size_t kMostText = 4096;

std::size_t text_bytes(const ServerReflectionRequest& request) {
  struct {
    std::size_t operator()(std::monostate) const { return 0; }
    std::size_t operator()(const std::string& text) const { return text.size(); }
    std::size_t operator()(const ExtensionRequest& asked) const {
      return asked.containing_type.size();
    }
  } size;
  return request.host.size() + std::visit(size, request.message_request);
}

void refuse(ServerReflectionResponse& response, Code code, std::string text) {
  ErrorResponse error;
  error.error_code = static_cast<std::int32_t>(code);
  error.error_message = "reflection: " + std::move(text);
  response.set_error_response(std::move(error));
}

// The file, and of all that it imports what this stream has not been sent.
FileDescriptorResponse with_imports(const DescriptorFile& file,
                                    std::set<const DescriptorFile*>& sent) {
  FileDescriptorResponse out;
  const auto send = [&](const DescriptorFile& one) {
    const ByteView bytes = as_bytes(one.bytes);
    out.file_descriptor_proto.emplace_back(bytes.begin(), bytes.end());
    sent.insert(&one);
  };
  send(file);
  std::set<const DescriptorFile*> seen{&file};
  std::deque<const DescriptorFile*> left{&file};
  for (; !left.empty(); left.pop_front()) {
    for (const DescriptorFile* import : left.front()->imports) {
      if (!seen.insert(import).second) continue;
      if (!sent.contains(import)) send(*import);
      left.push_back(import);
    }
  }
  return out;
}

}  // namespace

Reply<void> ReflectionService::ServerReflectionInfo(ServerContext& context,
                                                    Reader<ServerReflectionRequest> in,
                                                    Writer<ServerReflectionResponse> out) {
  return answer_all(context, std::move(in), std::move(out));
}

asio::awaitable<Result<void>> ReflectionService::answer_all(ServerContext& context,
                                                            Reader<ServerReflectionRequest> in,
                                                            Writer<ServerReflectionResponse> out) {
  using asio::experimental::awaitable_operators::operator||;
  Sent sent;
  ServerReflectionRequest request;
  ServerReflectionResponse response;
  for (;;) {
    // A client may keep its stream for ever; a server that goes away does not wait for it.
    auto first = co_await (in.read(request) || context.wait_draining());
    if (first.index() == 1) {
      co_return context.draining() ? Status(Code::kUnavailable, "reflection: the server goes away")
                                   : out.status();
    }
    if (!std::get<0>(first)) co_return in.status();
    if (const std::size_t bytes = text_bytes(request); bytes > kMostText) {
      co_return Status(Code::kInvalidArgument,
                       fmt::format("reflection: host and name have {} bytes; expected at most {}",
                                   bytes, kMostText));
    }
    response = ServerReflectionResponse();
    answer(request, sent, response);
    response.valid_host = request.host;
    response.original_request = std::move(request);
    if (!co_await out.write(response)) co_return out.status();
  }
}

void ReflectionService::answer(const ServerReflectionRequest& request, Sent& sent,
                               ServerReflectionResponse& response) const {
  using Case = ServerReflectionRequest::MessageRequestCase;
  switch (request.message_request_case()) {
    case Case::kFileByFilename: {
      const std::string& path = *request.file_by_filename();
      if (const DescriptorFile* file = files_.by_path(path)) {
        response.set_file_descriptor_response(with_imports(*file, sent));
      } else {
        refuse(response, Code::kNotFound,
               fmt::format("there is no file \"{}\"", base::peer_text(path)));
      }
      return;
    }
    case Case::kFileContainingSymbol:
      return answer_symbol(*request.file_containing_symbol(), sent, response);
    case Case::kFileContainingExtension:
      return answer_extension(*request.file_containing_extension(), response);
    case Case::kAllExtensionNumbersOfType: {
      const std::string& type = *request.all_extension_numbers_of_type();
      if (files_.has_message(type)) {
        response.set_all_extension_numbers_response({type, {}});
      } else {
        refuse(response, Code::kNotFound,
               fmt::format("there is no message \"{}\"", base::peer_text(type)));
      }
      return;
    }
    case Case::kListServices:
      response.set_list_services_response(services());
      return;
    case Case::kNone:
      break;
  }
  refuse(response, Code::kInvalidArgument,
         "the request asks for nothing that is known here; expected file_by_filename, "
         "file_containing_symbol, file_containing_extension, all_extension_numbers_of_type or "
         "list_services");
}

void ReflectionService::answer_symbol(const std::string& symbol, Sent& sent,
                                      ServerReflectionResponse& response) const {
  if (const DescriptorFile* file = files_.by_symbol(symbol)) {
    response.set_file_descriptor_response(with_imports(*file, sent));
    return;
  }
  refuse(response, Code::kNotFound,
         serves(symbol) ? fmt::format("the server has the service \"{}\", and was not given its "
                                      "file; expected it in add_reflection()",
                                      symbol)
                        : fmt::format("there is no \"{}\"", base::peer_text(symbol)));
}

// Files of proto3, as all of these are, declare none.
void ReflectionService::answer_extension(const ExtensionRequest& request,
                                         ServerReflectionResponse& response) const {
  const std::string type = base::peer_text(request.containing_type);
  refuse(response, Code::kNotFound,
         files_.has_message(request.containing_type)
             ? fmt::format("message \"{}\" has no extension {}", type, request.extension_number)
             : fmt::format("there is no message \"{}\"", type));
}

bool ReflectionService::serves(std::string_view service) const {
  const std::vector<std::string>& names = core_.router().names();
  return std::find(names.begin(), names.end(), service) != names.end();
}

tern_grpc::ListServiceResponse ReflectionService::services() const {
  std::vector<std::string> names = core_.router().names();
  std::sort(names.begin(), names.end());
  tern_grpc::ListServiceResponse out;
  for (std::string& name : names) out.service.emplace_back(std::move(name));
  return out;
}

}  // namespace tern::grpc_services

namespace tern {

Status add_reflection(Server& server, const std::vector<const FileDescriptor*>& files) {
  using grpc_services::ServedAs;
  constexpr std::string_view kV1 = "grpc.reflection.v1.ServerReflection";
  constexpr std::string_view kV1Alpha = "grpc.reflection.v1alpha.ServerReflection";
  Result<grpc_services::DescriptorFiles> all = grpc_services::DescriptorFiles::make(files);
  if (!all.ok()) return all.take_status();
  auto service = std::make_shared<grpc_services::ReflectionService>(serve::ServerCore::of(server),
                                                                    std::move(*all));
  static const std::vector<Method> v1 =
      grpc_services::served_as(kV1, service->methods(), Access::Kind::kAuthenticated);
  static const std::vector<Method> v1alpha =
      grpc_services::served_as(kV1Alpha, service->methods(), Access::Kind::kAuthenticated);
  Status failure = server.add(std::make_shared<ServedAs>(kV1, v1, service));
  if (failure.ok()) failure = server.add(std::make_shared<ServedAs>(kV1Alpha, v1alpha, service));
  return failure;
}

}  // namespace tern
