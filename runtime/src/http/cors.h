// CORS: what a browser is told about pages of other origins (the Fetch standard, section 3.3).
#pragma once

#include "http/head.h"
#include "http/response.h"
#include "tern/cors.h"

namespace tern::http {

// The answer to OPTIONS: to a browser that asks before it sends, and to every other client.
Response answer_options(const Head& head, const Cors& cors);

// What every other response says to the browser of a page from another origin.
void add_cors(const Head& head, const Cors& cors, Response& response);

// Whether the request comes from a page that may not call: browsers send GET without asking.
bool is_foreign_page(const Head& head, const Cors& cors);

}  // namespace tern::http
