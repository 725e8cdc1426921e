// What all programs need of lists, maps and optionals.
#include "tern/codegen/proto_access.h"

namespace tern::codec::proto {

template struct ListAccess<std::vector<std::int32_t>>;
template struct ListAccess<std::vector<std::int64_t>>;
template struct ListAccess<std::vector<std::uint32_t>>;
template struct ListAccess<std::vector<std::uint64_t>>;
template struct ListAccess<std::vector<float>>;
template struct ListAccess<std::vector<double>>;
template struct ListAccess<std::vector<std::string>>;
template struct ListAccess<std::vector<Bytes>>;
template struct ListAccess<std::vector<Timestamp>>;
template struct ListAccess<std::vector<Duration>>;

template struct MapAccess<std::map<bool, std::string>>;
template struct MapAccess<std::map<std::int32_t, std::string>>;
template struct MapAccess<std::map<std::int64_t, std::string>>;
template struct MapAccess<std::map<std::uint32_t, std::string>>;
template struct MapAccess<std::map<std::uint64_t, std::string>>;
template struct MapAccess<std::map<std::string, bool>>;
template struct MapAccess<std::map<std::string, std::int32_t>>;
template struct MapAccess<std::map<std::string, std::int64_t>>;
template struct MapAccess<std::map<std::string, std::uint32_t>>;
template struct MapAccess<std::map<std::string, std::uint64_t>>;
template struct MapAccess<std::map<std::string, float>>;
template struct MapAccess<std::map<std::string, double>>;
template struct MapAccess<std::map<std::string, std::string>>;
template struct MapAccess<std::map<std::string, Bytes>>;
template struct MapAccess<std::map<std::string, Timestamp>>;
template struct MapAccess<std::map<std::string, Duration>>;

template struct OptionalAccess<std::optional<bool>>;
template struct OptionalAccess<std::optional<std::int32_t>>;
template struct OptionalAccess<std::optional<std::int64_t>>;
template struct OptionalAccess<std::optional<std::uint32_t>>;
template struct OptionalAccess<std::optional<std::uint64_t>>;
template struct OptionalAccess<std::optional<float>>;
template struct OptionalAccess<std::optional<double>>;
template struct OptionalAccess<std::optional<std::string>>;
template struct OptionalAccess<std::optional<Bytes>>;
template struct OptionalAccess<std::optional<Timestamp>>;
template struct OptionalAccess<std::optional<Duration>>;

}  // namespace tern::codec::proto
