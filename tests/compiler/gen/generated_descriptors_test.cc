// The constants of .descriptor.h files, as a program sees them.
#include <gtest/gtest.h>

#include <string_view>

#include "everything.descriptor.h"
#include "everything.service.h"
#include "streams.descriptor.h"

namespace tests::everything {
namespace {

constexpr const tern::FileDescriptor& kFile = tern::DescriptorOf<EverythingService>::kFile;

// They can be read before the program runs.
static_assert(kFile.path == "everything.proto");
static_assert(kFile.bytes.substr(2, kFile.path.size()) == kFile.path);
static_assert(kFile.imports.size() == 1);

TEST(GeneratedDescriptors, LeadFromAServiceToItsFileAndItsImports) {
  EXPECT_EQ(&kFile, &tern::descriptors::file_everything);
  EXPECT_EQ(kFile.imports[0], &tern::descriptors::file_common);
  EXPECT_EQ(kFile.imports[0]->path, "common.proto");
}

TEST(GeneratedDescriptors, AreOneForAllServicesOfAFile) {
  EXPECT_EQ(&tern::DescriptorOf<streams::StoreService>::kFile,
            &tern::DescriptorOf<streams::ScalarsService>::kFile);
}

TEST(GeneratedDescriptors, EndBeforeTheByteThatEndsTheirLiteral) {
  // Field 12 of FileDescriptorProto, `syntax`, which is the last one.
  EXPECT_TRUE(kFile.bytes.ends_with(std::string_view("b\006proto3")));
}

}  // namespace
}  // namespace tests::everything
