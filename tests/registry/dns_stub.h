// A nameserver of a test's own, on a port of this machine, for UDP and TCP.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace tern::test {

// Answers from a table that the test may change at any time. A name that is nowhere in it does not
// exist. Threads: any.
class DnsStub {
 public:
  DnsStub();
  DnsStub(const DnsStub&) = delete;
  DnsStub& operator=(const DnsStub&) = delete;
  ~DnsStub();

  // "127.0.0.1:port".
  std::string address() const;

  void add_ipv4(const std::string& name, const std::string& address, std::uint32_t ttl = 60);
  void add_ipv6(const std::string& name, const std::string& address, std::uint32_t ttl = 60);
  void add_srv(const std::string& name, std::uint16_t priority, std::uint16_t weight,
               std::uint16_t port, const std::string& target, std::uint32_t ttl = 60);
  void add_alias(const std::string& name, const std::string& target, std::uint32_t ttl = 60);
  // A name without records.
  void add_name(const std::string& name);
  void remove(const std::string& name);
  // Answers every question with this code: 2 is SERVFAIL; 0: from the table.
  void fail_with(std::uint8_t code);
  // Answers every question with `bytes` behind it, and says that they are `count` records.
  void answer_with(std::uint16_t count, std::string bytes);
  // Datagrams leave the answers out, and say so: who wants them has to ask by TCP.
  void truncate_datagrams();
  // Sends a datagram before each answer that says the same of another question, and has
  // `address` for every name.
  void send_before_answers(std::string address);

  // From now on questions wait for release().
  void hold();
  void release();

  // How many questions have come, and how many of them by TCP.
  int questions() const { return questions_; }
  int tcp_questions() const { return tcp_questions_; }
  // Waits for one that is held.
  void wait_for_question();

 private:
  struct Record {
    std::uint16_t type = 0;
    std::uint32_t ttl = 0;
    std::string bytes;
  };

  void add(const std::string& name, Record record);
  void serve();
  void serve_datagram();
  void serve_connection();
  std::string wait_and_answer(std::string_view question);
  std::string answer(std::string_view question) const;

  int udp_ = -1;
  int tcp_ = -1;
  int ending_ = -1;  // can be read at the end
  std::atomic<int> questions_ = 0;
  std::atomic<int> tcp_questions_ = 0;

  std::mutex mutex_;  // guards the following
  std::condition_variable changed_;
  std::multimap<std::string, Record> records_;
  std::vector<std::string> names_;
  std::uint8_t code_ = 0;
  std::optional<std::pair<std::uint16_t, std::string>> bytes_;
  bool truncates_ = false;
  std::string forged_;  // an address in bytes
  bool held_ = false;
  bool waiting_ = false;

  std::thread thread_;
};

}  // namespace tern::test
