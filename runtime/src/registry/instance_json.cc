#include "registry/instance_json.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <cstdint>
#include <limits>
#include <utility>

#include "base/peer_text.h"
#include "tern/buffer.h"
#include "wire/json_members.h"

namespace tern::registry {

namespace {

using simdjson::dom::element;

Status wrong(std::string_view address, std::string_view what) {
  return Status(Code::kInvalidArgument,
                fmt::format("server \"{}\": {}", base::peer_text(address), what), HandlerRan::kNo);
}

bool is_reachable(const Endpoint& endpoint) {
  if (endpoint.transport == Endpoint::Transport::kUnix) return true;
  return endpoint.port != 0 && !endpoint.host.empty() && endpoint.host != "0.0.0.0" &&
         endpoint.host != "::";
}

bool read_weight(element value, std::uint32_t& out) {
  std::uint64_t weight = 0;
  if (value.get(weight) != simdjson::SUCCESS) return false;
  out = static_cast<std::uint32_t>(weight);
  return weight <= std::numeric_limits<std::uint32_t>::max();
}

bool read_text(element value, std::string& out) {
  std::string_view text;
  if (value.get(text) != simdjson::SUCCESS) return false;
  out = text;
  return true;
}

bool read_metadata(element value, std::map<std::string, std::string>& out) {
  simdjson::dom::object object;
  if (value.get(object) != simdjson::SUCCESS) return false;
  for (auto [key, text] : object) {
    if (!read_text(text, out[std::string(key)])) return false;
  }
  return true;
}

}  // namespace

std::string instance_json(const Instance& instance) {
  Buffer out;
  out.append(fmt::format("{{\"weight\":{},\"zone\":", instance.weight));
  wire::put_json_string(instance.zone, out);
  out.append(",\"metadata\":{");
  bool first = true;
  for (const auto& [key, value] : instance.metadata) {
    if (!std::exchange(first, false)) out.append(",");
    wire::put_json_string(key, out);
    out.append(":");
    wire::put_json_string(value, out);
  }
  out.append("}}");
  return std::string(as_text(out.view()));
}

Result<Instance> read_instance(std::string_view address, std::string_view json) {
  if (address.size() + json.size() > kInstanceBytes) {
    return wrong(address.substr(0, 64), fmt::format("{} bytes are listed; the limit is {}",
                                                    address.size() + json.size(), kInstanceBytes));
  }
  Result<Endpoint> endpoint = parse_endpoint(address);
  if (!endpoint.ok()) return endpoint.take_status();
  if (!is_reachable(*endpoint)) return wrong(address, "clients cannot connect to that address");
  simdjson::dom::parser parser;
  simdjson::dom::object object;
  simdjson::error_code error = parser.parse(json.data(), json.size()).get(object);
  if (error != simdjson::SUCCESS) {
    return wrong(address, fmt::format("its value is \"{}\"; expected a JSON object: {}",
                                      base::peer_text(json), simdjson::error_message(error)));
  }
  Instance instance(std::move(*endpoint));
  for (auto [key, value] : object) {
    if (key == "weight" && !read_weight(value, instance.weight)) {
      return wrong(address, "\"weight\" is not an integer between 0 and 4294967295");
    }
    if (key == "zone" && !read_text(value, instance.zone)) {
      return wrong(address, "\"zone\" is not a string");
    }
    if (key == "metadata" && !read_metadata(value, instance.metadata)) {
      return wrong(address, "\"metadata\" is not an object of strings");
    }
  }
  return instance;
}

}  // namespace tern::registry
