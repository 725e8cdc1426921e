// What a session has asked its server's authenticator, until the answers are there.
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <thread>
#include <utility>
#include <variant>

#include "serve/http_reply.h"
#include "serve/server_gate.h"
#include "tern/function.h"

namespace tern::serve {

class Session;

// Threads: the loop's.
class Questions {
 public:
  using Later = UniqueFunction<void(Result<Admitted>)>;
  // That an answer is waited for, as long as it lives: no longer than the Questions.
  class Ticket {
   public:
    Ticket() noexcept = default;
    Ticket(Questions& questions, std::uint64_t number) noexcept
        : questions_(&questions), number_(number) {}
    Ticket(Ticket&& other) noexcept
        : questions_(std::exchange(other.questions_, nullptr)), number_(other.number_) {}
    Ticket& operator=(Ticket&& other) noexcept {
      std::swap(questions_, other.questions_);
      std::swap(number_, other.number_);
      return *this;
    }
    ~Ticket() {
      if (questions_) questions_->awaited_.erase(number_);
    }

   private:
    Questions* questions_ = nullptr;
    std::uint64_t number_ = 0;
  };
  // What ask() has come to: the answer, or a ticket for it.
  using Asked = std::variant<Result<Admitted>, Ticket>;

  explicit Questions(Session& session) noexcept : session_(session) {}
  Questions(const Questions&) = delete;
  Questions& operator=(const Questions&) = delete;

  // Asks who it is. An answer that is not there at once goes to `later`, if its ticket still lives
  // then. The server's gate is closed; `access` and the method outlive this.
  Asked ask(const Credentials& credentials, const Access& access, Later later);

 private:
  // The answer on its way here. Threads: answer() and the destructor from any.
  class Reply {
   public:
    Reply(std::weak_ptr<Session> session, std::shared_ptr<WayToLoop> way, std::uint64_t number);
    Reply(const Reply&) = delete;
    Reply& operator=(const Reply&) = delete;
    ~Reply();

    // The first one counts.
    void answer(Result<Identity> answer);
    // The authenticator has returned: what it has answered from within, if it has.
    std::optional<Result<Identity>> take_answer();

   private:
    const std::weak_ptr<Session> session_;
    const std::shared_ptr<WayToLoop> way_;
    const std::uint64_t number_;
    const std::thread::id loop_thread_;
    std::atomic<bool> answered_ = false;
    bool within_ = true;  // the authenticator; of the loop's thread
    std::optional<Result<Identity>> answer_;
  };
  struct Awaited {
    const Access* access = nullptr;
    const Method* method = nullptr;
    Later later;
  };

  void on_answer(std::uint64_t number, Result<Identity> answer);

  Session& session_;
  std::map<std::uint64_t, Awaited> awaited_;
  std::uint64_t last_ = 0;
};

}  // namespace tern::serve
