// The handlers of a server's requests over HTTP, by path.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "http/paths.h"
#include "tern/http_handler.h"
#include "tern/status.h"

namespace tern::serve {

// Threads: add() before the others; those from any; release() behind them.
class HttpHandlers {
 public:
  // `other` answers under all paths where nothing was added.
  explicit HttpHandlers(std::shared_ptr<HttpHandler> other) : other_(std::move(other)) {}

  Status add(std::string path, std::shared_ptr<HttpHandler> handler);

  const http::Paths& paths() const noexcept { return paths_; }
  HttpHandler& find(std::string_view path) const noexcept;

  // Lets go of all handlers that were added.
  void release() noexcept { handlers_.clear(); }

 private:
  std::shared_ptr<HttpHandler> other_;
  http::Paths paths_;
  std::map<std::string, std::shared_ptr<HttpHandler>, std::less<>> handlers_;
};

}  // namespace tern::serve
