#include "jwt/keys.h"

#include <fmt/format.h>
#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>

#include <array>
#include <cstring>
#include <utility>

namespace tern::jwt {

namespace {

constexpr int kLeastRsaBits = 2048;
constexpr int kMostRsaBits = 16384;  // a longer one only takes time
constexpr std::size_t kP256Bytes = 32;
constexpr std::size_t kEd25519Bytes = 32;
constexpr std::size_t kMostDerBytes = 80;  // of a signature of P-256

template <auto Free>
struct FreedBy {
  template <typename T>
  void operator()(T* thing) const noexcept {
    Free(thing);
  }
};
using Bio = std::unique_ptr<BIO, FreedBy<BIO_free>>;
using BigNumber = std::unique_ptr<BIGNUM, FreedBy<BN_free>>;
using KeyContext = std::unique_ptr<EVP_PKEY_CTX, FreedBy<EVP_PKEY_CTX_free>>;
using DigestContext = std::unique_ptr<EVP_MD_CTX, FreedBy<EVP_MD_CTX_free>>;
using Signature = std::unique_ptr<ECDSA_SIG, FreedBy<ECDSA_SIG_free>>;
using ParamsBuilder = std::unique_ptr<OSSL_PARAM_BLD, FreedBy<OSSL_PARAM_BLD_free>>;
using Params = std::unique_ptr<OSSL_PARAM, FreedBy<OSSL_PARAM_free>>;
using SharedKey = std::shared_ptr<evp_pkey_st>;

const unsigned char* bytes_of(std::string_view text) noexcept {
  return reinterpret_cast<const unsigned char*>(text.data());
}

SharedKey share(EVP_PKEY* key) {
  ERR_clear_error();
  return key ? SharedKey(key, EVP_PKEY_free) : SharedKey();
}

BigNumber number(std::string_view big_endian) {
  return BigNumber(BN_bin2bn(bytes_of(big_endian), static_cast<int>(big_endian.size()), nullptr));
}

Status no_key(std::string_view what) {
  return Status(Code::kInvalidArgument, fmt::format("key: {}", what), HandlerRan::kNo);
}

SharedKey make(const char* type, const OSSL_PARAM* params) {
  const KeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
  EVP_PKEY* key = nullptr;
  if (!context || EVP_PKEY_fromdata_init(context.get()) <= 0 ||
      EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY,
                        const_cast<OSSL_PARAM*>(params)) <= 0) {
    key = nullptr;
  }
  SharedKey made = share(key);
  if (!made) return made;
  // A point that is not on the curve is no key.
  const KeyContext check(EVP_PKEY_CTX_new_from_pkey(nullptr, made.get(), nullptr));
  const bool good = check && EVP_PKEY_public_check(check.get()) == 1;
  ERR_clear_error();
  return good ? made : SharedKey();
}

}  // namespace

std::string_view algorithm_name(Algorithm algorithm) noexcept {
  switch (algorithm) {
    case Algorithm::kRs256:
      return "RS256";
    case Algorithm::kEs256:
      return "ES256";
    case Algorithm::kEdDsa:
      break;
  }
  return "EdDSA";
}

Result<Key> Key::checked(SharedKey key) {
  if (EVP_PKEY_is_a(key.get(), "RSA")) {
    const int bits = EVP_PKEY_get_bits(key.get());
    if (bits < kLeastRsaBits || bits > kMostRsaBits) {
      return no_key(
          fmt::format("RSA of {} bits; expected {} to {}", bits, kLeastRsaBits, kMostRsaBits));
    }
    return Key(std::move(key), Algorithm::kRs256);
  }
  if (EVP_PKEY_is_a(key.get(), "EC")) {
    std::array<char, 64> group{};
    std::size_t size = 0;
    const bool named = EVP_PKEY_get_group_name(key.get(), group.data(), group.size(), &size) == 1;
    ERR_clear_error();
    if (named && std::string_view(group.data(), size) == "prime256v1") {
      return Key(std::move(key), Algorithm::kEs256);
    }
    return no_key("of another curve than P-256");
  }
  if (EVP_PKEY_is_a(key.get(), "ED25519")) return Key(std::move(key), Algorithm::kEdDsa);
  return no_key("expected RSA, P-256 or Ed25519");
}

Result<Key> Key::from_pem(std::string_view pem) {
  const Bio bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  SharedKey key = share(bio ? PEM_read_bio_PUBKEY(bio.get(), nullptr, nullptr, nullptr) : nullptr);
  if (!key) return no_key("expected a public key in PEM, which begins with BEGIN PUBLIC KEY");
  return checked(std::move(key));
}

Result<Key> Key::rsa(std::string_view modulus, std::string_view exponent) {
  if (modulus.size() > kMostRsaBits / 8 || exponent.size() > 8) {
    return no_key("RSA: numbers of more bytes than are taken");
  }
  const BigNumber n = number(modulus);
  const BigNumber e = number(exponent);
  const ParamsBuilder builder(OSSL_PARAM_BLD_new());
  if (!n || !e || !builder ||
      OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, n.get()) != 1 ||
      OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, e.get()) != 1) {
    return no_key("RSA: numbers that are none");
  }
  const Params params(OSSL_PARAM_BLD_to_param(builder.get()));
  SharedKey key = params ? make("RSA", params.get()) : SharedKey();
  if (!key) return no_key("RSA: numbers that make no key");
  return checked(std::move(key));
}

Result<Key> Key::p256(std::string_view x, std::string_view y) {
  if (x.size() != kP256Bytes || y.size() != kP256Bytes) {
    return no_key(fmt::format("P-256: coordinates of {} and {} bytes; expected {} each", x.size(),
                              y.size(), kP256Bytes));
  }
  std::array<unsigned char, 1 + 2 * kP256Bytes> point{4};  // not compressed
  std::memcpy(point.data() + 1, x.data(), kP256Bytes);
  std::memcpy(point.data() + 1 + kP256Bytes, y.data(), kP256Bytes);
  std::string group = "prime256v1";
  const std::array<OSSL_PARAM, 3> params{
      OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group.data(), 0),
      OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size()),
      OSSL_PARAM_construct_end()};
  SharedKey key = make("EC", params.data());
  if (!key) return no_key("P-256: the point is not on the curve");
  return checked(std::move(key));
}

Result<Key> Key::ed25519(std::string_view x) {
  if (x.size() != kEd25519Bytes) {
    return no_key(fmt::format("Ed25519: {} bytes; expected {}", x.size(), kEd25519Bytes));
  }
  SharedKey key =
      share(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, bytes_of(x), x.size()));
  if (!key) return no_key("Ed25519: bytes that make no key");
  return checked(std::move(key));
}

bool Key::verifies(std::string_view data, std::string_view signature) const noexcept {
  std::array<unsigned char, kMostDerBytes> der{};
  if (algorithm_ == Algorithm::kEs256) {
    // A token has the two numbers; OpenSSL wants them in DER.
    if (signature.size() != 2 * kP256Bytes) return false;
    const Signature pair(ECDSA_SIG_new());
    BigNumber r = number(signature.substr(0, kP256Bytes));
    BigNumber s = number(signature.substr(kP256Bytes));
    if (!pair || !r || !s || ECDSA_SIG_set0(pair.get(), r.get(), s.get()) != 1) return false;
    static_cast<void>(r.release());
    static_cast<void>(s.release());
    const int size = i2d_ECDSA_SIG(pair.get(), nullptr);
    if (size <= 0 || static_cast<std::size_t>(size) > der.size()) return false;
    unsigned char* out = der.data();
    i2d_ECDSA_SIG(pair.get(), &out);
    signature = {reinterpret_cast<const char*>(der.data()), static_cast<std::size_t>(size)};
  }
  const DigestContext context(EVP_MD_CTX_new());
  const EVP_MD* digest = algorithm_ == Algorithm::kEdDsa ? nullptr : EVP_sha256();
  const bool good =
      context && EVP_DigestVerifyInit(context.get(), nullptr, digest, nullptr, key_.get()) == 1 &&
      EVP_DigestVerify(context.get(), bytes_of(signature), signature.size(), bytes_of(data),
                       data.size()) == 1;
  ERR_clear_error();
  return good;
}

const Key* KeySet::find(std::string_view id) const noexcept {
  if (keys_.size() == 1 && (id.empty() || keys_.front().id.empty())) return &keys_.front().key;
  if (id.empty()) return nullptr;
  for (const NamedKey& one : keys_) {
    if (one.id == id) return &one.key;
  }
  return nullptr;
}

}  // namespace tern::jwt
