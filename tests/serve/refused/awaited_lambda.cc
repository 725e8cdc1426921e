// Work that g++ 12 would destroy twice; with TERN_NAMED the same as it should be.
#include <string>

#include "tern/service.h"

asio::awaitable<tern::Result<std::string>> hello(tern::ServerContext& context, std::string name) {
#ifdef TERN_NAMED
  auto work = [name] { return "Hello " + name; };
  co_return co_await tern::blocking(context, work);
#else
  co_return co_await tern::blocking(context, [name] { return "Hello " + name; });
#endif
}
