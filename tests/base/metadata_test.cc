#include "tern/metadata.h"

#include <gtest/gtest.h>

namespace tern {
namespace {

TEST(MetadataOfACall, SetPutsOneEntryInThePlaceOfAll) {
  Metadata metadata;
  metadata.add("user", "admin");
  metadata.add("trace", "1");
  metadata.add("user", "root");
  metadata.set("user", "ada");
  EXPECT_EQ(metadata.get("user"), "ada");
  EXPECT_EQ(metadata.size(), 2u);
  EXPECT_EQ(metadata.begin()->first, "trace");
}

TEST(MetadataOfACall, RemoveTakesOutAllOfAKey) {
  Metadata metadata;
  metadata.add("user", "admin");
  metadata.add("trace", "1");
  metadata.add("user", "root");
  EXPECT_EQ(metadata.remove("user"), 2u);
  EXPECT_EQ(metadata.remove("user"), 0u);
  EXPECT_EQ(metadata.get("user"), "");
  EXPECT_EQ(metadata.get("trace"), "1");
}

TEST(MetadataOfACall, IsEqualByItsEntries) {
  Metadata changed;
  changed.set("a", "1");
  changed.set("a", "2");
  Metadata added;
  added.add("a", "2");
  EXPECT_NE(changed.changes(), added.changes());
  EXPECT_EQ(changed, added);
}

}  // namespace
}  // namespace tern
