// Random values of any message, through its own visit_fields.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <map>
#include <random>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "sample_messages.h"
#include "tern/codegen/kinds.h"

namespace sample {

// Fills values with what every codec can carry: UTF-8 and finite numbers. Edges are likely.
class Filler {
 public:
  explicit Filler(std::uint32_t seed) : random_(seed) {}

  template <typename T>
  T make(int depth = 4) {
    T value{};
    fill(value, depth);
    return value;
  }

  template <typename T>
  void fill(T& value, int depth) {
    if constexpr (std::is_same_v<T, bool>) {
      value = below(2) == 1;
    } else if constexpr (std::is_integral_v<T>) {
      value = integer<T>();
    } else if constexpr (tern::codec::Enum<T>) {
      value = static_cast<T>(integer<std::int32_t>());
    } else if constexpr (std::is_floating_point_v<T>) {
      value = number<T>();
    } else if constexpr (std::is_same_v<T, tern::Duration>) {
      value = tern::Duration(integer<std::int64_t>());
    } else if constexpr (std::is_same_v<T, tern::Timestamp>) {
      value = tern::Timestamp(tern::Duration(integer<std::int64_t>()));
    } else if constexpr (std::is_same_v<T, std::string>) {
      value = text();
    } else if constexpr (std::is_same_v<T, tern::codec::Bytes>) {
      value.resize(below(40));
      for (std::byte& byte : value) byte = static_cast<std::byte>(below(256));
    } else if constexpr (tern::codec::List<T>) {
      value.clear();
      for (std::size_t count = size(depth); count > 0; --count) {
        value.push_back(make<typename T::value_type>(depth - 1));
      }
    } else if constexpr (tern::codec::Map<T>) {
      value.clear();
      for (std::size_t count = size(depth); count > 0; --count) {
        auto key = make<typename T::key_type>(depth - 1);
        value[std::move(key)] = make<typename T::mapped_type>(depth - 1);
      }
    } else {
      FieldFiller visitor{*this, depth - 1};
      T::visit_fields(value, visitor);
    }
  }

  std::uint32_t below(std::uint32_t end) {
    return std::uniform_int_distribution<std::uint32_t>(0, end - 1)(random_);
  }

 private:
  struct FieldFiller {
    Filler& filler;
    int depth;

    template <typename T>
    bool operator()(const tern::Field&, T& member) {
      if constexpr (tern::codec::Optional<T>) {
        member.reset();
        if (depth > 0 && filler.below(2) == 1) filler.fill(member.emplace(), depth);
      } else {
        filler.fill(member, depth);
      }
      return true;
    }
    template <std::size_t Index, typename Variant>
    bool operator()(const tern::UnionField<Index>&, Variant& variant) {
      if (filler.below(3) == 0) filler.fill(variant.template emplace<Index>(), depth);
      return true;
    }
  };

  std::size_t size(int depth) { return depth <= 0 ? 0 : below(6); }

  template <typename T>
  T integer() {
    constexpr T kEdges[] = {
        0, 1, 9, 10, std::numeric_limits<T>::max(), std::numeric_limits<T>::min()};
    if (below(4) == 0) return kEdges[below(6)];
    // Every length of number is as likely as another.
    const std::uint64_t bits = std::uint64_t{random_()} << 32 | random_();
    return static_cast<T>(bits >> below(64));
  }

  template <typename T>
  T number() {
    using Bits = std::conditional_t<sizeof(T) == 8, std::uint64_t, std::uint32_t>;
    for (;;) {
      const auto value =
          std::bit_cast<T>(static_cast<Bits>(std::uint64_t{random_()} << 32 | random_()));
      if (below(3) == 0) return static_cast<T>(static_cast<std::int32_t>(below(20000)) - 10000) / 8;
      if (value - value == 0) return value;  // neither infinite nor NaN
    }
  }

  std::string text() {
    constexpr std::string_view kPieces[] = {"a",
                                            "Z",
                                            "0",
                                            " ",
                                            "\"",
                                            "\\",
                                            "\n",
                                            "\x01",
                                            "\x7f",
                                            "/",
                                            "\xc3\xa9",
                                            "\xe2\x82\xac",
                                            "\xf0\x9f\x98\x80",
                                            "\xef\xbf\xbf",
                                            std::string_view("\0", 1),
                                            "some longer plain text"};
    std::string text;
    for (std::uint32_t count = below(12); count > 0; --count) text += kPieces[below(16)];
    return text;
  }

  std::mt19937 random_;
};

}  // namespace sample
