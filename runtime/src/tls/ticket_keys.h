// The keys of the tickets with which clients resume sessions.
#pragma once

#include <openssl/ssl.h>

#include <array>
#include <mutex>
#include <optional>

#include "tern/clock.h"

namespace tern::tls {

// A new key every 12 hours. The one before still opens what it has closed, and its client gets a
// ticket of the new one. So who steals a key can read no more than a day. Outlives the contexts
// that use it. Threads: any.
class TicketKeys {
 public:
  static constexpr std::chrono::hours kLife{12};

  explicit TicketKeys(Clock& clock) : clock_(clock) {}
  TicketKeys(const TicketKeys&) = delete;
  TicketKeys& operator=(const TicketKeys&) = delete;
  ~TicketKeys();

  void use_for(SSL_CTX& context);

 private:
  struct Key {
    std::array<unsigned char, 16> name;
    std::array<unsigned char, 32> cipher;
    std::array<unsigned char, 32> mac;
    Clock::TimePoint made;
  };

  static int on_ticket(SSL* ssl, unsigned char* name, unsigned char* iv, EVP_CIPHER_CTX* cipher,
                       EVP_MAC_CTX* mac, int encrypts);
  // Both are false if there is none: no random numbers, or too old.
  bool current(Key& out);
  bool find(const unsigned char* name, Key& out, bool& is_current);

  Clock& clock_;
  std::mutex mutex_;  // guards the following
  std::optional<Key> current_;
  std::optional<Key> previous_;
};

}  // namespace tern::tls
