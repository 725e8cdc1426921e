// A service as rpcgen writes it, by hand, whose handlers the tests choose.
#pragma once

#include <array>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "tern/service.h"

namespace tern::test {

// With an authenticator Echo is for everybody who is known, Measure for surveyors and admins, and
// Touch, which is unmarked, for nobody.
class SampleService : public Service {
 public:
  enum Position : std::size_t { kEcho, kMeasure, kTouch };

  std::string_view name() const noexcept override { return "sample.Sample"; }
  std::span<const Method> methods() const noexcept override;
  void dispatch(std::size_t method, ServerCall& call) override;

  static const Method& method(Position position);

  virtual Reply<std::string> Echo(ServerContext& context, std::string text) = 0;
  virtual Reply<double> Measure(ServerContext& context, std::string text) = 0;
  virtual Reply<void> Touch(ServerContext& context) = 0;
};

// Echo answers with what came, unless told otherwise.
class ScriptedService final : public SampleService {
 public:
  using Handler = std::function<Reply<std::string>(ServerContext&, std::string)>;

  void on_echo(Handler handler) { echo_ = std::move(handler); }
  int echoes() const { return echoes_; }

  Reply<std::string> Echo(ServerContext& context, std::string text) override {
    ++echoes_;
    if (echo_) return echo_(context, std::move(text));
    return text;
  }
  // Answers with the number that the text is; "nan" is one.
  Reply<double> Measure(ServerContext&, std::string text) override { return std::stod(text); }
  Reply<void> Touch(ServerContext&) override { return {}; }

 private:
  Handler echo_;
  int echoes_ = 0;
};

}  // namespace tern::test
