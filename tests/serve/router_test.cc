#include "serve/router.h"

#include <gtest/gtest.h>

#include <array>

#include "serve/sample_service.h"
#include "tern/codegen/type_ops_of.h"

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
  serve::Router router;
  auto service = std::make_shared<ScriptedService>();
  ASSERT_TRUE(router.add(service).ok());
  const serve::Route* route = router.find(SampleService::method(SampleService::kMeasure).id);
  ASSERT_NE(route, nullptr);
  EXPECT_EQ(route->service, service.get());
  EXPECT_EQ(route->position, SampleService::kMeasure);
}

TEST(Router, FindsNothingWhenItIsEmptyOrTheIdIsUnknown) {
  serve::Router router;
  EXPECT_EQ(router.find(1), nullptr);
  EXPECT_EQ(router.find("Sample.Echo").route, nullptr);
  ASSERT_TRUE(router.add(std::make_shared<ScriptedService>()).ok());
  EXPECT_EQ(router.find(1), nullptr);
}

TEST(Router, FindsAMethodByEveryFormOfItsName) {
  serve::Router router;
  ASSERT_TRUE(router.add(std::make_shared<ScriptedService>()).ok());
  for (std::string_view name : {"Sample.Touch", "sample.Sample.Touch", "sample.Sample/Touch"}) {
    const serve::Route* route = router.find(name).route;
    ASSERT_NE(route, nullptr) << name;
    EXPECT_EQ(route->method->name, "Touch");
  }
}

TEST(Router, SaysWhichHalfOfANameIsUnknown) {
  serve::Router router;
  ASSERT_TRUE(router.add(std::make_shared<ScriptedService>()).ok());
  auto why = [&router](std::string_view name) {
    EXPECT_EQ(router.find(name).route, nullptr) << name;
    return router.find(name).unknown;
  };
  EXPECT_EQ(why("Simple.Echo"), wire::UnknownMethod::kService);
  EXPECT_EQ(why("Sample.Ecko"), wire::UnknownMethod::kMethod);
  EXPECT_EQ(why("other.Sample/Echo"), wire::UnknownMethod::kService);
  EXPECT_EQ(why("Echo"), wire::UnknownMethod::kIllFormed);
}

TEST(Router, SplitsANameAtItsLastDotAsGoDoes) {
  serve::Router router;
  ASSERT_TRUE(router.add(std::make_shared<ScriptedService>()).ok());
  EXPECT_EQ(router.find("Sample.").unknown, wire::UnknownMethod::kMethod);
  EXPECT_EQ(router.find(".Echo").unknown, wire::UnknownMethod::kService);
  EXPECT_EQ(router.find(".").unknown, wire::UnknownMethod::kService);
  EXPECT_EQ(router.find("").unknown, wire::UnknownMethod::kIllFormed);
}

TEST(Router, RefusesASecondServiceOfTheSameName) {
  serve::Router router;
  ASSERT_TRUE(router.add(std::make_shared<ScriptedService>()).ok());
  Status again = router.add(std::make_shared<ScriptedService>());
  EXPECT_EQ(again.code(), Code::kAlreadyExists);
  EXPECT_EQ(again.message(), "service sample.Sample: it is served already");
  EXPECT_EQ(router.routes().size(), 3u);
}

TEST(Router, RefusesAMethodWhoseIdIsTaken) {
  serve::Router router;
  ASSERT_TRUE(router.add(std::make_shared<NamedService>("a.A", "M", 7)).ok());
  Status taken = router.add(std::make_shared<NamedService>("b.B", "N", 7));
  EXPECT_EQ(taken.code(), Code::kAlreadyExists);
  EXPECT_EQ(taken.message(),
            "service b.B: method N has the id 0x00000007 of a.A.M; rename one of them");
}

TEST(Router, AsksForThePackageWhenTwoServicesShareTheirShortName) {
  serve::Router router;
  ASSERT_TRUE(router.add(named("a.Arith", "Add")).ok());
  ASSERT_NE(router.find("Arith.Add").route, nullptr);
  ASSERT_TRUE(router.add(named("b.Arith", "Add")).ok());
  EXPECT_EQ(router.find("Arith.Add").route, nullptr);
  EXPECT_EQ(router.find("Arith.Add").unknown, wire::UnknownMethod::kAmbiguous);
  EXPECT_NE(router.find("a.Arith.Add").route, nullptr);
  EXPECT_NE(router.find("b.Arith/Add").route, nullptr);
}

TEST(Router, GivesAWholeNameToItsOwner) {
  serve::Router router;
  ASSERT_TRUE(router.add(named("a.Arith", "Add")).ok());
  ASSERT_TRUE(router.add(named("Arith", "Add")).ok());
  const serve::Route* route = router.find("Arith.Add").route;
  ASSERT_NE(route, nullptr);
  EXPECT_EQ(route->method->service, "Arith");
}

TEST(Router, FindsEachOfManyMethodsWithIdsThatCollide) {
  serve::Router router;
  for (std::uint32_t i = 0; i < 100; ++i) {
    // All ids fall on the same slot of any table this size.
    static std::array<std::string, 100> names;
    names[i] = "p.S" + std::to_string(i);
    ASSERT_TRUE(router.add(std::make_shared<NamedService>(names[i], "M", i << 16)).ok());
  }
  for (std::uint32_t i = 0; i < 100; ++i) {
    const serve::Route* route = router.find(i << 16);
    ASSERT_NE(route, nullptr);
    EXPECT_EQ(route->index, i);
  }
  EXPECT_EQ(router.find(100u << 16), nullptr);
}

TEST(Router, LearnsTheMethodsOfAServiceMadeForEachConnection) {
  serve::Router router;
  int made = 0;
  ASSERT_TRUE(router
                  .add_per_connection([&made]() -> std::unique_ptr<Service> {
                    ++made;
                    return std::make_unique<ScriptedService>();
                  })
                  .ok());
  const serve::Route* route = router.find(SampleService::method(SampleService::kEcho).id);
  ASSERT_NE(route, nullptr);
  EXPECT_EQ(route->service, nullptr);
  EXPECT_NE(router.make(route->factory), nullptr);
  EXPECT_EQ(made, 2);
}

TEST(Router, RefusesAFactoryThatMakesNothing) {
  serve::Router router;
  EXPECT_EQ(router.add_per_connection(nullptr).code(), Code::kInvalidArgument);
  EXPECT_EQ(router.add_per_connection([] { return std::unique_ptr<Service>(); }).code(),
            Code::kInvalidArgument);
  EXPECT_EQ(router.add(nullptr).code(), Code::kInvalidArgument);
}

TEST(Router, SaysWhatItHas) {
  serve::Router router;
  EXPECT_EQ(router.services(), "nothing");
  for (const char* name : {"a.A", "b.B", "c.C", "d.D", "e.E"}) {
    ASSERT_TRUE(router.add(named(name, "Do")).ok());
  }
  EXPECT_EQ(router.services(), "a.A, b.B, c.C, d.D, e.E");
  ASSERT_TRUE(router.add(named("f.F", "Do")).ok());
  EXPECT_EQ(router.services(), "a.A, b.B, c.C, d.D, e.E and 1 more");
}

}  // namespace
}  // namespace tern
