// What rpcgen writes for the samples beside their header.
#include "gob_messages.h"
#include "sample_messages.h"
#include "tern/codegen/type_ops_of.h"
#include "versions.h"

namespace tern {

template const TypeOps& type_ops<sample::Color>() noexcept;
template const TypeOps& type_ops<sample::Args>() noexcept;
template const TypeOps& type_ops<sample::Empty>() noexcept;
template const TypeOps& type_ops<sample::Point>() noexcept;
template const TypeOps& type_ops<sample::Circle>() noexcept;
template const TypeOps& type_ops<sample::Scalars>() noexcept;
template const TypeOps& type_ops<sample::Containers>() noexcept;
template const TypeOps& type_ops<sample::Choices>() noexcept;
template const TypeOps& type_ops<sample::Tree>() noexcept;
template const TypeOps& type_ops<sample::Sparse>() noexcept;
template const TypeOps& type_ops<old_version::Event>() noexcept;
template const TypeOps& type_ops<old_version::Named>() noexcept;
template const TypeOps& type_ops<new_version::Event>() noexcept;
template const TypeOps& type_ops<new_version::Named>() noexcept;
template const TypeOps& type_ops<other_version::Event>() noexcept;
template const TypeOps& type_ops<sample::go::Inner>() noexcept;
template const TypeOps& type_ops<sample::go::Tree>() noexcept;
template const TypeOps& type_ops<sample::go::Request>() noexcept;
template const TypeOps& type_ops<sample::go::Response>() noexcept;
template const TypeOps& type_ops<sample::go::Numbers>() noexcept;
template const TypeOps& type_ops<sample::go::Misfit>() noexcept;
template const TypeOps& type_ops<sample::go::Two>() noexcept;
template const TypeOps& type_ops<std::map<std::int32_t, sample::go::Inner>>() noexcept;

template const TypeOps& type_ops<std::vector<bool>>() noexcept;
template const TypeOps& type_ops<std::vector<std::int32_t>>() noexcept;
template const TypeOps& type_ops<std::vector<std::int64_t>>() noexcept;
template const TypeOps& type_ops<std::vector<std::uint32_t>>() noexcept;
template const TypeOps& type_ops<std::vector<double>>() noexcept;
template const TypeOps& type_ops<std::vector<std::string>>() noexcept;
template const TypeOps& type_ops<std::vector<sample::Scalars>>() noexcept;
template const TypeOps& type_ops<std::vector<std::vector<sample::Scalars>>>() noexcept;
template const TypeOps& type_ops<std::vector<tern::Timestamp>>() noexcept;
template const TypeOps& type_ops<std::vector<sample::Empty>>() noexcept;
template const TypeOps& type_ops<std::vector<sample::Point>>() noexcept;
template const TypeOps& type_ops<std::vector<std::vector<std::int64_t>>>() noexcept;
template const TypeOps& type_ops<std::map<std::string, std::int64_t>>() noexcept;
template const TypeOps& type_ops<std::map<std::int32_t, std::string>>() noexcept;
template const TypeOps& type_ops<std::map<std::uint64_t, bool>>() noexcept;
template const TypeOps& type_ops<std::map<bool, std::string>>() noexcept;
template const TypeOps& type_ops<std::vector<std::map<std::string, std::int64_t>>>() noexcept;

}  // namespace tern
