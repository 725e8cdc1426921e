#include "wire/protocols.h"

#include <gtest/gtest.h>

#include <string_view>

#include "base/address_protocols.h"

namespace tern {
namespace {

TEST(WireProtocols, HaveTwoSidesAndAWayToBeRecognised) {
  for (const wire::Protocol& protocol : wire::protocols()) {
    EXPECT_FALSE(protocol.name.empty());
    EXPECT_NE(protocol.serve, nullptr) << protocol.name;
    // GeeRPC's is found by an Option.
    EXPECT_NE(protocol.call == nullptr,
              !protocol.addresses.empty() || !protocol.option_codec.empty())
        << protocol.name;
    EXPECT_NE(protocol.begins == nullptr, protocol.option_codec.empty()) << protocol.name;
  }
}

TEST(WireProtocols, AreFoundByWhatAddressesName) {
  for (const base::AddressProtocol& named : base::kAddressProtocols) {
    int rows = 0;
    for (const wire::Protocol& protocol : wire::protocols()) {
      for (Endpoint::Protocol address : protocol.addresses) rows += address == named.id ? 1 : 0;
    }
    EXPECT_EQ(rows, 1) << named.prefix;
  }
  EXPECT_EQ(wire::protocol_of_address(Endpoint::Protocol::kNetRpc, "test/codec").name, "net/rpc");
  EXPECT_EQ(wire::protocol_of_address(Endpoint::Protocol::kConnect, "test/codec").name, "http");
  EXPECT_EQ(wire::protocol_of_address(Endpoint::Protocol::kGrpcWeb, "test/codec").name, "http");
  EXPECT_EQ(wire::protocol_of_address(Endpoint::Protocol::kConnectH2, "test/codec").name, "HTTP/2");
  EXPECT_EQ(wire::protocol_of_address(Endpoint::Protocol::kFrames, "application/gob").name, "tern");
}

TEST(WireProtocols, BehindAnOptionAreFoundByItsCodec) {
  for (std::string_view codec : {"application/gob", "application/json"}) {
    EXPECT_EQ(wire::protocol_of_option(codec).name, "GeeRPC") << codec;
    EXPECT_EQ(wire::protocol_of_option(codec).option_codec, codec);
    EXPECT_EQ(&wire::protocol_of_address(Endpoint::Protocol::kOption, codec),
              &wire::protocol_of_option(codec));
  }
  for (std::string_view codec : {"application/x-tern", "application/x-tern+json", "a user's"}) {
    EXPECT_EQ(wire::protocol_of_option(codec).name, "tern") << codec;
  }
}

}  // namespace
}  // namespace tern
