// Serves streams.rpc and a page with the chat until SIGINT or SIGTERM:  streams_server [ADDRESS]
// Its first line is the address that it listens on.
#include <iostream>
#include <memory>
#include <string>

#include "page.h"
#include "room.h"
#include "store.h"
#include "tern/http_handler.h"
#include "tern/tern.h"

namespace {

// The browser's side of the chat, at /chat.
class ChatPage final : public tern::HttpHandler {
 public:
  std::unique_ptr<Pending> handle(const Request& /*request*/, Done done) override {
    Answer answer;
    answer.content_type = "text/html; charset=utf-8";
    answer.body = kPage;
    done(std::move(answer));
    return nullptr;
  }
};

tern::Status add_all(tern::Server& server) {
  tern::Status added = server.add(std::make_shared<Store>());
  if (added.ok()) added = server.add(std::make_shared<Files>());
  if (added.ok()) added = server.add(std::make_shared<ChatService>());
  if (added.ok()) added = server.add_http("/chat", std::make_shared<ChatPage>());
  return added;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc > 2 || (argc == 2 && *argv[1] == '-')) {
    std::cerr << "usage: streams_server [ADDRESS], at first tcp@127.0.0.1:0\n";
    return 2;
  }
  tern::Server server;
  if (tern::Status added = add_all(server); !added.ok()) {
    std::cerr << "streams_server: " << added.to_string() << '\n';
    return 1;
  }
  tern::Result<tern::Endpoint> address = server.listen(argc > 1 ? argv[1] : "tcp@127.0.0.1:0");
  if (!address.ok()) {
    std::cerr << "streams_server: " << address.status().to_string() << '\n';
    return 1;
  }
  std::cout << address->to_string() << std::endl;
  // What has no end of its own ends when the drain begins; an upload has until its end.
  return tern::serve_until_signal(server).ok() ? 0 : 1;
}
