// Stands between a client and a server, and cuts their connection where the test wants it.
#pragma once

#include <atomic>
#include <cstdint>
#include <list>
#include <mutex>
#include <string>
#include <thread>

namespace tern::test {

// Passes bytes on in both directions. Threads: any.
class CuttingProxy {
 public:
  // To a server on the loopback.
  explicit CuttingProxy(std::uint16_t server_port);
  CuttingProxy(const CuttingProxy&) = delete;
  CuttingProxy& operator=(const CuttingProxy&) = delete;
  ~CuttingProxy();

  std::uint16_t port() const noexcept { return port_; }

  // The next time the client sends something with `text` in it, the connection ends: before the
  // server has it, or when the server has answered, before the client has the answer.
  void cut_request_with(std::string text);
  void cut_answer_to(std::string text);
  // Ends all connections that there are now.
  void cut_all() { ++cuts_; }
  // Whether such a cut has been made since.
  bool has_cut() const;
  // How often the client has sent something with `text` in it, since cut_…() named it.
  int seen() const;

  // What has come from clients, and from the server.
  std::uint64_t request_bytes() const noexcept { return request_bytes_; }
  std::uint64_t answer_bytes() const noexcept { return answer_bytes_; }

  // Nothing gets through, and nobody is told.
  void hold(bool held) { held_ = held; }

 private:
  enum class Cut { kNone, kRequest, kAnswer };

  void accept_all();
  void pass_on(int client);
  bool pass_request(int client, int server, bool& waiting_to_cut);
  bool pass_answer(int client, int server, bool waiting_to_cut);

  const std::uint16_t server_port_;
  int listener_ = -1;
  std::uint16_t port_ = 0;
  std::atomic<bool> held_ = false;
  std::atomic<bool> ended_ = false;
  std::atomic<int> cuts_ = 0;  // of cut_all()
  std::atomic<std::uint64_t> request_bytes_ = 0;
  std::atomic<std::uint64_t> answer_bytes_ = 0;

  mutable std::mutex mutex_;  // guards the following
  Cut cut_ = Cut::kNone;
  std::string text_;
  int seen_ = 0;

  std::list<std::thread> connections_;  // of the accepting thread, until it has ended
  std::thread accepting_;
};

}  // namespace tern::test
