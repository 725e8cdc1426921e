#include "tls/names.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <openssl/asn1.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <array>
#include <ctime>
#include <string_view>

#include "tls/handles.h"

namespace tern::tls {

namespace {

std::string text_of_name(const X509_NAME* name) {
  BioPtr out(BIO_new(BIO_s_mem()));
  if (!out || X509_NAME_print_ex(out.get(), name, 0, XN_FLAG_RFC2253) < 0) return {};
  char* text = nullptr;
  const long size = BIO_get_mem_data(out.get(), &text);
  return {text, static_cast<std::size_t>(size)};
}

std::string text_of_address(const ASN1_OCTET_STRING& address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const int size = ASN1_STRING_length(&address);
  const int family = size == 4 ? AF_INET : AF_INET6;
  if (size != 4 && size != 16) return {};
  ::inet_ntop(family, ASN1_STRING_get0_data(&address), text.data(), text.size());
  return text.data();
}

void add_text(const ASN1_STRING& from, std::vector<std::string>& to) {
  std::string text(reinterpret_cast<const char*>(ASN1_STRING_get0_data(&from)),
                   static_cast<std::size_t>(ASN1_STRING_length(&from)));
  if (text.find('\0') == std::string::npos) to.push_back(std::move(text));
}

bool is_domain_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_';
}

bool is_path_char(char c) {
  return is_domain_char(c) || (c >= 'A' && c <= 'Z');
}

// "/a/b": segments that are not empty and lead nowhere else.
bool is_spiffe_path(std::string_view path) {
  if (path.empty()) return false;
  while (!path.empty()) {
    if (path.front() != '/') return false;
    path.remove_prefix(1);
    std::string_view segment = path.substr(0, path.find('/'));
    if (segment.empty() || segment == "." || segment == "..") return false;
    if (!std::all_of(segment.begin(), segment.end(), is_path_char)) return false;
    path.remove_prefix(segment.size());
  }
  return true;
}

}  // namespace

std::string subject_of(const X509& certificate) {
  return text_of_name(X509_get_subject_name(&certificate));
}

std::string issuer_of(const X509& certificate) {
  return text_of_name(X509_get_issuer_name(&certificate));
}

std::string text_of(const ASN1_TIME& time) {
  std::tm parts{};
  if (ASN1_TIME_to_tm(&time, &parts) != 1) return "a time that cannot be read";
  return fmt::format("{:04}-{:02}-{:02} {:02}:{:02}:{:02} UTC", parts.tm_year + 1900,
                     parts.tm_mon + 1, parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec);
}

std::chrono::system_clock::time_point expiry_of(const X509& certificate) {
  std::tm parts{};
  if (ASN1_TIME_to_tm(X509_get0_notAfter(&certificate), &parts) != 1) return {};
  // "99991231235959Z", for never, is more than the clock can say.
  using Clock = std::chrono::system_clock;
  const std::chrono::seconds expiry(::timegm(&parts));
  const auto last = std::chrono::floor<std::chrono::seconds>(Clock::time_point::max());
  return expiry >= last.time_since_epoch() ? Clock::time_point::max() : Clock::time_point(expiry);
}

AlternativeNames alternative_names_of(const X509& certificate) {
  AlternativeNames names;
  std::unique_ptr<GENERAL_NAMES, FreeWith<&GENERAL_NAMES_free>> found(static_cast<GENERAL_NAMES*>(
      X509_get_ext_d2i(&certificate, NID_subject_alt_name, nullptr, nullptr)));
  for (int i = 0; i < sk_GENERAL_NAME_num(found.get()); ++i) {
    const GENERAL_NAME* name = sk_GENERAL_NAME_value(found.get(), i);
    switch (name->type) {
      case GEN_DNS:
        add_text(*name->d.dNSName, names.dns);
        break;
      case GEN_URI:
        add_text(*name->d.uniformResourceIdentifier, names.uris);
        break;
      case GEN_IPADD:
        names.addresses.push_back(text_of_address(*name->d.iPAddress));
        break;
      default:
        break;
    }
  }
  return names;
}

std::shared_ptr<const PeerCertificate> peer_certificate_of(
    const X509& certificate, const std::vector<std::string>& trust_domains) {
  auto made = std::make_shared<PeerCertificate>();
  AlternativeNames names = alternative_names_of(certificate);
  made->subject = subject_of(certificate);
  made->dns_names = std::move(names.dns);
  made->uris = std::move(names.uris);
  made->spiffe_id = spiffe_id_of(certificate, trust_domains);
  return made;
}

std::string spiffe_id_of(const X509& certificate, const std::vector<std::string>& trust_domains) {
  constexpr std::string_view kScheme = "spiffe://";
  constexpr std::size_t kLongest = 2048;
  const AlternativeNames names = alternative_names_of(certificate);
  if (names.uris.size() != 1) return {};
  const std::string& id = names.uris.front();
  if (id.size() > kLongest || !id.starts_with(kScheme)) return {};
  std::string_view rest = std::string_view(id).substr(kScheme.size());
  std::string_view domain = rest.substr(0, rest.find('/'));
  if (domain.empty() || !std::all_of(domain.begin(), domain.end(), is_domain_char)) return {};
  if (!is_spiffe_path(rest.substr(domain.size()))) return {};
  if (std::find(trust_domains.begin(), trust_domains.end(), domain) == trust_domains.end()) {
    return {};
  }
  // The cache of extensions is filled for what has been verified; asking fills it otherwise.
  X509* asked = const_cast<X509*>(&certificate);
  if (X509_check_ca(asked) != 0) return {};
  constexpr std::uint32_t kSigns = KU_KEY_CERT_SIGN | KU_CRL_SIGN;
  if ((X509_get_extension_flags(asked) & EXFLAG_KUSAGE) != 0 &&
      (X509_get_key_usage(asked) & kSigns) != 0) {
    return {};
  }
  return id;
}

}  // namespace tern::tls
