// Names of nodes: what cannot stand in one is written as %XX.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tern::zookeeper {

// "http@host:80/rpc" as "http@host:80%2Frpc". Any text comes back from the name that it gives.
std::string zk_name(std::string_view text);
// Nothing for a name that zk_name() does not give.
std::optional<std::string> text_of_zk_name(std::string_view name);

// "/prefix/service".
std::string zk_service_path(std::string_view prefix, std::string_view service);
// What must be there before `path` can be: "/a" and "/a/b" for "/a/b/c".
std::vector<std::string> zk_parents(std::string_view path);

}  // namespace tern::zookeeper
