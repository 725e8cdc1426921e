#include <fmt/format.h>

#include <utility>

#include "base/reloaded.h"
#include "base/time_left.h"
#include "tern/tls.h"

namespace tern::tls {

namespace {

using CertificatesPtr = std::shared_ptr<const Certificates>;

Status check_not_expired(const Certificates& certificates) {
  if (base::time_left(certificates.expires()) >= std::chrono::seconds(0)) return {};
  return Status(
      Code::kInvalidArgument,
      fmt::format("certificates: \"{}\", or one of its chain, has expired", certificates.subject()),
      HandlerRan::kNo);
}

Result<CertificatesPtr> load_current(const CertificateFiles& files) {
  Result<CertificatesPtr> loaded = Certificates::load(files);
  if (!loaded.ok()) return loaded;
  if (Status failure = check_not_expired(**loaded); !failure.ok()) return failure;
  return loaded;
}

}  // namespace

class CertificateSource::Impl {
 public:
  using Reloaded = base::Reloaded<CertificatesPtr>;

  static Result<std::unique_ptr<Impl>> open(const CertificateFiles& files,
                                            const CertificateSourceOptions& options) {
    base::FileWatchSetup setup{{files.chain, files.key, files.authorities, files.revoked},
                               options.check_interval,
                               *options.clock,
                               options.log,
                               options.log_level,
                               kArea,
                               kContents};
    auto read = Reloaded::open(
        std::move(setup), [files] { return load_current(files); }, &describe);
    if (!read.ok()) return read.take_status();
    return std::make_unique<Impl>(*std::move(read));
  }
  static std::unique_ptr<Impl> of(CertificatesPtr certificates) {
    base::FileWatchSetup setup{{},       std::chrono::nanoseconds(0), steady_clock(),
                               nullptr,  LogLevel::kWarning,          kArea,
                               kContents};
    return std::make_unique<Impl>(
        std::make_unique<Reloaded>(std::move(setup), std::move(certificates), &describe));
  }
  explicit Impl(std::unique_ptr<Reloaded> certificates) : certificates_(std::move(certificates)) {}

  Reloaded& certificates() noexcept { return *certificates_; }

 private:
  static constexpr std::string_view kArea = "tls";
  static constexpr std::string_view kContents = "certificates";

  static std::string describe(const CertificatesPtr& certificates) {
    return fmt::format("\"{}\"", certificates->subject());
  }

  const std::unique_ptr<Reloaded> certificates_;
};

CertificateSource::CertificateSource(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
CertificateSource::~CertificateSource() = default;

Result<std::shared_ptr<CertificateSource>> CertificateSource::open(
    const CertificateFiles& files, const CertificateSourceOptions& options) {
  Result<std::unique_ptr<Impl>> impl = Impl::open(files, options);
  if (!impl.ok()) return impl.take_status();
  return std::shared_ptr<CertificateSource>(new CertificateSource(*std::move(impl)));
}

std::shared_ptr<CertificateSource> CertificateSource::of(
    std::shared_ptr<const Certificates> certificates) {
  return std::shared_ptr<CertificateSource>(
      new CertificateSource(Impl::of(std::move(certificates))));
}

std::shared_ptr<const Certificates> CertificateSource::current() {
  return impl_->certificates().current();
}

Status CertificateSource::reload() {
  return impl_->certificates().reload();
}

void CertificateSource::set(std::shared_ptr<const Certificates> certificates) {
  impl_->certificates().set(std::move(certificates));
}

CertificateStats CertificateSource::stats() {
  const auto seen = impl_->certificates().look_at();
  CertificateStats stats;
  stats.subject = seen.value->subject();
  stats.expires = seen.value->expires();
  stats.reloads = seen.stats.reloads;
  stats.reload_failures = seen.stats.reload_failures;
  stats.last_failure = seen.stats.last_failure;
  return stats;
}

}  // namespace tern::tls
