#include "tls/ticket_keys.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

#include <cstring>

namespace tern::tls {

namespace {

constexpr int kFailed = -1;
constexpr int kNoTicket = 0;
constexpr int kGood = 1;
constexpr int kGoodButRenew = 2;

}  // namespace

TicketKeys::~TicketKeys() {
  for (std::optional<Key>* key : {&current_, &previous_}) {
    if (*key) OPENSSL_cleanse(&**key, sizeof(Key));
  }
}

void TicketKeys::use_for(SSL_CTX& context) {
  SSL_CTX_set_app_data(&context, this);
  SSL_CTX_set_tlsext_ticket_key_evp_cb(&context, &TicketKeys::on_ticket);
}

int TicketKeys::on_ticket(SSL* ssl, unsigned char* name, unsigned char* iv, EVP_CIPHER_CTX* cipher,
                          EVP_MAC_CTX* mac, int encrypts) {
  auto* self = static_cast<TicketKeys*>(SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl)));
  Key key{};
  bool is_current = true;
  if (encrypts == 1) {
    if (!self->current(key)) return kFailed;
    const int iv_size = EVP_CIPHER_get_iv_length(EVP_aes_256_cbc());
    if (RAND_bytes(iv, iv_size) != 1) return kFailed;
    std::memcpy(name, key.name.data(), key.name.size());
    if (EVP_EncryptInit_ex(cipher, EVP_aes_256_cbc(), nullptr, key.cipher.data(), iv) != 1) {
      return kFailed;
    }
  } else {
    if (!self->find(name, key, is_current)) return kNoTicket;
    if (EVP_DecryptInit_ex(cipher, EVP_aes_256_cbc(), nullptr, key.cipher.data(), iv) != 1) {
      return kFailed;
    }
  }
  char digest[] = "SHA256";
  OSSL_PARAM parameters[] = {
      OSSL_PARAM_construct_octet_string(OSSL_MAC_PARAM_KEY, key.mac.data(), key.mac.size()),
      OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
      OSSL_PARAM_construct_end()};
  const bool set = EVP_MAC_CTX_set_params(mac, parameters) == 1;
  OPENSSL_cleanse(&key, sizeof key);
  if (!set) return kFailed;
  // A ticket of TLS 1.3 is used once, so each comes with the next one.
  const bool used_up = encrypts == 0 && SSL_version(ssl) >= TLS1_3_VERSION;
  return is_current && !used_up ? kGood : kGoodButRenew;
}

bool TicketKeys::current(Key& out) {
  std::lock_guard lock(mutex_);
  const Clock::TimePoint now = clock_.now();
  if (!current_ || now - current_->made >= kLife) {
    Key made{};
    if (RAND_bytes(made.name.data(), static_cast<int>(made.name.size())) != 1 ||
        RAND_priv_bytes(made.cipher.data(), static_cast<int>(made.cipher.size())) != 1 ||
        RAND_priv_bytes(made.mac.data(), static_cast<int>(made.mac.size())) != 1) {
      return false;
    }
    made.made = now;
    previous_ = current_;
    current_ = made;
  }
  out = *current_;
  return true;
}

bool TicketKeys::find(const unsigned char* name, Key& out, bool& is_current) {
  std::lock_guard lock(mutex_);
  for (const std::optional<Key>* key : {&current_, &previous_}) {
    if (!*key || std::memcmp(name, (*key)->name.data(), (*key)->name.size()) != 0) continue;
    const Clock::Duration age = clock_.now() - (*key)->made;
    if (age >= 2 * kLife) return false;
    is_current = age < kLife;
    out = **key;
    return true;
  }
  return false;
}

}  // namespace tern::tls
