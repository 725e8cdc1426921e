// The port of interop_server, raw connections to it, and a neighbour who uses it properly.
#pragma once

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <string_view>

#include "interop.service.h"
#include "services.h"
#include "tern/tern.h"

namespace tern::test {

// A TCP connection on which a test says what it likes.
class RawPeer {
 public:
  explicit RawPeer(const Endpoint& server);
  RawPeer(const RawPeer&) = delete;
  RawPeer& operator=(const RawPeer&) = delete;
  ~RawPeer();

  // In one write, so in one segment where it fits. False if the server has hung up.
  bool send(std::string_view bytes);
  // Says no more: the server reads the end.
  void finish();
  // What comes until there are so many bytes, or the end.
  std::string receive(std::size_t bytes);
  // What comes until the server hangs up. Fails the test if it never does.
  std::string receive_all();

 private:
  int socket_ = -1;
};

class Port : public testing::Test {
 protected:
  Port();

  // Calls on a connection of its own, which was there before everybody else and must stay.
  bool neighbour_is_well();
  const Endpoint& at() const { return at_; }
  Server& server() { return server_; }

 private:
  static ServerOptions options();

  Server server_;
  Endpoint at_;
  std::optional<Client> neighbour_;
};

}  // namespace tern::test
