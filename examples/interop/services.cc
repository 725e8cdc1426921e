#include "services.h"

#include <memory>

#include "arith.h"
#include "foo.h"
#include "hello_service.h"
#include "kv_store.h"

tern::Status add_interop_services(tern::Server& server) {
  tern::Status added = server.add(std::make_shared<Arith>());
  if (added.ok()) added = server.add(std::make_shared<KvStore>());
  if (added.ok()) added = server.add(std::make_shared<Foo>());
  if (added.ok()) {
    added = server.add_per_connection([] { return std::make_unique<HelloService>(); });
  }
  return added;
}
