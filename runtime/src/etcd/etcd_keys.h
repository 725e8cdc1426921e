// Where in etcd the servers of a service are: "prefix/service/address".
#pragma once

#include <string>
#include <string_view>

namespace tern::etcd {

// What all keys of the service begin with.
inline std::string service_prefix(std::string_view prefix, std::string_view service) {
  std::string key(prefix);
  key += '/';
  key += service;
  key += '/';
  return key;
}

}  // namespace tern::etcd
