#include "tls/openssl_version.h"

#include <gtest/gtest.h>

namespace tern::tls {
namespace {

TEST(OpenSslVersion, FreesBuffersOnlyWhereCve20244741IsMended) {
  for (unsigned long mended : {0x300000e0UL, 0x30000130UL, 0x30100060UL, 0x30200020UL, 0x30300010UL,
                               0x30400000UL, 0x30500000UL, 0x40000000UL}) {
    EXPECT_TRUE(frees_buffers_safely(mended)) << std::hex << mended;
  }
  for (unsigned long old :
       {0x1010117fUL, 0x300000d0UL, 0x300000b0UL, 0x30100050UL, 0x30200010UL, 0x30300000UL}) {
    EXPECT_FALSE(frees_buffers_safely(old)) << std::hex << old;
  }
}

}  // namespace
}  // namespace tern::tls
