// Who is accepted: the one place that every request of a server passes.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "tern/authenticator.h"
#include "tern/http_handler.h"
#include "tern/result.h"

namespace tern::serve {

// That a request may go on, and who asks. Only a ServerGate makes one; handlers of calls and of
// pages are started with one, so that no protocol can forget to ask.
class Admitted {
 public:
  // Null: nobody was asked who it is.
  std::unique_ptr<const Identity> take_identity() && noexcept { return std::move(identity_); }

 private:
  friend class ServerGate;
  Admitted() = default;
  explicit Admitted(std::unique_ptr<const Identity> identity) noexcept
      : identity_(std::move(identity)) {}

  std::unique_ptr<const Identity> identity_;
};

// Of one server. Threads: any.
class ServerGate {
 public:
  // Null: it is open to everybody.
  explicit ServerGate(std::shared_ptr<Authenticator> authenticator) noexcept
      : authenticator_(std::move(authenticator)) {}

  bool closed() const noexcept { return authenticator_ != nullptr; }

  // What needs no identity. Nothing: the authenticator is to be asked.
  std::optional<Admitted> accept_unasked(const Access& access) const noexcept {
    if (authenticator_ && access.kind != Access::Kind::kPublic) return std::nullopt;
    return Admitted();
  }
  std::optional<Admitted> accept_unasked(const HttpHandler& page,
                                         const HttpHandler::Request& request) const noexcept {
    if (authenticator_ && !page.is_public(request)) return std::nullopt;
    return Admitted();
  }

  // Of one that is closed.
  Authenticator& authenticator() const noexcept { return *authenticator_; }
  // What the authenticator's answer means for a request whose rules are `access`. `method`: for the
  // text; null of a page. A failure says that nothing has run.
  static Result<Admitted> judge(Result<Identity> answer, const Access& access,
                                const Method* method);
  // Whether who was accepted may see the page, which asks for one of these roles; for none if there
  // are none. A failure says that nothing has run.
  static Result<Admitted> let_see(Admitted admitted, std::string_view page,
                                  std::span<const std::string> roles);

 private:
  const std::shared_ptr<Authenticator> authenticator_;
};

}  // namespace tern::serve
