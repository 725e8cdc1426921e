// gRPC's reflection, as a client of gRPC sees it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "grpc/reflection/v1/reflection.service.h"
#include "grpc/reflection/v1alpha/reflection.service.h"
#include "grpc_services/shop.h"
#include "shop.descriptor.h"
#include "tern/grpc_services.h"

namespace tern::test {
namespace {

using namespace std::chrono_literals;

using grpc::reflection::v1::ErrorResponse;
using grpc::reflection::v1::ExtensionRequest;
using grpc::reflection::v1::ServerReflectionRequest;
using grpc::reflection::v1::ServerReflectionResponse;
using grpc::reflection::v1::ServerReflectionStub;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

using Asked = BidiStream<ServerReflectionRequest, ServerReflectionResponse>;

// Of a FileDescriptorProto, whose first field it is.
std::string path_of(const std::vector<std::byte>& file) {
  return std::string(as_text(file).substr(2, static_cast<std::size_t>(file.at(1))));
}

class ReflectionTest : public ::testing::Test {
 protected:
  void serve() {
    ASSERT_TRUE(server_.add(std::make_shared<Shop>()).ok());
    const Status added = add_reflection<tests::shop::ShopService>(server_.server());
    ASSERT_TRUE(added.ok()) << added.to_string();
    connect();
  }
  void connect() {
    channel_ = server_.connect(ClientOptions(), kGrpcAddress);
    stub_.emplace(*channel_);
  }
  Asked open() { return stub_->ServerReflectionInfo(); }

  static ServerReflectionResponse ask(Asked& stream, const ServerReflectionRequest& request) {
    ServerReflectionResponse response;
    EXPECT_TRUE(stream.put(request)) << stream.status().to_string();
    EXPECT_TRUE(stream.get(response)) << stream.status().to_string();
    return response;
  }
  // The paths of the files that come, or the error.
  static std::vector<std::string> files(const ServerReflectionResponse& response) {
    std::vector<std::string> out;
    if (const ErrorResponse* error = response.error_response()) {
      out.push_back(std::to_string(error->error_code) + " " + error->error_message);
    } else if (const auto* found = response.file_descriptor_response()) {
      for (const auto& file : found->file_descriptor_proto) out.push_back(path_of(file));
    } else {
      ADD_FAILURE() << response;
    }
    return out;
  }
  static std::vector<std::string> files_of_symbol(Asked& stream, std::string symbol) {
    ServerReflectionRequest request;
    request.set_file_containing_symbol(std::move(symbol));
    return files(ask(stream, request));
  }
  static std::vector<std::string> files_of_path(Asked& stream, std::string path) {
    ServerReflectionRequest request;
    request.set_file_by_filename(std::move(path));
    return files(ask(stream, request));
  }
  std::vector<std::string> files_of_symbol(std::string symbol) {
    Asked stream = open();
    return files_of_symbol(stream, std::move(symbol));
  }
  static std::vector<std::string> services(Asked& stream) {
    ServerReflectionRequest request;
    request.set_list_services("*");
    const ServerReflectionResponse response = ask(stream, request);
    std::vector<std::string> out;
    if (response.list_services_response() == nullptr) {
      ADD_FAILURE() << response;
      return out;
    }
    for (const auto& each : response.list_services_response()->service) out.push_back(each.name);
    return out;
  }

  TestServer& server() { return server_; }
  Client& channel() { return *channel_; }

 private:
  TestServer server_;
  std::unique_ptr<Client> channel_;
  std::optional<ServerReflectionStub> stub_;
};

TEST_F(ReflectionTest, ListsTheServicesOfTheServerByName) {
  ASSERT_TRUE(server().add(std::make_shared<Till>()).ok());
  serve();
  Asked stream = open();
  EXPECT_THAT(services(stream), ElementsAre("grpc.reflection.v1.ServerReflection",
                                            "grpc.reflection.v1alpha.ServerReflection",
                                            "tests.shop.Shop", "tests.shop.Till"));
}

// They may be added behind it.
TEST_F(ReflectionTest, ListsServicesThatWereAddedLater) {
  serve();
  ASSERT_TRUE(add_health(server().server()).ok());
  Asked stream = open();
  EXPECT_THAT(services(stream), testing::Contains("grpc.health.v1.Health"));
  EXPECT_THAT(files_of_symbol("grpc.health.v1.Health"), ElementsAre("grpc/health/v1/health.proto"));
}

TEST_F(ReflectionTest, SendsAFileWithAllThatItImports) {
  serve();
  Asked stream = open();
  const std::vector<std::string> found = files_of_path(stream, "shop.proto");
  EXPECT_EQ(found.front(), "shop.proto");
  EXPECT_THAT(found, UnorderedElementsAre(
                         "shop.proto", "common.proto", "google/protobuf/empty.proto",
                         "google/protobuf/timestamp.proto", "google/protobuf/wrappers.proto"));
}

TEST_F(ReflectionTest, SendsTheBytesThatRpcgenWrote) {
  serve();
  Asked stream = open();
  ServerReflectionRequest request;
  request.set_file_containing_symbol("tests.shop.Shop");
  const ServerReflectionResponse response = ask(stream, request);
  EXPECT_EQ(as_text(response.file_descriptor_response()->file_descriptor_proto.at(0)),
            DescriptorOf<tests::shop::ShopService>::kFile.bytes);
}

TEST_F(ReflectionTest, SendsImportsOnceAStreamAndWhatIsAskedForAlways) {
  serve();
  Asked stream = open();
  EXPECT_EQ(files_of_symbol(stream, "tests.shop.Shop").size(), 5u);
  EXPECT_THAT(files_of_symbol(stream, "tests.shop.Item"), ElementsAre("shop.proto"));
  EXPECT_THAT(files_of_path(stream, "common.proto"), ElementsAre("common.proto"));
  Asked another = open();
  EXPECT_THAT(files_of_path(another, "common.proto"), ElementsAre("common.proto"));
  EXPECT_EQ(files_of_symbol(another, "tests.shop.Shop").size(), 4u);
}

TEST_F(ReflectionTest, FindsTheFileOfEachKindOfName) {
  serve();
  Asked stream = open();
  for (const char* symbol :
       {"tests.shop.Shop", "tests.shop.Shop.Find", "tests.shop.Till", "tests.shop.Till.Pay",
        "tests.shop.Item", "tests.shop.Item.name", "tests.shop.Item.price",
        "tests.shop.Item.GridList", "tests.shop.Item.GridList.values", "tests.shop.Item.AtEntry",
        "tests.shop.Size", "tests.shop.SIZE_SMALL", "tests.shop.Size.SIZE_SMALL"}) {
    const std::vector<std::string> found = files_of_symbol(stream, symbol);
    EXPECT_EQ(found.front(), "shop.proto") << symbol;
  }
  EXPECT_EQ(files_of_symbol(stream, "tests.common.NotFound").front(), "common.proto");
  EXPECT_EQ(files_of_symbol(stream, "google.protobuf.Timestamp").front(),
            "google/protobuf/timestamp.proto");
  EXPECT_EQ(files_of_symbol(stream, "grpc.reflection.v1alpha.ServerReflection").front(),
            "grpc/reflection/v1alpha/reflection.proto");
}

TEST_F(ReflectionTest, SaysWhatIsNotThereAndGoesOn) {
  serve();
  Asked stream = open();
  EXPECT_THAT(files_of_symbol(stream, "tests.shop.Sho"),
              ElementsAre("5 reflection: there is no \"tests.shop.Sho\""));
  EXPECT_THAT(files_of_symbol(stream, ""), ElementsAre("5 reflection: there is no \"\""));
  EXPECT_THAT(files_of_symbol(stream, ".tests.shop.Shop"),
              ElementsAre("5 reflection: there is no \".tests.shop.Shop\""));
  EXPECT_THAT(files_of_symbol(stream, "tests.shop\n"),
              ElementsAre("5 reflection: there is no \"tests.shop\\x0a\""));
  EXPECT_THAT(files_of_path(stream, "shop.rpc"),
              ElementsAre("5 reflection: there is no file \"shop.rpc\""));
  EXPECT_EQ(files_of_symbol(stream, "tests.shop.Shop").size(), 5u);
}

TEST_F(ReflectionTest, SaysThatTheFileOfAServiceWasNotGiven) {
  ASSERT_TRUE(server().add(std::make_shared<Shop>()).ok());
  ASSERT_TRUE(add_reflection(server().server()).ok());
  connect();
  EXPECT_THAT(files_of_symbol("tests.shop.Shop"),
              ElementsAre("5 reflection: the server has the service \"tests.shop.Shop\", and was "
                          "not given its file; expected it in add_reflection()"));
}

TEST_F(ReflectionTest, KnowsNoExtensions) {
  serve();
  Asked stream = open();
  ServerReflectionRequest request;
  request.set_file_containing_extension(ExtensionRequest("tests.shop.Item", 100));
  EXPECT_THAT(files(ask(stream, request)),
              ElementsAre("5 reflection: message \"tests.shop.Item\" has no extension 100"));
  request.set_file_containing_extension(ExtensionRequest("tests.shop.Shop", 100));
  EXPECT_THAT(files(ask(stream, request)),
              ElementsAre("5 reflection: there is no message \"tests.shop.Shop\""));
  request.set_all_extension_numbers_of_type("tests.shop.Item");
  const ServerReflectionResponse response = ask(stream, request);
  ASSERT_NE(response.all_extension_numbers_response(), nullptr) << response;
  EXPECT_EQ(response.all_extension_numbers_response()->base_type_name, "tests.shop.Item");
  EXPECT_THAT(response.all_extension_numbers_response()->extension_number, IsEmpty());
  request.set_all_extension_numbers_of_type("tests.shop.Size");
  EXPECT_THAT(files(ask(stream, request)),
              ElementsAre("5 reflection: there is no message \"tests.shop.Size\""));
}

TEST_F(ReflectionTest, RefusesARequestForNothing) {
  serve();
  Asked stream = open();
  const std::vector<std::string> said = files(ask(stream, ServerReflectionRequest()));
  EXPECT_THAT(said, ElementsAre(HasSubstr("3 reflection: the request asks for nothing")));
}

TEST_F(ReflectionTest, SendsTheRequestBackWithItsAnswer) {
  serve();
  Asked stream = open();
  ServerReflectionRequest request;
  request.host = "localhost";
  request.set_file_containing_symbol("x.Y");
  const ServerReflectionResponse response = ask(stream, request);
  EXPECT_EQ(response.valid_host, "localhost");
  EXPECT_EQ(response.original_request, request);
}

TEST_F(ReflectionTest, EndsAStreamWhoseNamesAreTooLong) {
  serve();
  Asked stream = open();
  ServerReflectionRequest request;
  request.host = std::string(4000, 'h');
  request.set_file_by_filename(std::string(96, 'f'));
  EXPECT_NE(ask(stream, request).error_response(), nullptr);
  request.set_file_by_filename(std::string(97, 'f'));
  EXPECT_TRUE(stream.put(request));
  ServerReflectionResponse response;
  EXPECT_FALSE(stream.get(response));
  EXPECT_EQ(stream.status().code(), Code::kInvalidArgument);
  EXPECT_EQ(stream.status().message(),
            "reflection: host and name have 4097 bytes; expected at most 4096");
}

TEST_F(ReflectionTest, AnswersManyRequestsOfOneStreamInOrder) {
  serve();
  Asked stream = open();
  constexpr int kRequests = 2000;
  for (int i = 0; i < kRequests; ++i) {
    ServerReflectionRequest request;
    request.set_file_by_filename(std::to_string(i));
    ASSERT_TRUE(stream.put(request));
    if (i % 100 != 99) continue;
    for (int k = i - 99; k <= i; ++k) {
      ServerReflectionResponse response;
      ASSERT_TRUE(stream.get(response)) << stream.status().to_string();
      EXPECT_EQ(*response.original_request->file_by_filename(), std::to_string(k));
    }
  }
  stream.end_writing();
  ServerReflectionResponse response;
  EXPECT_FALSE(stream.get(response));
  EXPECT_TRUE(stream.status().ok()) << stream.status().to_string();
}

TEST_F(ReflectionTest, AnswersTheSameAsV1Alpha) {
  namespace v1alpha = grpc::reflection::v1alpha;
  serve();
  auto stream = v1alpha::ServerReflectionStub(channel()).ServerReflectionInfo();
  v1alpha::ServerReflectionRequest request;
  request.set_file_containing_symbol("tests.shop.Shop.Find");
  ASSERT_TRUE(stream.put(request));
  v1alpha::ServerReflectionResponse response;
  ASSERT_TRUE(stream.get(response)) << stream.status().to_string();
  ASSERT_NE(response.file_descriptor_response(), nullptr);
  EXPECT_EQ(response.file_descriptor_response()->file_descriptor_proto.size(), 5u);
}

TEST_F(ReflectionTest, EndsItsStreamsWhenTheServerGoesAway) {
  serve();
  Asked stream = open();
  EXPECT_EQ(services(stream).size(), 3u);
  bool done = false;
  server().server().async_stop(1h, [&done] { done = true; });
  ServerReflectionResponse response;
  EXPECT_FALSE(stream.get(response));
  EXPECT_EQ(stream.status().code(), Code::kUnavailable);
  EXPECT_THAT(stream.status().message(), HasSubstr("the server goes away"));
  server().server().wait();
}

TEST_F(ReflectionTest, IsGivenUpWithItsStream) {
  serve();
  {
    Asked stream = open();
    EXPECT_EQ(services(stream).size(), 3u);
  }
  server().settle();
  EXPECT_EQ(server().server().stats().streams_open, 0u);
  for (const MethodStats& method : server().server().stats().methods) {
    EXPECT_EQ(method.running, 0u) << method.service << "." << method.method;
  }
}

TEST_F(ReflectionTest, TakesAFileThatIsGivenTwice) {
  const auto& file = DescriptorOf<tests::shop::ShopService>::kFile;
  EXPECT_TRUE(
      (add_reflection<tests::shop::ShopService, tests::shop::TillService>(server().server()).ok()));
  Server another;
  EXPECT_TRUE(add_reflection(another, {&file, &file, file.imports[0]}).ok());
}

TEST(ReflectionFiles, ThatAreWrongAreRefused) {
  static constexpr FileDescriptor kOther{"common.proto", "\012\014common.protob\006proto3"};
  static constexpr FileDescriptor kBroken{"broken.proto", "\012\177"};
  static constexpr FileDescriptor kAlone{"alone.proto", "\012\013alone.proto\032\001x"};
  const auto& file = DescriptorOf<tests::shop::ShopService>::kFile;
  Server server;
  Status refused = add_reflection(server, {&file, &kOther});
  EXPECT_EQ(refused.code(), Code::kInvalidArgument);
  EXPECT_THAT(refused.message(), HasSubstr("there are two different files \"common.proto\""));
  refused = add_reflection(server, {&kBroken});
  EXPECT_THAT(refused.message(), HasSubstr("a file of 2 bytes is no FileDescriptorProto"));
  refused = add_reflection(server, {&kAlone});
  EXPECT_THAT(refused.message(), HasSubstr("\"alone.proto\" imports \"x\", which is not there"));
  refused = add_reflection(server, {nullptr});
  EXPECT_THAT(refused.message(), HasSubstr("a file is null"));
  EXPECT_TRUE(add_reflection(server, {&file}).ok());
  EXPECT_EQ(add_reflection(server, {&file}).code(), Code::kAlreadyExists);
}

}  // namespace
}  // namespace tern::test
