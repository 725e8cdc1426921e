// What an HTTP request asks of a method with streams.
#pragma once

#include <string_view>

#include "http/head.h"
#include "wire/over_http/media_type.h"
#include "wire/over_http/request.h"

namespace tern::wire::over_http {

// Of lines of JSON; of events.
inline constexpr std::string_view kJsonLines = "application/x-ndjson";
inline constexpr std::string_view kEventStream = "text/event-stream";

// Whether the body is in envelopes, of whatever codec: it may never end.
bool is_stream(const http::Head& head);

// Whether `method`, which may be null, takes what a POST, or a GET, asks for. Where it does not,
// choose_framing_of_…() refuses the request.
bool takes_post(const http::Head& head, const MediaType* type, const Method* method) noexcept;
bool takes_get(const http::Head& head, const MediaType& type, const Method* method) noexcept;

// Of a POST, whose method is `method`, or null if that is not known: sets request.framing, or the
// answer that refuses it. `type` is that of the body; null: none that is taken here.
void choose_framing_of_post(const http::Head& head, const MediaType* type, const Method* method,
                            Request& request);
// Of a GET, whose request.type is that of the argument.
void choose_framing_of_get(const http::Head& head, const Method* method, Request& request);

// Last-Event-ID, where it counts. `is_secret`: see MethodFinder.
Status read_last_event_id(const http::Head& head, bool is_secret, Request& request);

}  // namespace tern::wire::over_http
