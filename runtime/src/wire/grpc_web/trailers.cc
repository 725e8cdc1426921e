#include "wire/grpc_web/trailers.h"

#include <iterator>
#include <utility>

#include "wire/connect/envelopes.h"
#include "wire/grpc/error.h"
#include "wire/over_http/metadata.h"

namespace tern::wire::grpc_web {

void add_metadata(const Metadata& metadata, grpc::Fields& fields) {
  grpc::Fields all;
  grpc::add_metadata(metadata, all);
  for (auto& field : all) {
    if (!over_http::is_http_own(field.first)) fields.push_back(std::move(field));
  }
}

grpc::Fields trailers_of(const Status& outcome, const Metadata* metadata) {
  grpc::Fields trailers;
  if (outcome.ok()) {
    trailers.emplace_back("grpc-status", "0");
  } else {
    grpc::add_error(outcome, trailers);
  }
  if (metadata) add_metadata(*metadata, trailers);
  return trailers;
}

void put_trailers(const Status& outcome, const Metadata* metadata, Buffer& out) {
  Buffer text;
  for (const auto& [name, value] : trailers_of(outcome, metadata)) {
    text.append(name);
    text.append(": ");
    text.append(value);
    text.append("\r\n");
  }
  connect::put_prefix(kTrailers, text.size(), out);
  out.append(text.view());
}

const over_http::Envelopes kEnvelopes{Code::kInternal, false, true, put_trailers};

}  // namespace tern::wire::grpc_web
