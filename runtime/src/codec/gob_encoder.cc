#include "codec/gob_encoder.h"

#include <cstring>
#include <string>
#include <string_view>

#include "codec/gob_names.h"
#include "codec/gob_number.h"
#include "codec/gob_types.h"

namespace tern::codec {
namespace {

constexpr std::int32_t kFirstId = 65;

// Ids of types that need no definition; 0 for the others.
std::int32_t basic_id(Kind kind) noexcept {
  switch (kind) {
    case Kind::kBool:
      return kGobBool;
    case Kind::kInt32:
    case Kind::kInt64:
    case Kind::kDuration:
    case Kind::kEnum:
      return kGobInt;
    case Kind::kUint32:
    case Kind::kUint64:
      return kGobUint;
    case Kind::kFloat:
    case Kind::kDouble:
      return kGobFloat;
    case Kind::kString:
      return kGobString;
    case Kind::kBytes:
      return kGobBytes;
    case Kind::kTimestamp:
    case Kind::kList:
    case Kind::kMap:
    case Kind::kStruct:
      break;
  }
  return 0;
}

void put_uint(std::uint64_t value, Buffer& out) {
  const std::byte* end = put_gob_uint(out.grow(kGobNumberBytes), value);
  out.truncate(static_cast<std::size_t>(end - out.data()));
}
void put_int(std::int64_t value, Buffer& out) {
  put_uint(gob_folded(value), out);
}
void put_text(std::string_view text, Buffer& out) {
  put_uint(text.size(), out);
  out.append(text);
}

// What follows is the field `delta` after the last one written, or the end of a struct.
void put_delta(unsigned delta, Buffer& out) {
  put_uint(delta, out);
}
void put_end(Buffer& out) {
  put_uint(0, out);
}

// CommonType{Name, Id}, the first field of each kind of type.
void put_common(std::string_view name, std::int32_t id, Buffer& out) {
  put_delta(1, out);
  if (!name.empty()) {
    put_delta(1, out);
    put_text(name, out);
  }
  put_delta(name.empty() ? 2 : 1, out);
  put_int(id, out);
  put_end(out);
}

// Puts the length before the content that begins `prefix` bytes after `start`.
std::size_t put_length(std::size_t start, std::size_t prefix, Buffer& out) {
  const std::size_t content = out.size() - start - prefix;
  const std::size_t size = gob_uint_size(content);
  if (size != prefix) {
    out.reserve(size);
    std::memmove(out.data() + start + size, out.data() + start + prefix, content);
    if (size > prefix) {
      out.grow(size - prefix);
    } else {
      out.truncate(out.size() - (prefix - size));
    }
  }
  std::byte number[kGobNumberBytes];
  put_gob_uint(number, content);
  std::memcpy(out.data() + start, number, size);
  return size;
}

std::string_view short_name(const TypeShape& shape) {
  if (shape.kind == Kind::kTimestamp) return "Time";
  if (shape.kind != Kind::kStruct || shape.fields.empty()) return {};
  return shape.name.substr(shape.name.rfind('.') + 1);
}

}  // namespace

void GobEncoder::rewind(std::size_t mark) noexcept {
  while (order_.size() > mark) {
    sent_.erase(order_.back());
    order_.pop_back();
  }
}

// The type's entry, with a new id if it has none.
GobEncoder::Sent& GobEncoder::sent(const TypeShape& shape) {
  const auto known = sent_.find(&shape);
  if (known != sent_.end()) return known->second;
  const std::int32_t id = basic_id(shape.kind);
  Sent entry;
  entry.id = id != 0 ? id : kFirstId + static_cast<std::int32_t>(order_.size());
  if (id == 0) order_.push_back(&shape);
  return sent_.emplace(&shape, entry).first->second;
}

std::int32_t GobEncoder::id_of(const TypeShape& shape) {
  const std::int32_t id = basic_id(shape.kind);
  return id != 0 ? id : sent(shape).id;
}

// Appends the definition of a type that has its id. Types inside it get theirs, and are defined by
// the caller after it.
void GobEncoder::define(const TypeShape& shape, Buffer& out) {
  const std::int32_t id = id_of(shape);
  const std::size_t start = out.size();
  out.grow(1);
  put_int(-id, out);
  const auto open = [&](unsigned field) {
    put_delta(field, out);
    put_common(short_name(shape), id, out);
  };
  switch (shape.kind) {
    case Kind::kList:
      open(kGobWireSlice);
      put_delta(1, out);
      put_int(id_of(*shape.element), out);
      break;
    case Kind::kMap:
      open(kGobWireMap);
      put_delta(1, out);
      put_int(id_of(*shape.key), out);
      put_delta(1, out);
      put_int(id_of(*shape.element), out);
      break;
    case Kind::kTimestamp:
      open(kGobWireGobEncoder);
      break;
    default: {
      open(kGobWireStruct);
      const std::vector<std::string> names = gob_field_names(shape);
      if (names.empty()) break;
      put_delta(1, out);
      put_uint(names.size(), out);
      for (std::size_t i = 0; i < names.size(); ++i) {
        put_delta(1, out);
        put_text(names[i], out);
        put_delta(1, out);
        put_int(id_of(*shape.fields[i].type), out);
        put_end(out);
      }
    }
  }
  put_end(out);  // of the kind of type
  put_end(out);  // of the wireType
  put_length(start, 1, out);
}

Status GobEncoder::encode(const TypeOps& type, const void* value, Buffer& out) {
  Attempt attempt(*this, out);
  Sent& sent_type = sent(*type.shape);
  for (std::size_t i = attempt.told(); i < order_.size(); ++i) define(*order_[i], out);
  const std::size_t start = out.size();
  const std::size_t prefix = sent_type.prefix;
  out.grow(prefix);
  put_int(sent_type.id, out);
  if (type.shape->kind != Kind::kStruct) out.push_back(std::byte{0});
  GobWriter writer(out, levels_);
  if (!type.write(value, writer)) return writer.failure().status();
  sent_type.prefix = static_cast<std::uint8_t>(put_length(start, prefix, out));
  attempt.keep();
  return {};
}

}  // namespace tern::codec
