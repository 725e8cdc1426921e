#include <fmt/format.h>

#include <utility>

#include "base/peer_text.h"
#include "registry/listing.h"
#include "tern/dns.h"
#include "tern/file_registry.h"
#include "tern/http_registry.h"
#include "tern/registry.h"

namespace tern {

namespace {

Result<std::shared_ptr<Registry>> open_file(std::string_view path, IoPool& pool) {
  if (!path.empty()) return open_file_registry(std::string(path), pool);
  return Status(Code::kInvalidArgument, "registry \"file@\": expected a path behind the \"@\"",
                HandlerRan::kNo);
}

// What it needs is no matter of an address.
Result<std::shared_ptr<Registry>> open_https(std::string_view where, IoPool&) {
  return Status(
      Code::kInvalidArgument,
      fmt::format("registry \"https@{}\": there are no credentials for TLS; add \"https\" "
                  "with HttpRegistryOptions::credentials, as tern/http_registry.h says",
                  base::peer_text(where)),
      HandlerRan::kNo);
}

}  // namespace

Registries::Registries() {
  add("http", [](std::string_view where, IoPool& pool) { return open_http_registry(where, pool); });
  add("https", open_https);
  add("list",
      [](std::string_view where, IoPool& pool) { return registry::open_list(where, pool); });
  add("file", open_file);
  add("dns", [](std::string_view where, IoPool& pool) { return open_dns(where, pool); });
  add("srv", [](std::string_view name, IoPool& pool) { return open_srv(name, pool); });
}

void Registries::add(std::string scheme, Open open) {
  schemes_.insert_or_assign(std::move(scheme), std::move(open));
}

Result<std::shared_ptr<Registry>> Registries::open(std::string_view address, IoPool& pool) const {
  std::size_t at = address.find('@');
  auto scheme =
      at == std::string_view::npos ? schemes_.end() : schemes_.find(address.substr(0, at));
  if (scheme != schemes_.end()) return scheme->second(address.substr(at + 1), pool);
  std::string known;
  for (const auto& [name, open] : schemes_) {
    known += fmt::format("{}\"{}@…\"", known.empty() ? "" : ", ", name);
  }
  return Status(Code::kInvalidArgument,
                fmt::format("registry \"{}\": expected one of {}", address, known),
                HandlerRan::kNo);
}

}  // namespace tern
