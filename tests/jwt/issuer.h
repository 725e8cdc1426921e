// Somebody who signs tokens, with keys that are made when a test begins.
#pragma once

#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <cstdio>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace tern::test {

inline std::string base64url(std::string_view bytes) {
  constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::string text;
  unsigned bits = 0;
  int count = 0;
  for (char c : bytes) {
    bits = bits << 8 | static_cast<unsigned char>(c);
    for (count += 8; count >= 6; count -= 6) text += kDigits[bits >> (count - 6) & 63];
  }
  if (count > 0) text += kDigits[bits << (6 - count) & 63];
  return text;
}

class Issuer {
 public:
  static Issuer rsa(int bits = 2048) { return Issuer(EVP_RSA_gen(static_cast<unsigned>(bits))); }
  static Issuer p256() { return Issuer(EVP_EC_gen("P-256")); }
  static Issuer p384() { return Issuer(EVP_EC_gen("P-384")); }
  static Issuer ed25519() { return Issuer(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519")); }

  std::string pem() const {
    std::unique_ptr<BIO, decltype(&BIO_free)> bio(BIO_new(BIO_s_mem()), BIO_free);
    PEM_write_bio_PUBKEY(bio.get(), key_.get());
    char* text = nullptr;
    const long size = BIO_get_mem_data(bio.get(), &text);
    return std::string(text, static_cast<std::size_t>(size));
  }
  // The number of that name, as a JWK has it.
  std::string number(const char* name, int bytes = 0) const {
    BIGNUM* value = nullptr;
    EVP_PKEY_get_bn_param(key_.get(), name, &value);
    std::string out(static_cast<std::size_t>(bytes > 0 ? bytes : BN_num_bytes(value)), '\0');
    BN_bn2binpad(value, reinterpret_cast<unsigned char*>(out.data()), static_cast<int>(out.size()));
    BN_free(value);
    return base64url(out);
  }
  std::string raw() const {
    std::string out(32, '\0');
    std::size_t size = out.size();
    EVP_PKEY_get_raw_public_key(key_.get(), reinterpret_cast<unsigned char*>(out.data()), &size);
    return base64url(out);
  }
  std::string jwk(std::string_view id) const {
    std::string start = "{\"kid\":\"" + std::string(id) + "\",";
    if (EVP_PKEY_is_a(key_.get(), "RSA")) {
      return start + R"("kty":"RSA","n":")" + number("n") + R"(","e":")" + number("e") + "\"}";
    }
    if (EVP_PKEY_is_a(key_.get(), "EC")) {
      return start + R"("kty":"EC","crv":"P-256","x":")" + number("qx", 32) + R"(","y":")" +
             number("qy", 32) + "\"}";
    }
    return start + R"("kty":"OKP","crv":"Ed25519","x":")" + raw() + "\"}";
  }

  // A token of these two, signed.
  std::string token(std::string_view header, std::string_view claims) const {
    const std::string is_signed = base64url(header) + "." + base64url(claims);
    return is_signed + "." + base64url(sign(is_signed));
  }
  std::string sign(std::string_view data) const {
    std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                    EVP_MD_CTX_free);
    const bool digests = !EVP_PKEY_is_a(key_.get(), "ED25519");
    EVP_DigestSignInit(context.get(), nullptr, digests ? EVP_sha256() : nullptr, nullptr,
                       key_.get());
    std::size_t size = 0;
    const auto* bytes = reinterpret_cast<const unsigned char*>(data.data());
    EVP_DigestSign(context.get(), nullptr, &size, bytes, data.size());
    std::string signature(size, '\0');
    auto* out = reinterpret_cast<unsigned char*>(signature.data());
    if (EVP_DigestSign(context.get(), out, &size, bytes, data.size()) != 1) {
      throw std::runtime_error("cannot sign");
    }
    signature.resize(size);
    if (!EVP_PKEY_is_a(key_.get(), "EC")) return signature;
    const unsigned char* in = out;
    ECDSA_SIG* pair = d2i_ECDSA_SIG(nullptr, &in, static_cast<long>(size));
    std::string numbers(64, '\0');
    auto* place = reinterpret_cast<unsigned char*>(numbers.data());
    BN_bn2binpad(ECDSA_SIG_get0_r(pair), place, 32);
    BN_bn2binpad(ECDSA_SIG_get0_s(pair), place + 32, 32);
    ECDSA_SIG_free(pair);
    return numbers;
  }

 private:
  explicit Issuer(EVP_PKEY* key) : key_(key, EVP_PKEY_free) {
    if (!key) throw std::runtime_error("no key was made");
  }

  std::shared_ptr<EVP_PKEY> key_;
};

// The HMAC of a token that whoever knows the public key can make.
inline std::string hmac_token(std::string_view header, std::string_view claims,
                              std::string_view key) {
  const std::string is_signed = base64url(header) + "." + base64url(claims);
  unsigned char digest[32];
  unsigned size = sizeof digest;
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
       reinterpret_cast<const unsigned char*>(is_signed.data()), is_signed.size(), digest, &size);
  return is_signed + "." + base64url(std::string_view(reinterpret_cast<const char*>(digest), size));
}

}  // namespace tern::test
