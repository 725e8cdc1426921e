// Who may call a method, as the generated table has it.
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "allowed.service.h"

namespace allowed {
namespace {

using Kind = tern::Access::Kind;

std::vector<std::string_view> roles(const tern::Method& method) {
  return {method.access.roles.begin(), method.access.roles.end()};
}

class Vault final : public VaultService {
 public:
  tern::Reply<std::string> Read(tern::ServerContext&, Key key) override { return key.name; }
  tern::Reply<void> Delete(tern::ServerContext&, Key) override { return {}; }
  tern::Reply<void> Seal(tern::ServerContext&) override { return {}; }
  tern::Reply<void> Audit(tern::ServerContext&, Key, tern::Writer<Key>) override { return {}; }
  tern::Reply<std::string> Whoami(tern::ServerContext&) override { return std::string(); }
  tern::Reply<std::string> Hello(tern::ServerContext&) override { return std::string(); }
};

TEST(GeneratedAccess, IsWhatTheFileSays) {
  const Vault vault;
  const auto table = vault.methods();
  EXPECT_EQ(table[0].access.kind, Kind::kAnyOf);
  EXPECT_EQ(roles(table[0]), std::vector<std::string_view>{"user"});  // the service's
  EXPECT_EQ(table[1].access.kind, Kind::kAnyOf);
  EXPECT_EQ(roles(table[1]), std::vector<std::string_view>{"admin"});
  EXPECT_EQ(table[2].access.kind, Kind::kAllOf);
  EXPECT_EQ(roles(table[2]), (std::vector<std::string_view>{"admin", "two_factor"}));
  EXPECT_EQ(table[3].access.kind, Kind::kAnyOf);
  EXPECT_EQ(roles(table[3]), (std::vector<std::string_view>{"admin", "auditor"}));
  EXPECT_EQ(table[3].kind, tern::MethodKind::kServerStream);
  EXPECT_EQ(table[4].access.kind, Kind::kAuthenticated);
  EXPECT_EQ(table[5].access.kind, Kind::kPublic);
}

}  // namespace
}  // namespace allowed
