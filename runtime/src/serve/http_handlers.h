// The handlers of a server's requests over HTTP, by path.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "http/paths.h"
#include "tern/http_handler.h"
#include "tern/status.h"

namespace tern {

// Threads: add() before the others; those from any; release() behind them.
class HttpHandlers {
 public:
  Status add(std::string path, std::shared_ptr<HttpHandler> handler);

  const HttpPaths& paths() const noexcept { return paths_; }
  // Null if nothing was added under that path.
  HttpHandler* find(std::string_view path) const noexcept;

  // Lets go of all handlers.
  void release() noexcept { handlers_.clear(); }

 private:
  HttpPaths paths_;
  std::map<std::string, std::shared_ptr<HttpHandler>, std::less<>> handlers_;
};

}  // namespace tern
