// What rpcgen knows of a method, for the runtime.
#pragma once

#include <chrono>
#include <cstdint>
#include <span>
#include <string_view>

#include "tern/codegen/type_ops.h"

namespace tern {

using TypeOpsOf = const TypeOps& (*)() noexcept;

// One method of a service. Generated as a constant; lives as long as the process.
struct Method {
  std::string_view service;  // "arith.Arith", with its package
  std::string_view name;     // "Multiply"
  std::uint32_t id;          // method_id(service, name): how our frames name it
  TypeOpsOf argument;        // Nothing's where there is none
  TypeOpsOf result;
  std::span<const TypeOpsOf> errors;  // those it declares with `throws`
  std::chrono::nanoseconds timeout;   // 0: none
  bool idempotent;
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
