#include "tls/certificates.h"

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <fstream>
#include <iterator>
#include <string_view>
#include <system_error>
#include <utility>

#include "tls/context.h"
#include "tls/names.h"
#include "tls/openssl_error.h"

namespace tern::tls {

namespace {

Status wrong(std::string_view what, std::string_view name, std::string_view why) {
  std::string of = name.empty() ? std::string() : fmt::format(" \"{}\"", name);
  return Status(Code::kInvalidArgument, fmt::format("certificates: {}{}: {}", what, of, why),
                HandlerRan::kNo);
}

// One of the four, and what it is called.
struct Text {
  std::string_view what;
  std::string name;  // of its file; or ""
  std::string pem;
  bool given() const noexcept { return !pem.empty() || !name.empty(); }
};

Status read_file(Text& text) {
  constexpr std::size_t kMost = 8 * 1024 * 1024;
  if (text.name.empty()) return {};
  errno = 0;
  std::ifstream in(text.name, std::ios::binary);
  if (!in) return wrong(text.what, text.name, std::generic_category().message(errno));
  text.pem.assign(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
  if (in.bad()) return wrong(text.what, text.name, std::generic_category().message(errno));
  if (text.pem.size() > kMost) {
    return wrong(text.what, text.name,
                 fmt::format("it has {} bytes; expected at most {}", text.pem.size(), kMost));
  }
  return {};
}

BioPtr bio_of(const std::string& text) {
  return BioPtr(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

// A key that is encrypted would ask on the terminal.
int no_password(char*, int, int, void*) {
  return -1;
}

// All blocks of one kind. The end of the text is the reader's own error.
template <typename Ptr, typename Read>
Status read_all(const Text& text, std::string_view block, Read read, std::vector<Ptr>& out) {
  if (!text.given()) return {};
  ERR_clear_error();
  BioPtr bio = bio_of(text.pem);
  for (;;) {
    Ptr one(read(bio.get(), nullptr, &no_password, nullptr));
    if (!one) break;
    out.push_back(std::move(one));
  }
  const unsigned long error = ERR_peek_last_error();
  const bool at_end =
      ERR_GET_LIB(error) == ERR_LIB_PEM && ERR_GET_REASON(error) == PEM_R_NO_START_LINE;
  if (!at_end) {
    return wrong(
        text.what, text.name,
        fmt::format("block {} of PEM cannot be read: {}", out.size() + 1, take_openssl_error()));
  }
  ERR_clear_error();
  if (out.empty()) {
    return wrong(text.what, text.name, fmt::format("there is no \"BEGIN {}\" in it", block));
  }
  // A block whose end is missing counts as none.
  std::size_t begun = 0;
  for (std::size_t at = 0; (at = text.pem.find("-----BEGIN ", at)) != std::string::npos; ++at) {
    ++begun;
  }
  if (begun > out.size()) {
    return wrong(text.what, text.name,
                 fmt::format("{} blocks begin in it, of which {} are a whole \"{}\"", begun,
                             out.size(), block));
  }
  return {};
}

Status read_key(const Text& text, KeyPtr& out) {
  ERR_clear_error();
  BioPtr bio = bio_of(text.pem);
  out.reset(PEM_read_bio_PrivateKey(bio.get(), nullptr, &no_password, nullptr));
  if (out) return {};
  if (text.pem.find("ENCRYPTED") != std::string::npos) {
    ERR_clear_error();
    return wrong(text.what, text.name, "it is encrypted; expected one without a password");
  }
  if (text.pem.find("PRIVATE KEY-----") == std::string::npos) {
    ERR_clear_error();
    return wrong(text.what, text.name, "there is no \"BEGIN PRIVATE KEY\" in it");
  }
  return wrong(text.what, text.name, fmt::format("it cannot be read: {}", take_openssl_error()));
}

}  // namespace

Certificates::Certificates(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Certificates::~Certificates() = default;

const std::string& Certificates::subject() const noexcept {
  return parts_->subject;
}

std::chrono::system_clock::time_point Certificates::expires() const noexcept {
  return parts_->expires;
}

namespace {

Result<std::unique_ptr<Certificates::Parts>> read_parts(const Text& chain, const Text& key,
                                                        const Text& authorities,
                                                        const Text& revoked) {
  auto parts = std::make_unique<Certificates::Parts>();
  Status failure = read_all(chain, "CERTIFICATE", &PEM_read_bio_X509, parts->chain);
  if (failure.ok()) {
    failure = read_all(authorities, "CERTIFICATE", &PEM_read_bio_X509, parts->authorities);
  }
  if (failure.ok()) failure = read_all(revoked, "X509 CRL", &PEM_read_bio_X509_CRL, parts->revoked);
  if (failure.ok() && key.given()) failure = read_key(key, parts->key);
  if (!failure.ok()) return failure;
  if (chain.given() != key.given()) {
    const Text& there = chain.given() ? chain : key;
    return wrong(there.what, there.name,
                 chain.given() ? "there is no key for it" : "there is no certificate for it");
  }
  if (!revoked.pem.empty() && parts->authorities.empty()) {
    return wrong(revoked.what, revoked.name, "there are no authorities, whose lists these are");
  }
  if (!parts->chain.empty()) {
    parts->subject = subject_of(*parts->chain.front());
    for (const CertificatePtr& one : parts->chain) {
      parts->expires = std::min(parts->expires, expiry_of(*one));
    }
    if (X509_check_private_key(parts->chain.front().get(), parts->key.get()) != 1) {
      ERR_clear_error();
      return wrong(key.what, key.name,
                   fmt::format("it is not the key of the certificate \"{}\"", parts->subject));
    }
    for (std::size_t i = 1; i < parts->chain.size(); ++i) {
      if (X509_check_issued(parts->chain[i].get(), parts->chain[i - 1].get()) == X509_V_OK)
        continue;
      return wrong(
          chain.what, chain.name,
          fmt::format("certificate {} is \"{}\"; expected the one that signed the one "
                      "before, \"{}\"",
                      i + 1, subject_of(*parts->chain[i]), issuer_of(*parts->chain[i - 1])));
    }
  }
  return parts;
}

}  // namespace

Result<std::shared_ptr<const Certificates>> Certificates::load(const CertificateFiles& files) {
  std::array<Text, 4> texts = {{{"chain", files.chain, {}},
                                {"key", files.key, {}},
                                {"authorities", files.authorities, {}},
                                {"revoked", files.revoked, {}}}};
  for (Text& text : texts) {
    if (Status failure = read_file(text); !failure.ok()) return failure;
  }
  Result<std::unique_ptr<Parts>> parts = read_parts(texts[0], texts[1], texts[2], texts[3]);
  if (!parts.ok()) return parts.take_status();
  std::shared_ptr<const Certificates> made(new Certificates(std::move(*parts)));
  if (Status failure = check_usable(*made); !failure.ok()) return failure;
  return made;
}

Result<std::shared_ptr<const Certificates>> Certificates::parse(const CertificateFiles& texts) {
  Result<std::unique_ptr<Parts>> parts =
      read_parts({"chain", {}, texts.chain}, {"key", {}, texts.key},
                 {"authorities", {}, texts.authorities}, {"revoked", {}, texts.revoked});
  if (!parts.ok()) return parts.take_status();
  std::shared_ptr<const Certificates> made(new Certificates(std::move(*parts)));
  if (Status failure = check_usable(*made); !failure.ok()) return failure;
  return made;
}

}  // namespace tern::tls
