// The codecs, as the parameter of tests that hold for each.
#pragma once

#include <gtest/gtest.h>

#include <ostream>
#include <string>

#include "codec_testing.h"
#include "gob_stream.h"

namespace sample {

enum class Which { kNative, kJson, kGob };
inline void PrintTo(Which which, std::ostream* out) {
  *out << (which == Which::kNative ? "Native" : which == Which::kJson ? "Json" : "Gob");
}
inline const tern::Codec& codec_of(Which which) {
  return which == Which::kNative ? native() : which == Which::kJson ? json() : gob();
}
inline auto every_codec() {
  return testing::Values(Which::kNative, Which::kJson, Which::kGob);
}
inline std::string which_name(const testing::TestParamInfo<Which>& info) {
  return testing::PrintToString(info.param);
}

}  // namespace sample
