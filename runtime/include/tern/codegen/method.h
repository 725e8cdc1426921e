// What rpcgen knows of a method, for the runtime.
#pragma once

#include <chrono>
#include <cstdint>
#include <span>
#include <string_view>

#include "tern/codegen/access.h"
#include "tern/codegen/type_ops.h"

namespace tern {

using TypeOpsOf = const TypeOps& (*)() noexcept;

// Which sides of a call send a stream of messages instead of one.
enum class MethodKind : std::uint8_t { kUnary, kServerStream, kClientStream, kBidiStream };

constexpr bool client_streams(MethodKind kind) noexcept {
  return kind == MethodKind::kClientStream || kind == MethodKind::kBidiStream;
}

constexpr bool server_streams(MethodKind kind) noexcept {
  return kind == MethodKind::kServerStream || kind == MethodKind::kBidiStream;
}

// The field of [resume = field], which the messages of a stream and its request have: a stream that
// is opened again asks for what comes after the position in it. The pointers are to a message and a
// request of the method's types.
struct ResumeOps {
  std::int64_t (*of_message)(const void* message);
  void (*set_request)(void* request, std::int64_t position);
};

// One method of a service. Generated as a constant; lives as long as the process.
struct Method {
  std::string_view service;  // "arith.Arith", with its package
  std::string_view name;     // "Multiply"
  std::uint32_t id;          // method_id(service, name): how our frames name it
  TypeOpsOf argument;        // an element's if the client streams; Nothing's if there is none
  TypeOpsOf result;          // an element's if the server streams
  std::span<const TypeOpsOf> errors;  // those it declares with `throws`
  std::chrono::nanoseconds timeout;   // 0: none; that of a stream is for all of it
  bool idempotent;                    // may be sent again; a stream, before its first message
  MethodKind kind = MethodKind::kUnary;
  std::chrono::nanoseconds message_timeout{0};  // how long a stream may be silent; 0: for ever
  const ResumeOps* resume = nullptr;            // null: the stream cannot be resumed
  Access access{};                              // who may call it
};

// 32-bit FNV-1a over "service/name". rpcgen computes the same and refuses two methods of one id.
constexpr std::uint32_t method_id(std::string_view service, std::string_view name) noexcept {
  std::uint32_t hash = 2166136261u;
  auto mix = [&hash](char c) { hash = (hash ^ static_cast<unsigned char>(c)) * 16777619u; };
  for (char c : service) mix(c);
  mix('/');
  for (char c : name) mix(c);
  return hash;
}

}  // namespace tern
