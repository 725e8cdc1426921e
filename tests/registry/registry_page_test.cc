// What docs/registry.md shows, as it stands there.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <string>
#include <vector>

#include "registry/page_code.h"
#include "tern/cluster.h"
#include "tern/http_registry.h"
#include "tern/registry.h"
#include "tern/server.h"

namespace {

tern::Status run_one() {
  tern::Server server;
  tern::Status added = tern::add_http_registry(server);
  if (!added.ok()) return added;
  tern::Result<tern::Endpoint> where = server.listen("tcp@0.0.0.0:9999");
  return where.take_status();
}

tern::Status use_one(tern::Server& server, tern::IoPool& pool) {
  auto registry = tern::Registries().open("http@127.0.0.1:9999/_geerpc_/registry", pool);
  if (!registry.ok()) return registry.take_status();
  tern::Status listed = tern::announce(server, **registry, "Arith", tern::Instance());
  if (!listed.ok()) return listed;
  tern::Cluster cluster((*registry)->discover("Arith"), pool);
  return {};
}

using ::testing::HasSubstr;

TEST(RegistryPage, ShowsCodeThatCompiles) {
  std::string here = tern::test::without_indent(std::ifstream(TERN_PAGE_TEST));
  std::vector<std::string> blocks = tern::test::code_of_page(TERN_PAGE);
  EXPECT_EQ(blocks.size(), 3u);
  for (const std::string& block : blocks) EXPECT_THAT(here, HasSubstr(block));
}

TEST(RegistryPage, HasCodeThatSaysWhatIsMissing) {
  EXPECT_NE(&run_one, nullptr);  // not run: its port is everybody's
  tern::IoPool pool;
  tern::Server server;
  EXPECT_THAT(use_one(server, pool).to_string(), HasSubstr("call listen() first"));
}

}  // namespace
