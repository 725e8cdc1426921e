// The tables of the types that need no generated code.
#include "tern/codegen/type_ops_of.h"

namespace tern {

template const TypeOps& type_ops<bool>() noexcept;
template const TypeOps& type_ops<std::int32_t>() noexcept;
template const TypeOps& type_ops<std::int64_t>() noexcept;
template const TypeOps& type_ops<std::uint32_t>() noexcept;
template const TypeOps& type_ops<std::uint64_t>() noexcept;
template const TypeOps& type_ops<float>() noexcept;
template const TypeOps& type_ops<double>() noexcept;
template const TypeOps& type_ops<std::string>() noexcept;
template const TypeOps& type_ops<codec::Bytes>() noexcept;
template const TypeOps& type_ops<Timestamp>() noexcept;
template const TypeOps& type_ops<Duration>() noexcept;
template const TypeOps& type_ops<Nothing>() noexcept;

}  // namespace tern
