// The registries that these programs know.
#pragma once

#include "tern/registry.h"

#ifdef TERN_HAS_ETCD
#include "tern/etcd.h"
#endif
#ifdef TERN_HAS_ZOOKEEPER
#include "tern/zookeeper.h"
#endif

// Those of every build, and etcd and ZooKeeper where their libraries are.
inline tern::Registries known_registries() {
  tern::Registries known;
#ifdef TERN_HAS_ETCD
  tern::add_etcd(known);
#endif
#ifdef TERN_HAS_ZOOKEEPER
  tern::add_zookeeper(known);
#endif
  return known;
}
