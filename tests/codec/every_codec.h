// The codecs, as the parameter of tests that hold for each.
#pragma once

#include <gtest/gtest.h>

#include <ostream>
#include <string>

#include "codec_testing.h"
#include "gob_stream.h"

namespace sample {

enum class Which { kNative, kJson, kGob, kProto };
inline void PrintTo(Which which, std::ostream* out) {
  switch (which) {
    case Which::kNative:
      *out << "Native";
      break;
    case Which::kJson:
      *out << "Json";
      break;
    case Which::kGob:
      *out << "Gob";
      break;
    case Which::kProto:
      *out << "Proto";
      break;
  }
}
inline const tern::Codec& codec_of(Which which) {
  switch (which) {
    case Which::kNative:
      return native();
    case Which::kJson:
      return json();
    case Which::kGob:
      return gob();
    case Which::kProto:
      break;
  }
  return tern::proto_codec();
}
inline auto every_codec() {
  return testing::Values(Which::kNative, Which::kJson, Which::kGob, Which::kProto);
}
inline std::string which_name(const testing::TestParamInfo<Which>& info) {
  return testing::PrintToString(info.param);
}

}  // namespace sample
