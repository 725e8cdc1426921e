#include <fmt/format.h>

#include <utility>

#include "base/reloaded.h"
#include "jwt/keys.h"
#include "tern/jwt.h"

namespace tern {

class JwtKeySource::Impl {
 public:
  using Keys = base::Reloaded<JwtKeys>;

  static Result<std::unique_ptr<Impl>> open(const std::string& path,
                                            Result<JwtKeys> (*read)(const std::string& path),
                                            const JwtKeySourceOptions& options) {
    base::FileWatchSetup setup{{path},      options.check_interval, *options.clock,
                               options.log, options.log_level,      kArea,
                               kContents};
    auto keys = Keys::open(
        std::move(setup), [path, read] { return read(path); }, &describe);
    if (!keys.ok()) return keys.take_status();
    return std::make_unique<Impl>(*std::move(keys));
  }
  static std::unique_ptr<Impl> of(JwtKeys keys) {
    base::FileWatchSetup setup{{},       std::chrono::nanoseconds(0), steady_clock(),
                               nullptr,  LogLevel::kWarning,          kArea,
                               kContents};
    return std::make_unique<Impl>(
        std::make_unique<Keys>(std::move(setup), std::move(keys), &describe));
  }
  explicit Impl(std::unique_ptr<Keys> keys) : keys_(std::move(keys)) {}

  Keys& keys() noexcept { return *keys_; }

 private:
  static constexpr std::string_view kArea = "jwt";
  static constexpr std::string_view kContents = "keys";

  static std::string describe(const JwtKeys& keys) {
    return fmt::format("{} of them", keys.set().size());
  }

  const std::unique_ptr<Keys> keys_;
};

JwtKeySource::JwtKeySource(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
JwtKeySource::~JwtKeySource() = default;

Result<std::shared_ptr<JwtKeySource>> JwtKeySource::open_pem(const std::string& path,
                                                             const JwtKeySourceOptions& options) {
  Result<std::unique_ptr<Impl>> impl = Impl::open(path, &JwtKeys::from_pem_file, options);
  if (!impl.ok()) return impl.take_status();
  return std::shared_ptr<JwtKeySource>(new JwtKeySource(*std::move(impl)));
}

Result<std::shared_ptr<JwtKeySource>> JwtKeySource::open_jwks(const std::string& path,
                                                              const JwtKeySourceOptions& options) {
  Result<std::unique_ptr<Impl>> impl = Impl::open(path, &JwtKeys::from_jwks_file, options);
  if (!impl.ok()) return impl.take_status();
  return std::shared_ptr<JwtKeySource>(new JwtKeySource(*std::move(impl)));
}

std::shared_ptr<JwtKeySource> JwtKeySource::of(JwtKeys keys) {
  return std::shared_ptr<JwtKeySource>(new JwtKeySource(Impl::of(std::move(keys))));
}

JwtKeys JwtKeySource::current() {
  return impl_->keys().current();
}

Status JwtKeySource::reload() {
  return impl_->keys().reload();
}

void JwtKeySource::set(JwtKeys keys) {
  impl_->keys().set(std::move(keys));
}

JwtKeyStats JwtKeySource::stats() {
  const base::Reloaded<JwtKeys>::Seen seen = impl_->keys().look_at();
  JwtKeyStats stats;
  stats.keys = seen.value.set().size();
  stats.age = seen.stats.age;
  stats.reloads = seen.stats.reloads;
  stats.reload_failures = seen.stats.reload_failures;
  stats.last_failure = seen.stats.last_failure;
  return stats;
}

}  // namespace tern
