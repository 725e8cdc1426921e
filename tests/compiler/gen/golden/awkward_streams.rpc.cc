// Messages of awkward_streams.rpc.
// Written by rpcgen 0.1.0: do not edit it, change awkward_streams.rpc instead.
#include "awkward_streams.rpc.h"

#include "tern/codegen/type_ops_of.h"
#include "tern/print.h"

namespace awkward::flow {

std::ostream& operator<<(std::ostream& out, const Reader& message) {
  return tern::print(out, tern::type_ops<Reader>(), &message);
}

std::ostream& operator<<(std::ostream& out, const Writer& message) {
  return tern::print(out, tern::type_ops<Writer>(), &message);
}

std::ostream& operator<<(std::ostream& out, const ServerStream& message) {
  return tern::print(out, tern::type_ops<ServerStream>(), &message);
}

std::ostream& operator<<(std::ostream& out, const ClientStream& message) {
  return tern::print(out, tern::type_ops<ClientStream>(), &message);
}

std::ostream& operator<<(std::ostream& out, const BidiStream& message) {
  return tern::print(out, tern::type_ops<BidiStream>(), &message);
}

std::ostream& operator<<(std::ostream& out, const MethodKind& message) {
  return tern::print(out, tern::type_ops<MethodKind>(), &message);
}

std::ostream& operator<<(std::ostream& out, const ResumeOps& message) {
  return tern::print(out, tern::type_ops<ResumeOps>(), &message);
}

std::ostream& operator<<(std::ostream& out, const ServerCall& message) {
  return tern::print(out, tern::type_ops<ServerCall>(), &message);
}

std::ostream& operator<<(std::ostream& out, const Reply& message) {
  return tern::print(out, tern::type_ops<Reply>(), &message);
}

std::ostream& operator<<(std::ostream& out, const in& message) {
  return tern::print(out, tern::type_ops<in>(), &message);
}

std::ostream& operator<<(std::ostream& out_, const out& message) {
  return tern::print(out_, tern::type_ops<out>(), &message);
}

std::ostream& operator<<(std::ostream& out, const reader& message) {
  return tern::print(out, tern::type_ops<reader>(), &message);
}

std::ostream& operator<<(std::ostream& out, const writer& message) {
  return tern::print(out, tern::type_ops<writer>(), &message);
}

}  // namespace awkward::flow

// The codecs. Only this file includes their templates.
template const tern::TypeOps& tern::type_ops<awkward::flow::Reader>() noexcept;
template const tern::TypeOps& tern::type_ops<awkward::flow::Writer>() noexcept;
template const tern::TypeOps& tern::type_ops<awkward::flow::ServerStream>() noexcept;
template const tern::TypeOps& tern::type_ops<awkward::flow::ClientStream>() noexcept;
template const tern::TypeOps& tern::type_ops<awkward::flow::BidiStream>() noexcept;
template const tern::TypeOps& tern::type_ops<awkward::flow::MethodKind>() noexcept;
template const tern::TypeOps& tern::type_ops<awkward::flow::ResumeOps>() noexcept;
template const tern::TypeOps& tern::type_ops<awkward::flow::ServerCall>() noexcept;
template const tern::TypeOps& tern::type_ops<awkward::flow::Reply>() noexcept;
template const tern::TypeOps& tern::type_ops<awkward::flow::in>() noexcept;
template const tern::TypeOps& tern::type_ops<awkward::flow::out>() noexcept;
template const tern::TypeOps& tern::type_ops<awkward::flow::reader>() noexcept;
template const tern::TypeOps& tern::type_ops<awkward::flow::writer>() noexcept;
