#include "tern/codegen/elements.h"

#include "tern/codegen/native_read.h"
#include "tern/codegen/native_write.h"
#include "tern/codegen/walk_read.h"
#include "tern/codegen/walk_write.h"

namespace tern::codec {

template struct Elements<std::vector<bool>>;
template struct Elements<std::vector<std::int32_t>>;
template struct Elements<std::vector<std::int64_t>>;
template struct Elements<std::vector<std::uint32_t>>;
template struct Elements<std::vector<std::uint64_t>>;
template struct Elements<std::vector<float>>;
template struct Elements<std::vector<double>>;
template struct Elements<std::vector<std::string>>;
template struct Elements<std::vector<Bytes>>;
template struct Elements<std::vector<Timestamp>>;
template struct Elements<std::vector<Duration>>;
template struct Elements<std::map<bool, std::string>>;
template struct Elements<std::map<std::int32_t, std::string>>;
template struct Elements<std::map<std::int64_t, std::string>>;
template struct Elements<std::map<std::uint32_t, std::string>>;
template struct Elements<std::map<std::uint64_t, std::string>>;
template struct Elements<std::map<std::string, bool>>;
template struct Elements<std::map<std::string, std::int32_t>>;
template struct Elements<std::map<std::string, std::int64_t>>;
template struct Elements<std::map<std::string, std::uint32_t>>;
template struct Elements<std::map<std::string, std::uint64_t>>;
template struct Elements<std::map<std::string, float>>;
template struct Elements<std::map<std::string, double>>;
template struct Elements<std::map<std::string, std::string>>;
template struct Elements<std::map<std::string, Bytes>>;
template struct Elements<std::map<std::string, Timestamp>>;
template struct Elements<std::map<std::string, Duration>>;

}  // namespace tern::codec
