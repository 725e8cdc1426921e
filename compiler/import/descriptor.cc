#include "compiler/import/descriptor.h"

#include "compiler/import/wire.h"

namespace rpcgen::import {

namespace {

using std::string;

bool option(std::string_view options, std::uint32_t number) {
  WireReader in(options);
  bool value = false;
  for (WireField field; in.next(field);) {
    if (field.number == number) value = field.value != 0;
  }
  return value;
}

// `end` counts, or does not.
ReservedRange read_range(std::string_view bytes, std::int64_t beyond) {
  WireReader in(bytes);
  ReservedRange range;
  for (WireField field; in.next(field);) {
    if (field.number == 1) range.first = field.int32();
    if (field.number == 2) range.last = field.int32() - beyond;
  }
  return range;
}

class Descriptors {
 public:
  std::vector<File> files(std::string_view bytes) {
    std::vector<File> out;
    each(bytes, [&](const WireField& field) {
      if (field.number == 1) out.push_back(file(field.bytes));
    });
    return out;
  }
  bool failed() const { return failed_; }

 private:
  template <typename Use>
  void each(std::string_view bytes, Use use) {
    WireReader in(bytes);
    for (WireField field; in.next(field);) use(field);
    failed_ = failed_ || in.failed();
  }

  File file(std::string_view bytes) {
    File out;
    each(bytes, [&](const WireField& field) {
      switch (field.number) {
        case 1:
          out.name = field.bytes;
          break;
        case 2:
          out.package = field.bytes;
          break;
        case 3:
          out.imports.emplace_back(field.bytes);
          break;
        case 4:
          out.messages.push_back(message(field.bytes));
          break;
        case 5:
          out.enums.push_back(enumeration(field.bytes));
          break;
        case 6:
          out.services.push_back(service(field.bytes));
          break;
        case 7:
          out.has_extensions = true;
          break;
        case 9:
          places(field.bytes, out);
          break;
        case 12:
          out.syntax = field.bytes;
          break;
        default:
          break;
      }
    });
    return out;
  }

  Message message(std::string_view bytes) {
    Message out;
    each(bytes, [&](const WireField& field) {
      switch (field.number) {
        case 1:
          out.name = field.bytes;
          break;
        case 2:
          out.fields.push_back(this->field(field.bytes));
          break;
        case 3:
          out.nested.push_back(message(field.bytes));
          break;
        case 4:
          out.enums.push_back(enumeration(field.bytes));
          break;
        case 5:
        case 6:
          out.has_extensions = true;
          break;
        case 7:
          out.deprecated = option(field.bytes, 3);
          out.is_map_entry = option(field.bytes, 7);
          break;
        case 8:
          each(field.bytes, [&](const WireField& one) {
            if (one.number == 1) out.oneofs.emplace_back(one.bytes);
          });
          break;
        case 9:
          out.reserved.push_back(read_range(field.bytes, 1));
          break;
        case 10:
          out.reserved_names.emplace_back(field.bytes);
          break;
        default:
          break;
      }
    });
    return out;
  }

  Field field(std::string_view bytes) {
    Field out;
    each(bytes, [&](const WireField& field) {
      switch (field.number) {
        case 1:
          out.name = field.bytes;
          break;
        case 3:
          out.number = field.int32();
          break;
        case 4:
          out.repeated = field.value == 3;
          break;
        case 5:
          out.type = static_cast<FieldType>(field.value);
          break;
        case 6:
          out.type_name = field.bytes;
          break;
        case 8:
          out.deprecated = option(field.bytes, 3);
          break;
        case 9:
          out.oneof_index = field.int32();
          break;
        case 10:
          out.json_name = field.bytes;
          break;
        case 17:
          out.proto3_optional = field.value != 0;
          break;
        default:
          break;
      }
    });
    return out;
  }

  Enum enumeration(std::string_view bytes) {
    Enum out;
    each(bytes, [&](const WireField& field) {
      switch (field.number) {
        case 1:
          out.name = field.bytes;
          break;
        case 2:
          out.values.push_back(value(field.bytes));
          break;
        case 3:
          out.deprecated = option(field.bytes, 3);
          break;
        case 4:
          out.reserved.push_back(read_range(field.bytes, 0));
          break;
        case 5:
          out.reserved_names.emplace_back(field.bytes);
          break;
        default:
          break;
      }
    });
    return out;
  }

  EnumValue value(std::string_view bytes) {
    EnumValue out;
    each(bytes, [&](const WireField& field) {
      if (field.number == 1) out.name = field.bytes;
      if (field.number == 2) out.number = field.int32();
      if (field.number == 3) out.deprecated = option(field.bytes, 1);
    });
    return out;
  }

  Service service(std::string_view bytes) {
    Service out;
    each(bytes, [&](const WireField& field) {
      if (field.number == 1) out.name = field.bytes;
      if (field.number == 2) out.methods.push_back(method(field.bytes));
      if (field.number == 3) out.deprecated = option(field.bytes, 33);
    });
    return out;
  }

  Method method(std::string_view bytes) {
    Method out;
    each(bytes, [&](const WireField& field) {
      switch (field.number) {
        case 1:
          out.name = field.bytes;
          break;
        case 2:
          out.argument = field.bytes;
          break;
        case 3:
          out.result = field.bytes;
          break;
        case 4:
          out.deprecated = option(field.bytes, 33);
          out.idempotent = option(field.bytes, 34);
          break;
        case 5:
          out.client_streams = field.value != 0;
          break;
        case 6:
          out.server_streams = field.value != 0;
          break;
        default:
          break;
      }
    });
    return out;
  }

  // SourceCodeInfo.
  void places(std::string_view bytes, File& out) {
    each(bytes, [&](const WireField& location) {
      if (location.number != 1) return;
      std::vector<std::int32_t> path;
      std::vector<std::int32_t> span;
      Place place;
      each(location.bytes, [&](const WireField& field) {
        if (field.number == 1) path = numbers(field.bytes);
        if (field.number == 2) span = numbers(field.bytes);
        if (field.number == 3) place.doc = field.bytes;
      });
      if (span.size() < 3) return;
      place.line = span[0];
      place.column = span[1];
      out.places.emplace(std::move(path), std::move(place));
    });
  }

  static std::vector<std::int32_t> numbers(std::string_view packed) {
    std::vector<std::int32_t> out;
    WireReader in(packed);
    for (std::uint64_t value = 0; in.varint(value);) {
      out.push_back(static_cast<std::int32_t>(value));
    }
    return out;
  }

  bool failed_ = false;
};

}  // namespace

std::optional<std::vector<File>> read_descriptors(std::string_view bytes) {
  Descriptors in;
  std::vector<File> files = in.files(bytes);
  if (in.failed()) return std::nullopt;
  return files;
}

}  // namespace rpcgen::import
