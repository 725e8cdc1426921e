#include "serve/served_stream.h"

#include <algorithm>
#include <string_view>

namespace tern::serve {

namespace {

std::string_view name_of(stream::Stream::WaitsFor what) noexcept {
  using WaitsFor = stream::Stream::WaitsFor;
  switch (what) {
    case WaitsFor::kReader:
      return "the handler to read";
    case WaitsFor::kWriter:
      return "the handler to write";
    case WaitsFor::kCredit:
      return "credit of the client";
    case WaitsFor::kBudget:
      return "room in Limits::stream_bytes";
    case WaitsFor::kNothing:
      break;
  }
  return "";
}

}  // namespace

debug_pages::StreamSnapshot ServedStream::describe(Clock::TimePoint now) const {
  const Method& method = *route_.method;
  debug_pages::StreamSnapshot seen;
  seen.service = method.service;
  seen.method = method.name;
  seen.kind = method.kind;
  seen.open_for = std::max(now - arrived_, Clock::Duration::zero());
  const Counts its = counts();
  seen.messages_in = its.messages_in;
  seen.messages_out = its.messages_out;
  seen.bytes_in = its.bytes_in;
  seen.bytes_out = its.bytes_out;
  seen.waits_for = name_of(waits_for());
  return seen;
}

}  // namespace tern::serve
