#include <fmt/format.h>

#include <mutex>
#include <utility>

#include "base/file_state.h"
#include "base/log_throttle.h"
#include "jwt/keys.h"
#include "tern/jwt.h"

namespace tern {

class JwtKeySource::Impl {
 public:
  using Read = Result<JwtKeys> (*)(const std::string& path);

  // Fails if the file cannot be used.
  static Result<std::unique_ptr<Impl>> open(const std::string& path, Read how,
                                            const JwtKeySourceOptions& options) {
    // Looked at first: what is written meanwhile is seen the next time.
    const base::FileState state = base::state_of(path);
    Result<JwtKeys> keys = how(path);
    if (!keys.ok()) return keys.take_status();
    return std::make_unique<Impl>(path, how, options, *std::move(keys), state);
  }
  Impl(std::string path, Read how, const JwtKeySourceOptions& options, JwtKeys keys,
       base::FileState state)
      : path_(std::move(path)),
        read_(how),
        interval_(options.check_interval),
        clock_(*options.clock),
        log_(*options.clock, options.log, options.log_level),
        current_(std::move(keys)),
        state_(state),
        looked_at_(clock_.now()),
        taken_at_(looked_at_) {}
  explicit Impl(JwtKeys keys)
      : clock_(steady_clock()),
        log_(clock_, nullptr),
        current_(std::move(keys)),
        taken_at_(clock_.now()) {}

  JwtKeys current() {
    std::lock_guard lock(mutex_);
    look();
    return current_;
  }

  Status reload() {
    std::lock_guard lock(mutex_);
    return read_ ? read() : Status();
  }

  void set(JwtKeys keys) {
    std::lock_guard lock(mutex_);
    take(std::move(keys));
  }

  JwtKeyStats stats() {
    std::lock_guard lock(mutex_);
    look();
    JwtKeyStats stats = stats_;
    stats.keys = current_.set().size();
    stats.age = clock_.now() - taken_at_;
    return stats;
  }

 private:
  // All with mutex_ held.
  void look() {
    if (!read_) return;
    const Clock::TimePoint now = clock_.now();
    if (now - looked_at_ < interval_) return;
    looked_at_ = now;
    // A file that could not be used may have been a half of one: it is tried again.
    if (stats_.last_failure.empty() && base::state_of(path_) == state_) return;
    (void)read();
  }

  Status read() {
    state_ = base::state_of(path_);
    Result<JwtKeys> keys = read_(path_);
    if (keys.ok()) {
      take(*std::move(keys));
      return {};
    }
    ++stats_.reload_failures;
    stats_.last_failure = keys.status().message();
    if (log_.takes(LogLevel::kWarning)) {
      log_.line(fmt::format("tern: jwt: the keys stay as they are, {} of them: {}",
                            current_.set().size(), keys.status().message()),
                LogLevel::kWarning);
    }
    return keys.take_status();
  }

  void take(JwtKeys keys) {
    current_ = std::move(keys);
    taken_at_ = clock_.now();
    ++stats_.reloads;
    stats_.last_failure.clear();
    if (log_.takes(LogLevel::kInfo)) {
      log_.line(fmt::format("tern: jwt: new keys, {} of them", current_.set().size()),
                LogLevel::kInfo);
    }
  }

  const std::string path_;
  const Read read_ = nullptr;  // null: the keys are from no file
  const std::chrono::nanoseconds interval_{0};
  Clock& clock_;
  base::LogThrottle log_;

  std::mutex mutex_;  // guards the following
  JwtKeys current_;
  base::FileState state_;
  Clock::TimePoint looked_at_{};
  Clock::TimePoint taken_at_;
  JwtKeyStats stats_;
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
  return std::shared_ptr<JwtKeySource>(new JwtKeySource(std::make_unique<Impl>(std::move(keys))));
}

JwtKeys JwtKeySource::current() {
  return impl_->current();
}

Status JwtKeySource::reload() {
  return impl_->reload();
}

void JwtKeySource::set(JwtKeys keys) {
  impl_->set(std::move(keys));
}

JwtKeyStats JwtKeySource::stats() {
  return impl_->stats();
}

}  // namespace tern
