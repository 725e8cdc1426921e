#include "serve/router.h"

#include <gtest/gtest.h>

#include <array>

#include "serve/sample_service.h"
#include "tern/codec/type_ops_of.h"

namespace tern {
namespace {

using test::SampleService;
using test::ScriptedService;

// A service that is only looked up.
class NamedService final : public Service {
 public:
  NamedService(std::string_view name, std::string_view method, std::uint32_t id)
      : name_(name),
        methods_{{{name,
                   method,
                   id,
                   &type_ops<Nothing>,
                   &type_ops<Nothing>,
                   {},
                   std::chrono::nanoseconds(0),
                   false}}} {}
  std::string_view name() const noexcept override { return name_; }
  std::span<const Method> methods() const noexcept override { return methods_; }
  void dispatch(std::size_t, ServerCall&) override {}

 private:
  std::string_view name_;
  std::array<Method, 1> methods_;
};

std::shared_ptr<Service> named(std::string_view name, std::string_view method) {
  return std::make_shared<NamedService>(name, method, method_id(name, method));
}

TEST(Router, FindsAMethodByItsId) {
  Router router;
  auto service = std::make_shared<ScriptedService>();
  ASSERT_TRUE(router.add(service).ok());
  const Route* route = router.find(SampleService::method(SampleService::kMeasure).id);
  ASSERT_NE(route, nullptr);
  EXPECT_EQ(route->service, service.get());
  EXPECT_EQ(route->position, SampleService::kMeasure);
}

TEST(Router, FindsNothingWhenItIsEmptyOrTheIdIsUnknown) {
  Router router;
  EXPECT_EQ(router.find(1), nullptr);
  EXPECT_FALSE(router.find("Sample.Echo").ok());
  ASSERT_TRUE(router.add(std::make_shared<ScriptedService>()).ok());
  EXPECT_EQ(router.find(1), nullptr);
}

TEST(Router, FindsAMethodByEveryFormOfItsName) {
  Router router;
  ASSERT_TRUE(router.add(std::make_shared<ScriptedService>()).ok());
  for (std::string_view name : {"Sample.Touch", "sample.Sample.Touch", "sample.Sample/Touch"}) {
    Result<const Route*> route = router.find(name);
    ASSERT_TRUE(route.ok()) << name;
    EXPECT_EQ((*route)->method->name, "Touch");
  }
}

TEST(Router, SaysWhichHalfOfANameIsUnknown) {
  Router router;
  ASSERT_TRUE(router.add(std::make_shared<ScriptedService>()).ok());
  auto text = [&router](std::string_view name) {
    return std::string(router.find(name).status().message());
  };
  EXPECT_EQ(text("Simple.Echo"), "rpc server: can't find service Simple");
  EXPECT_EQ(text("Sample.Ecko"), "rpc server: can't find method Ecko");
  EXPECT_EQ(text("other.Sample/Echo"), "rpc server: can't find service other.Sample");
  EXPECT_EQ(text("Echo"), "rpc server: service/method request ill-formed: Echo");
  EXPECT_EQ(text("Sample."), "rpc server: service/method request ill-formed: Sample.");
  EXPECT_EQ(text(".Echo"), "rpc server: service/method request ill-formed: .Echo");
  EXPECT_EQ(router.find("Simple.Echo").status().handler_ran(), HandlerRan::kNo);
}

TEST(Router, EscapesAndCutsWhatAPeerNames) {
  Router router;
  std::string text(router.find("S\n." + std::string(100, 'x')).status().message());
  EXPECT_EQ(text, "rpc server: can't find service S\\x0a");
  text = router.find(std::string(100, 'x')).status().message();
  EXPECT_EQ(text, "rpc server: service/method request ill-formed: " + std::string(64, 'x') + "...");
}

TEST(Router, RefusesASecondServiceOfTheSameName) {
  Router router;
  ASSERT_TRUE(router.add(std::make_shared<ScriptedService>()).ok());
  Status again = router.add(std::make_shared<ScriptedService>());
  EXPECT_EQ(again.code(), Code::kAlreadyExists);
  EXPECT_EQ(again.message(), "service sample.Sample: it is served already");
  EXPECT_EQ(router.routes().size(), 3u);
}

TEST(Router, RefusesAMethodWhoseIdIsTaken) {
  Router router;
  ASSERT_TRUE(router.add(std::make_shared<NamedService>("a.A", "M", 7)).ok());
  Status taken = router.add(std::make_shared<NamedService>("b.B", "N", 7));
  EXPECT_EQ(taken.code(), Code::kAlreadyExists);
  EXPECT_EQ(taken.message(),
            "service b.B: method N has the id 0x00000007 of a.A.M; rename one of them");
}

TEST(Router, AsksForThePackageWhenTwoServicesShareTheirShortName) {
  Router router;
  ASSERT_TRUE(router.add(named("a.Arith", "Add")).ok());
  ASSERT_TRUE(router.find("Arith.Add").ok());
  ASSERT_TRUE(router.add(named("b.Arith", "Add")).ok());
  EXPECT_EQ(router.find("Arith.Add").status().message(),
            "rpc server: service Arith stands in several packages; name it with its package");
  EXPECT_TRUE(router.find("a.Arith.Add").ok());
  EXPECT_TRUE(router.find("b.Arith/Add").ok());
}

TEST(Router, GivesAWholeNameToItsOwner) {
  Router router;
  ASSERT_TRUE(router.add(named("a.Arith", "Add")).ok());
  ASSERT_TRUE(router.add(named("Arith", "Add")).ok());
  Result<const Route*> route = router.find("Arith.Add");
  ASSERT_TRUE(route.ok());
  EXPECT_EQ((*route)->method->service, "Arith");
}

TEST(Router, FindsEachOfManyMethodsWithIdsThatCollide) {
  Router router;
  for (std::uint32_t i = 0; i < 100; ++i) {
    // All ids fall on the same slot of any table this size.
    static std::array<std::string, 100> names;
    names[i] = "p.S" + std::to_string(i);
    ASSERT_TRUE(router.add(std::make_shared<NamedService>(names[i], "M", i << 16)).ok());
  }
  for (std::uint32_t i = 0; i < 100; ++i) {
    const Route* route = router.find(i << 16);
    ASSERT_NE(route, nullptr);
    EXPECT_EQ(route->index, i);
  }
  EXPECT_EQ(router.find(100u << 16), nullptr);
}

TEST(Router, LearnsTheMethodsOfAServiceMadeForEachConnection) {
  Router router;
  int made = 0;
  ASSERT_TRUE(router
                  .add_per_connection([&made]() -> std::unique_ptr<Service> {
                    ++made;
                    return std::make_unique<ScriptedService>();
                  })
                  .ok());
  const Route* route = router.find(SampleService::method(SampleService::kEcho).id);
  ASSERT_NE(route, nullptr);
  EXPECT_EQ(route->service, nullptr);
  EXPECT_NE(router.make(route->factory), nullptr);
  EXPECT_EQ(made, 2);
}

TEST(Router, RefusesAFactoryThatMakesNothing) {
  Router router;
  EXPECT_EQ(router.add_per_connection(nullptr).code(), Code::kInvalidArgument);
  EXPECT_EQ(router.add_per_connection([] { return std::unique_ptr<Service>(); }).code(),
            Code::kInvalidArgument);
  EXPECT_EQ(router.add(nullptr).code(), Code::kInvalidArgument);
}

}  // namespace
}  // namespace tern
