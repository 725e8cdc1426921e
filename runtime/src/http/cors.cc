#include "http/cors.h"

#include <algorithm>
#include <string>

namespace tern::http {

namespace {

bool allows_all(const Cors& cors) {
  return std::find(cors.origins.begin(), cors.origins.end(), "*") != cors.origins.end();
}

bool allows(const Cors& cors, std::string_view origin) {
  return !origin.empty() && (allows_all(cors) || std::find(cors.origins.begin(), cors.origins.end(),
                                                           origin) != cors.origins.end());
}

// What was asked for is never repeated to the peer: an origin is named as it was configured.
void add_origin(std::string_view origin, const Cors& cors, Response& response) {
  if (!allows_all(cors)) response.headers.emplace_back("Vary", "Origin");
  if (!allows(cors, origin)) return;
  response.headers.emplace_back("Access-Control-Allow-Origin",
                                allows_all(cors) ? std::string("*") : std::string(origin));
}

}  // namespace

Response answer_options(const Head& head, const Cors& cors) {
  Response response;
  response.status = 204;
  response.headers.emplace_back("Allow", "GET, HEAD, POST, OPTIONS");
  if (cors.origins.empty()) return response;
  std::string_view origin = head.get("origin");
  add_origin(origin, cors, response);
  if (!allows(cors, origin) || head.get("access-control-request-method").empty()) return response;
  std::string headers =
      "Content-Type, Connect-Protocol-Version, Connect-Timeout-Ms, X-Grpc-Web, X-User-Agent, "
      "Grpc-Timeout";
  for (const std::string& one : cors.headers) headers += ", " + one;
  response.headers.emplace_back("Access-Control-Allow-Methods", "GET, POST");
  response.headers.emplace_back("Access-Control-Allow-Headers", std::move(headers));
  response.headers.emplace_back("Access-Control-Max-Age", std::to_string(cors.max_age.count()));
  return response;
}

void add_cors(const Head& head, const Cors& cors, Response& response) {
  if (cors.origins.empty()) return;
  std::string_view origin = head.get("origin");
  add_origin(origin, cors, response);
  if (!allows(cors, origin)) return;
  // By name for browsers that take "*" for a name.
  response.headers.emplace_back("Access-Control-Expose-Headers",
                                "*, Grpc-Status, Grpc-Message, Grpc-Status-Details-Bin");
}

bool is_foreign_page(const Head& head, const Cors& cors) {
  std::string_view origin = head.get("origin");
  if (!origin.empty()) return !allows(cors, origin);
  std::string_view site = head.get("sec-fetch-site");
  return !site.empty() && site != "same-origin" && site != "none" && !allows_all(cors);
}

}  // namespace tern::http
