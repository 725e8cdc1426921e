// A real etcd, of one server or several, on ports of its own and in a directory of its own.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "support/child_process.h"
#include "support/temporary_directory.h"
#include "tern/io_pool.h"

namespace tern::test {

class EtcdServer {
 public:
  // Ready when this returns.
  explicit EtcdServer(std::size_t members = 1);

  // "127.0.0.1:2379"
  std::string at(std::size_t member = 0) const;
  // All of them, with commas between.
  std::string everywhere() const;

  void kill(std::size_t member = 0) { members_[member].process.reset(); }
  void stop(std::size_t member = 0);
  void go_on(std::size_t member = 0);
  // After kill(): with what it had stored, or with nothing. Ready when they return.
  void restart(std::size_t member = 0);
  void restart_empty(std::size_t member = 0);

  // Posts JSON to a member and gives what it answers, of any status; "" if it does not.
  std::string post(const std::string& path, const std::string& body, std::size_t member = 0,
                   const std::string& token = "");
  // Of all keys that begin with `prefix`.
  std::vector<std::string> keys(const std::string& prefix);
  // Waits until there are so many. False if it ends before.
  bool comes_to_keys(const std::string& prefix, std::size_t count);
  void put(const std::string& key, const std::string& value);
  void remove(const std::string& key);
  // Forgets all but the present values.
  void compact();

 private:
  struct Member {
    std::uint16_t port = 0;
    std::uint16_t peer_port = 0;
    std::unique_ptr<ChildProcess> process;
  };

  std::filesystem::path directory(std::size_t member) const;
  void choose_ports();
  void start(std::size_t member);
  bool ready(std::size_t member);

  TemporaryDirectory directory_;
  std::deque<Member> members_;
  IoPool pool_;
};

}  // namespace tern::test
