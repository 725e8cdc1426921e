#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <utility>
#include <vector>

#include "jwt/keys.h"
#include "tern/jwt.h"

namespace tern {

namespace {

constexpr std::streamsize kMostKeyBytes = 1024 * 1024;

Result<std::string> read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    return Status(Code::kNotFound, fmt::format("keys: {}: {}", path, std::strerror(errno)));
  }
  std::string text(kMostKeyBytes + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (file.gcount() > kMostKeyBytes) {
    return Status(Code::kInvalidArgument,
                  fmt::format("keys: {}: more than {} bytes", path, kMostKeyBytes));
  }
  text.resize(static_cast<std::size_t>(file.gcount()));
  return text;
}

}  // namespace

Result<JwtKeys> JwtKeys::from_pem(std::string_view pem) {
  Result<jwt::Key> key = jwt::Key::from_pem(pem);
  if (!key.ok()) return key.take_status();
  std::vector<jwt::NamedKey> keys;
  keys.push_back({"", *std::move(key)});
  return JwtKeys(std::make_shared<const jwt::KeySet>(std::move(keys)));
}

Result<JwtKeys> JwtKeys::from_jwks(std::string_view json) {
  Result<jwt::KeySet> set = jwt::KeySet::from_jwks(json);
  if (!set.ok()) return set.take_status();
  return JwtKeys(std::make_shared<const jwt::KeySet>(*std::move(set)));
}

Result<JwtKeys> JwtKeys::from_pem_file(const std::string& path) {
  Result<std::string> text = read_file(path);
  if (!text.ok()) return text.take_status();
  Result<JwtKeys> keys = from_pem(*text);
  if (!keys.ok()) return keys.status().with_context(path);
  return keys;
}

Result<JwtKeys> JwtKeys::from_jwks_file(const std::string& path) {
  Result<std::string> text = read_file(path);
  if (!text.ok()) return text.take_status();
  Result<JwtKeys> keys = from_jwks(*text);
  if (!keys.ok()) return keys.status().with_context(path);
  return keys;
}

}  // namespace tern
