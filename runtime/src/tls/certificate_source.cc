#include <fmt/format.h>

#include <array>
#include <mutex>
#include <utility>

#include "base/file_state.h"
#include "base/log_throttle.h"
#include "base/time_left.h"
#include "tern/tls.h"

namespace tern::tls {

namespace {

using FileStates = std::array<base::FileState, 4>;

FileStates states_of(const CertificateFiles& files) {
  return {base::state_of(files.chain), base::state_of(files.key), base::state_of(files.authorities),
          base::state_of(files.revoked)};
}

Status check_not_expired(const Certificates& certificates) {
  if (base::time_left(certificates.expires()) >= std::chrono::seconds(0)) return {};
  return Status(
      Code::kInvalidArgument,
      fmt::format("certificates: \"{}\", or one of its chain, has expired", certificates.subject()),
      HandlerRan::kNo);
}

}  // namespace

class CertificateSource::Impl {
 public:
  Impl(CertificateFiles files, const CertificateSourceOptions& options,
       std::shared_ptr<const Certificates> certificates, FileStates states)
      : files_(std::move(files)),
        interval_(options.check_interval),
        clock_(*options.clock),
        log_(*options.clock, options.log, options.log_level),
        from_files_(true),
        current_(std::move(certificates)),
        states_(states),
        looked_at_(clock_.now()) {}
  explicit Impl(std::shared_ptr<const Certificates> certificates)
      : clock_(steady_clock()), log_(clock_, nullptr), current_(std::move(certificates)) {}

  std::shared_ptr<const Certificates> current() {
    std::lock_guard lock(mutex_);
    look();
    return current_;
  }

  Status reload() {
    std::lock_guard lock(mutex_);
    return from_files_ ? read() : Status();
  }

  void set(std::shared_ptr<const Certificates> certificates) {
    std::lock_guard lock(mutex_);
    take(std::move(certificates));
  }

  CertificateStats stats() {
    std::lock_guard lock(mutex_);
    look();
    CertificateStats stats = stats_;
    stats.subject = current_->subject();
    stats.expires = current_->expires();
    return stats;
  }

 private:
  // All with mutex_ held.
  void look() {
    const Clock::TimePoint now = clock_.now();
    if (!from_files_ || now - looked_at_ < interval_) return;
    looked_at_ = now;
    // A set that could not be used may have been a half of one: it is tried again.
    if (stats_.last_failure.empty() && states_of(files_) == states_) return;
    (void)read();
  }

  Status read() {
    // Looked at first: what is written meanwhile is seen the next time.
    states_ = states_of(files_);
    Result<std::shared_ptr<const Certificates>> loaded = Certificates::load(files_);
    Status failure = loaded.status();
    if (failure.ok()) failure = check_not_expired(**loaded);
    if (failure.ok()) {
      take(std::move(*loaded));
      return {};
    }
    ++stats_.reload_failures;
    stats_.last_failure = failure.message();
    if (log_.takes(LogLevel::kWarning)) {
      log_.line(fmt::format("tern: tls: the certificates stay as they are, \"{}\": {}",
                            current_->subject(), failure.message()),
                LogLevel::kWarning);
    }
    return failure;
  }

  void take(std::shared_ptr<const Certificates> certificates) {
    current_ = std::move(certificates);
    ++stats_.reloads;
    stats_.last_failure.clear();
    if (log_.takes(LogLevel::kInfo)) {
      log_.line(fmt::format("tern: tls: new certificates, \"{}\"", current_->subject()),
                LogLevel::kInfo);
    }
  }

  const CertificateFiles files_;
  const std::chrono::nanoseconds interval_{0};
  Clock& clock_;
  base::LogThrottle log_;
  const bool from_files_ = false;

  std::mutex mutex_;  // guards the following
  std::shared_ptr<const Certificates> current_;
  FileStates states_;
  Clock::TimePoint looked_at_{};
  CertificateStats stats_;
};

CertificateSource::CertificateSource(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
CertificateSource::~CertificateSource() = default;

Result<std::shared_ptr<CertificateSource>> CertificateSource::open(
    const CertificateFiles& files, const CertificateSourceOptions& options) {
  FileStates states = states_of(files);
  Result<std::shared_ptr<const Certificates>> loaded = Certificates::load(files);
  if (!loaded.ok()) return loaded.take_status();
  if (Status failure = check_not_expired(**loaded); !failure.ok()) return failure;
  return std::shared_ptr<CertificateSource>(
      new CertificateSource(std::make_unique<Impl>(files, options, std::move(*loaded), states)));
}

std::shared_ptr<CertificateSource> CertificateSource::of(
    std::shared_ptr<const Certificates> certificates) {
  return std::shared_ptr<CertificateSource>(
      new CertificateSource(std::make_unique<Impl>(std::move(certificates))));
}

std::shared_ptr<const Certificates> CertificateSource::current() {
  return impl_->current();
}

Status CertificateSource::reload() {
  return impl_->reload();
}

void CertificateSource::set(std::shared_ptr<const Certificates> certificates) {
  impl_->set(std::move(certificates));
}

CertificateStats CertificateSource::stats() {
  return impl_->stats();
}

}  // namespace tern::tls
