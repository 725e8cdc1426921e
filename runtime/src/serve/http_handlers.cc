#include "serve/http_handlers.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/ascii.h"
#include "wire/protocols.h"

namespace tern::serve {

namespace {

constexpr std::array<std::string_view, 3> kOwnPaths = {"/rpc", "/metrics", "/healthz"};
constexpr std::string_view kOwnFolder = "/debug/";

// As it stands in a request: nothing is unescaped before paths are compared.
bool is_path(std::string_view text) {
  return text.starts_with('/') && std::all_of(text.begin(), text.end(), [](char c) {
           return base::is_visible(c) && c != '?' && c != '#';
         });
}

bool is_own(std::string_view path) {
  return std::find(kOwnPaths.begin(), kOwnPaths.end(), path) != kOwnPaths.end() ||
         path.starts_with(kOwnFolder) || wire::is_connect_path(path);
}

}  // namespace

Status HttpHandlers::add(std::string path, std::shared_ptr<HttpHandler> handler) {
  if (!is_path(path)) {
    return Status(Code::kInvalidArgument,
                  fmt::format("http path \"{}\": expected \"/\" and then visible ASCII without "
                              "\"?\" and \"#\"",
                              path));
  }
  if (is_own(path)) {
    return Status(Code::kInvalidArgument,
                  fmt::format("http path \"{}\" is one of the server's own", path));
  }
  if (!handler) {
    return Status(Code::kInvalidArgument, fmt::format("http path \"{}\": no handler", path));
  }
  if (!paths_.insert(path).second) {
    return Status(Code::kAlreadyExists, fmt::format("http path \"{}\" has a handler", path));
  }
  handlers_.emplace(std::move(path), std::move(handler));
  return {};
}

HttpHandler& HttpHandlers::find(std::string_view path) const noexcept {
  auto found = handlers_.find(path);
  return found == handlers_.end() ? *other_ : *found->second;
}

}  // namespace tern::serve
