#include "wire_cases.h"

#include <google/protobuf/descriptor.h>

#include <limits>
#include <utility>

#include "wire_bytes.h"

namespace tern::test {

namespace {

namespace pb = google::protobuf;
using pb::FieldDescriptor;
using std::string;
using wire::delimited;
using wire::fixed;
using wire::tag;
using wire::varint;

constexpr int kUnknown = 12345;  // the number of no field
constexpr int kDepth = 2;        // how far samples go into messages within

int wire_type(const FieldDescriptor& field) {
  switch (field.type()) {
    case FieldDescriptor::TYPE_DOUBLE:
    case FieldDescriptor::TYPE_FIXED64:
    case FieldDescriptor::TYPE_SFIXED64:
      return wire::k64Bit;
    case FieldDescriptor::TYPE_FLOAT:
    case FieldDescriptor::TYPE_FIXED32:
    case FieldDescriptor::TYPE_SFIXED32:
      return wire::k32Bit;
    case FieldDescriptor::TYPE_STRING:
    case FieldDescriptor::TYPE_BYTES:
    case FieldDescriptor::TYPE_MESSAGE:
      return wire::kDelimited;
    default:
      return wire::kVarint;
  }
}

// What nobody knows, one of each wire type.
std::vector<string> unknowns() {
  return {tag(kUnknown, wire::kVarint) + varint(99), tag(kUnknown, wire::k64Bit) + "12345678",
          wire::field(kUnknown, "\xff unknown"),
          wire::group(kUnknown, tag(1, wire::kVarint) + varint(1) + wire::group(2, "")),
          tag(kUnknown, wire::k32Bit) + "1234"};
}

std::vector<string> varints() {
  std::vector<string> out;
  for (const std::uint64_t value :
       {0ULL, 1ULL, 2ULL, 127ULL, 128ULL, 12345ULL, 12345678ULL, 0x7fffffffULL, 0x80000000ULL,
        0xffffffffULL, 1ULL << 33, (1ULL << 33) + 1, (1ULL << 33) - 1, 0x7fffffffffffffffULL,
        0x8000000000000000ULL, 0x8000000000000001ULL, 0xffffffff80000000ULL, ~0ULL}) {
    out.push_back(varint(value));
  }
  for (const int more : {1, 2, 7}) out.push_back(varint(12345, more));
  out.push_back(varint(0, 9));
  out.push_back(varint(1, 9));
  out.push_back(varint(1, 10));                // eleven bytes
  out.push_back(varint(1, 20));                // more of them
  out.push_back(string(10, '\xff') + '\x01');  // the same, with bits
  return out;
}

std::vector<string> varints_of_too_many_bits() {
  return {string(9, '\xff') + '\x02', string(9, '\x80') + '\x7e', string(9, '\xff') + '\x7f'};
}

std::vector<string> texts() {
  std::vector<string> out;
  for (const string& text :
       {string(), string("Hello world!"), string("'\"?\\\a\b\f\n\r\t\v"), string("\0", 1),
        string("\xe8\xb0\xb7\xe6\xad\x8c"), string("\xf0\x9f\x98\x81"), string(127, 'a'),
        string(128, 'a'), string(20000, 'a'), string(40, 'a') + "\xc3\xbc", string("\xff"),
        string("\xa0\xb0\xc0\xd0"), string("\xc0\x80"), string("\xed\xa0\x80"),
        string("\xf4\x90\x80\x80"), string("\xc3"), string(40, 'a') + "\xe2\x82"}) {
    out.push_back(delimited(text));
  }
  return out;
}

// Seconds and nanoseconds, in the range of 64 bits of nanoseconds, and as everybody writes them:
// what is not so has another form when it is written again. The third one has both, so that what
// comes before it leaves nothing of another sign.
std::vector<string> times(bool is_duration) {
  const string seconds = tag(1, wire::kVarint);
  const string nanos = tag(2, wire::kVarint);
  const auto minus = [](std::int64_t value) { return varint(static_cast<std::uint64_t>(-value)); };
  std::vector<string> out{"",
                          seconds + varint(1),
                          seconds + varint(4) + nanos + varint(5),
                          nanos + varint(999999999),
                          seconds + varint(1234567890) + nanos + varint(5),
                          nanos + varint(5) + seconds + varint(1234567890),
                          seconds + varint(1) + seconds + varint(2),
                          seconds + minus(2) + nanos + (is_duration ? minus(5) : varint(5)),
                          seconds + varint(9223372035),
                          unknowns()[3] + seconds + varint(1),
                          seconds,
                          wire::field(1, "a") + nanos + varint(1)};
  for (string& each : out) each = delimited(each);
  return out;
}

std::vector<string> values(const FieldDescriptor& field, int depth);

// A message with all of its fields, or nearly none. `pick` chooses among their values.
string body(const pb::Descriptor& message, int depth, std::size_t pick) {
  string out;
  for (int i = 0; i < message.field_count(); ++i) {
    const FieldDescriptor& field = *message.field(i);
    const std::vector<string> all = values(field, depth - 1);
    if (all.empty()) continue;
    out += tag(field.number(), wire_type(field)) + all[pick % std::min<std::size_t>(all.size(), 4)];
  }
  return out;
}

// What can follow a tag of the field's own type: first what is valid.
std::vector<string> values(const FieldDescriptor& field, int depth) {
  switch (field.type()) {
    case FieldDescriptor::TYPE_DOUBLE:
      return {fixed(0.1),
              fixed(0.0),
              fixed(-0.0),
              fixed(1.7976931348623157e308),
              fixed(5e-324),
              fixed(std::numeric_limits<double>::infinity()),
              fixed(std::numeric_limits<double>::quiet_NaN()),
              fixed(0xfff0000000000001ULL)};
    case FieldDescriptor::TYPE_FLOAT:
      return {fixed(0.1F),         fixed(0.0F),   fixed(-0.0F),
              fixed(3.402823e38F), fixed(1e-45F), fixed(std::numeric_limits<float>::infinity()),
              fixed(0xff800001U)};
    case FieldDescriptor::TYPE_FIXED64:
    case FieldDescriptor::TYPE_SFIXED64:
      return {fixed(12345ULL), fixed(0ULL), fixed(~0ULL), fixed(1ULL << 63)};
    case FieldDescriptor::TYPE_FIXED32:
    case FieldDescriptor::TYPE_SFIXED32:
      return {fixed(12345U), fixed(0U), fixed(~0U), fixed(1U << 31)};
    case FieldDescriptor::TYPE_STRING:
      return texts();
    case FieldDescriptor::TYPE_BYTES: {
      std::vector<string> out{delimited(""), delimited("Hello world!"), delimited("\x01\x02"),
                              delimited("\xfb"), delimited(string(20000, '\xff'))};
      return out;
    }
    case FieldDescriptor::TYPE_MESSAGE: {
      const pb::Descriptor& inner = *field.message_type();
      if (inner.full_name() == "google.protobuf.Timestamp") return times(false);
      if (inner.full_name() == "google.protobuf.Duration") return times(true);
      std::vector<string> out{delimited("")};
      for (const string& each : unknowns()) out.push_back(delimited(each));
      if (depth <= 0) return out;
      for (std::size_t pick = 0; pick < 4; ++pick) {
        const string whole = body(inner, depth, pick);
        out.insert(out.begin() + 1, delimited(whole));
        if (!whole.empty()) out.push_back(delimited(whole.substr(0, whole.size() - 1)));
        out.push_back(delimited(whole + unknowns()[pick] + whole));
      }
      return out;
    }
    default:
      return varints();
  }
}

class Maker {
 public:
  explicit Maker(const pb::Descriptor& message) : message_(message) {}

  std::vector<WireCase> make() {
    for (int i = 0; i < message_.field_count(); ++i) {
      const FieldDescriptor& field = *message_.field(i);
      in_ = field.name() + ".";
      if (field.is_map()) {
        entries(field);
      } else {
        singles(field);
        if (field.is_repeated()) repeated(field);
        if (field.real_containing_oneof()) one_of(field);
      }
      too_many_bits(field);
      other_types(field);
      cut_off(field);
    }
    in_ = "message.";
    whole();
    tags();
    groups();
    return std::move(cases_);
  }

 private:
  void add(string name, string bytes) {
    cases_.push_back({in_ + std::move(name), std::move(bytes)});
  }

  void singles(const FieldDescriptor& field) {
    const string own = tag(field.number(), wire_type(field));
    const std::vector<string> all = values(field, kDepth);
    for (std::size_t i = 0; i < all.size(); ++i) {
      add("value " + std::to_string(i), own + all[i]);
      add("default, then value " + std::to_string(i), own + all[i == 0 ? 1 : 0] + own + all[i]);
      add("value, then value " + std::to_string(i), own + all[i] + own + all[2]);
      for (const string& other : unknowns()) {
        add("unknown around value " + std::to_string(i), other + own + all[i] + other);
      }
    }
    // Embedded messages that come several times are merged.
    string every;
    for (std::size_t i = 0; i < std::min<std::size_t>(all.size(), 5); ++i) every += own + all[i];
    add("several", every);
  }

  void too_many_bits(const FieldDescriptor& field) {
    for (const string& each : varints_of_too_many_bits()) {
      for (const string& bytes :
           {tag(field.number(), wire::kVarint) + each, tag(kUnknown, wire::kVarint) + each,
            body(message_, 1, 0) + tag(field.number(), wire::kVarint) + each}) {
        cases_.push_back({in_ + "too many bits", bytes, true});
      }
    }
  }

  void repeated(const FieldDescriptor& field) {
    const string own = tag(field.number(), wire_type(field));
    const std::vector<string> all = values(field, kDepth);
    string single;
    string packed;
    for (std::size_t i = 0; i < all.size(); ++i) {
      single += own + all[i];
      packed += all[i];
      add("first " + std::to_string(i), single);
      if (field.is_packable()) {
        add("packed first " + std::to_string(i), wire::field(field.number(), packed));
        add("packed alone " + std::to_string(i), wire::field(field.number(), all[i]));
        add("single, packed, single " + std::to_string(i),
            own + all[0] + wire::field(field.number(), packed) + own + all[i]);
      }
    }
    if (!field.is_packable()) return;
    add("packed of nothing", wire::field(field.number(), ""));
    add("packed in two", wire::field(field.number(), all[0] + all[1]) + unknowns()[0] +
                             wire::field(field.number(), all[2]));
    add("packed ends inside", wire::field(field.number(), all[0] + "\x80"));
    add("packed is cut",
        tag(field.number(), wire::kDelimited) + varint(all[0].size() + 1) + all[0]);
  }

  void one_of(const FieldDescriptor& field) {
    const string own = tag(field.number(), wire_type(field));
    const std::vector<string> all = values(field, kDepth);
    const pb::OneofDescriptor& group = *field.real_containing_oneof();
    for (int i = 0; i < group.field_count(); ++i) {
      const FieldDescriptor& other = *group.field(i);
      const string others = tag(other.number(), wire_type(other));
      for (const string& value : values(other, kDepth)) {
        add("behind " + other.name(), others + value + own + all[0]);
        add("around " + other.name(), own + all[1] + others + value + own + all[0]);
        add("before " + other.name(), own + all[0] + others + value);
      }
    }
  }

  void entries(const FieldDescriptor& field) {
    const FieldDescriptor& key = *field.message_type()->map_key();
    const FieldDescriptor& mapped = *field.message_type()->map_value();
    const auto entry = [&](const string& content) { return wire::field(field.number(), content); };
    const string key_tag = tag(1, wire_type(key));
    const string mapped_tag = tag(2, wire_type(mapped));
    std::vector<string> keys = values(key, 0);
    // The library takes the key of a map for 32 bits, also a bool.
    if (key.type() == FieldDescriptor::TYPE_BOOL)
      keys = {varint(0), varint(1), varint(2), varint(1, 9)};
    const std::vector<string> all = values(mapped, kDepth);
    for (const string& each : keys) {
      add("key", entry(key_tag + each + mapped_tag + all[0]));
      add("key alone", entry(key_tag + each));
      add("value first", entry(mapped_tag + all[1] + key_tag + each));
      add("two keys in an entry", entry(key_tag + keys[0] + key_tag + each + mapped_tag + all[0]));
    }
    for (const string& each : all) {
      add("value", entry(key_tag + keys[0] + mapped_tag + each));
      add("value alone", entry(mapped_tag + each));
      add("two values in an entry",
          entry(key_tag + keys[1] + mapped_tag + all[0] + mapped_tag + each));
      add("a key twice", entry(key_tag + keys[1] + mapped_tag + all[0]) +
                             entry(key_tag + keys[1] + mapped_tag + each));
    }
    add("nothing", entry(""));
    string descending;
    string ascending;
    for (std::size_t i = 0; i < std::min<std::size_t>(keys.size(), 10); ++i) {
      const string one = entry(key_tag + keys[i] + mapped_tag + all[i % 2]);
      ascending += one;
      descending = one + descending;
    }
    add("entries", ascending);
    add("entries turned round", descending);
    for (const string& other : unknowns()) {
      add("unknown in an entry",
          entry(other + key_tag + keys[0] + other + mapped_tag + all[0] + other));
      add("unknown between entries", entry(key_tag + keys[0]) + other + entry(key_tag + keys[1]));
    }
    add("key of another type", entry(wire::field(1, "abc") + mapped_tag + all[0]));
    add("key of another number's type", entry(tag(1, wire::k32Bit) + "abcd" + mapped_tag + all[0]));
    add("value of another type", entry(key_tag + keys[0] + tag(2, wire::k64Bit) + "abcdefgh"));
    add("entry ends inside its key", entry(key_tag + "\x80"));
    add("entry ends behind a tag", entry(key_tag + keys[0] + mapped_tag));
  }

  // A field of another wire type than its own is one that nobody knows.
  void other_types(const FieldDescriptor& field) {
    const string before = body(message_, 1, 0);
    const string contents[] = {
        varint(7), "12345678", delimited("\x08\x01"), tag(field.number(), wire::kEndGroup),
        "",        "1234"};
    for (const int type : {0, 1, 2, 3, 4, 5, 6, 7}) {
      const string content = type < 6 ? contents[type] : string("\0", 1);
      add("as wire type " + std::to_string(type), tag(field.number(), type) + content);
      add("behind others as wire type " + std::to_string(type),
          before + tag(field.number(), type) + content);
    }
  }

  void cut_off(const FieldDescriptor& field) {
    const string incomplete[] = {"\x80", "abcdefg", "\x80", "", "", "abc"};
    for (const int number : {field.number(), kUnknown}) {
      for (const int type : {0, 1, 2, 3, 5}) {
        const string own = tag(number, type);
        add("end inside a tag", own.substr(0, own.size() - 1) + "\x80");
        add("end behind a tag", own);
        add("end inside a value", own + incomplete[type]);
        add("end inside a value behind one", own + incomplete[type] + own);
      }
      const string own = tag(number, wire::kDelimited);
      add("end inside what a length says", own + varint(1));
      add("end inside what a long length says", own + varint(300) + string(299, 'a'));
      for (const std::uint64_t length :
           {0x7fffffffULL, 0x80000000ULL, 0xffffffffULL, 0x100000000ULL, 0x7fffffffffffffffULL,
            0xffffffffffffffffULL, 0xfffffffffffffff0ULL}) {
        add("a length of " + std::to_string(length), own + varint(length) + "abc");
      }
      add("a length in more bytes than it needs", own + varint(2, 3) + "ab");
      add("a length in five bytes", own + varint(2, 4) + "ab");
      add("a length in six bytes", own + varint(2, 5) + "ab");
      add("a length in ten bytes", own + varint(2, 9) + "ab");
    }
  }

  void whole() {
    string turned;
    for (std::size_t pick = 0; pick < 4; ++pick) {
      const string all = body(message_, kDepth, pick);
      add("all fields " + std::to_string(pick), all);
      add("all fields twice " + std::to_string(pick), all + all);
      add("all fields and others " + std::to_string(pick), all + body(message_, kDepth, pick + 1));
      const std::size_t step = all.size() / 400 + 1;
      for (std::size_t size = 0; size < all.size(); size += step) {
        add("cut after " + std::to_string(size), all.substr(0, size));
      }
    }
    for (int i = 0; i < message_.field_count(); ++i) {
      const FieldDescriptor& field = *message_.field(i);
      turned = tag(field.number(), wire_type(field)) + values(field, kDepth)[0] + turned;
    }
    add("all fields turned round", turned);
    add("nothing", "");
    string others;
    for (const string& other : unknowns()) {
      others += other;
      add("unknown", other);
      add("unknown in front", other + body(message_, kDepth, 0));
      add("unknown behind", body(message_, kDepth, 0) + other);
    }
    add("several unknown", others + others);
  }

  void tags() {
    const string zero("\0", 1);
    for (const int type : {0, 1, 2, 3, 4, 5, 6, 7}) {
      add("field 0 as wire type " + std::to_string(type),
          tag(0, type) + "\x01" + "DEADBEEF" + zero);
      add("field 0 behind others", body(message_, 1, 0) + tag(0, type) + "\x01" + "DEADBEEF");
    }
    for (const string& start : {string("\x88"), string("\xd0\x8f")}) {
      for (int more = 0; more <= 12; ++more) {
        add("a tag in " + std::to_string(more) + " more bytes",
            start + string(static_cast<std::size_t>(more), '\x80') + zero + varint(1234));
        add("a tag with a high bit in " + std::to_string(more) + " more bytes",
            start + string(static_cast<std::size_t>(more), '\x80') + "\x0f" + varint(1234));
      }
      cases_.push_back({in_ + "a tag of too many bits",
                        start + string(5 - start.size() - 1, '\x80') + "\x40" + varint(1234),
                        true});
    }
    for (const std::uint64_t number :
         {536870911ULL, 536870912ULL, 0xffffffffULL, 0x1fffffffffffffffULL}) {
      for (const std::uint64_t type : {0ULL, 2ULL, 5ULL}) {
        const string bytes = varint(number << 3 | type) + "\x04" + "1234";
        cases_.push_back({in_ + "field " + std::to_string(number), bytes,
                          number > 536870911 && varint(number << 3).size() == 5});
      }
    }
    for (const int number : {1, 2, 3, 4, kUnknown}) {
      for (const int type : {6, 7}) {
        for (const char value : {'\0', '\1', '\2', '\3'}) {
          add("an unknown wire type", tag(number, type) + value);
        }
      }
    }
  }

  void groups() {
    const auto open = [](int number) { return tag(number, wire::kGroup); };
    const auto close = [](int number) { return tag(number, wire::kEndGroup); };
    for (const int number : {1, 2, 201, kUnknown}) {
      add("an end without a group", close(number));
      add("an end with data behind", close(number) + wire::field(2, "hello world"));
      add("an end within a value", wire::field(18, close(number)));
      add("a group without an end", open(number));
      add("a group of data without an end", open(number) + wire::field(2, "hello world"));
      add("a group with another's end", open(number) + close(number + 1));
      add("a group with another's end and data",
          open(number) + wire::field(2, "hello world") + close(number + 1));
      add("a group within a group with another's end",
          wire::group(number, open(202) + wire::field(2, "hello world") + close(203)));
      add("a group that is cut", wire::group(number, tag(1, wire::kVarint)));
      add("a group with field 0", wire::group(number, string("\0\1", 2)));
      add("a group with fields of ours", wire::group(number, body(message_, kDepth, 1)));
    }
    for (const int levels : {2, 10, 50, 90}) {
      string nested;
      for (int i = 0; i < levels; ++i) nested = wire::group(kUnknown, nested);
      add("groups within groups", nested + body(message_, kDepth, 0));
    }
  }

  const pb::Descriptor& message_;
  string in_;
  std::vector<WireCase> cases_;
};

}  // namespace

std::vector<WireCase> wire_cases(const pb::Descriptor& message) {
  return Maker(message).make();
}

}  // namespace tern::test
