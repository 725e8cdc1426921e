#include "call/tokens.h"

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <utility>

#include "base/ascii.h"
#include "base/duration_text.h"

namespace tern::call {

namespace {

// The source is asked again when this part of the time of a token is left.
constexpr int kPartLeft = 5;

Status none(std::string_view why) {
  return Status(Code::kUnauthenticated, fmt::format("there is no token to send: {}", why),
                HandlerRan::kNo);
}

}  // namespace

// The source's answer, on its way to the loop. Threads: any.
class Tokens::Reply {
 public:
  Reply(Loop& loop, std::weak_ptr<void> user, Tokens& tokens, std::uint64_t asked)
      : loop_(loop.shared_from_this()), user_(std::move(user)), tokens_(tokens), asked_(asked) {}
  Reply(const Reply&) = delete;
  Reply& operator=(const Reply&) = delete;
  ~Reply() {
    if (!answered_) answer(Status(Code::kUnavailable, "the token source gave no answer"));
  }

  // The first one counts. Never from within fetch().
  void answer(Result<Token> token) {
    if (answered_.exchange(true)) return;
    loop_->post(
        [user = user_, &tokens = tokens_, asked = asked_, token = std::move(token)]() mutable {
          if (std::shared_ptr<void> alive = user.lock()) tokens.on_answer(asked, std::move(token));
        });
  }

 private:
  const std::shared_ptr<Loop> loop_;
  const std::weak_ptr<void> user_;
  Tokens& tokens_;  // lives as long as the user
  const std::uint64_t asked_;
  std::atomic<bool> answered_ = false;
};

Tokens::Tokens(Loop& loop, const ClientOptions& options, const Endpoint& endpoint, TokensUser& user)
    : loop_(loop),
      options_(options),
      endpoint_(endpoint),
      user_(user),
      current_(none("the source has not been asked")),
      backoff_(options.backoff, options.random),
      refresh_timer_([this] { on_refresh(); }),
      end_timer_([this] { on_end(); }),
      patience_([this] {
        fail(
            Status(Code::kUnavailable, fmt::format("the token source gave no answer within {}",
                                                   base::duration_text(options_.connect_timeout))));
      }) {}

Tokens::~Tokens() = default;

void Tokens::fetch() {
  if (fetching_) return;
  fetching_ = true;
  refresh_timer_.cancel();
  if (options_.connect_timeout.count() > 0) {
    loop_.start_timer(patience_, saturating_add(loop_.now(), options_.connect_timeout));
  }
  auto reply = std::make_shared<Reply>(loop_, user_.keep_alive(), *this, ++asked_);
  try {
    options_.token_source->token(endpoint_,
                                 [reply](Result<Token> token) { reply->answer(std::move(token)); });
  } catch (const std::exception& thrown) {
    reply->answer(
        Status(Code::kUnavailable, fmt::format("the token source threw: {}", thrown.what())));
  }
}

void Tokens::renew(std::uint64_t seen, UniqueFunction<void(const Status&)> done) {
  if (number_ > seen && current_.ok()) {
    done(Status());
    return;
  }
  waiting_.push_back(std::move(done));
  fetch();
}

void Tokens::stop(const Status& why) {
  ++asked_;  // an answer that is on its way is another one's
  fetching_ = false;
  refresh_timer_.cancel();
  end_timer_.cancel();
  patience_.cancel();
  answer_waiting(why);
}

void Tokens::on_answer(std::uint64_t asked, Result<Token> answer) {
  if (asked != asked_ || !fetching_) return;
  if (!answer.ok()) {
    fail(answer.take_status());
    return;
  }
  const std::string& value = answer->value;
  if (value.empty() || !std::all_of(value.begin(), value.end(), base::is_visible)) {
    fail(Status(Code::kInvalidArgument,
                "the token source gave what is no token: expected visible ASCII"));
    return;
  }
  fetching_ = false;
  patience_.cancel();
  backoff_.reset();
  current_ = "Bearer " + value;
  carried_.store(++number_, std::memory_order_relaxed);
  end_ = Clock::TimePoint::max();
  end_timer_.cancel();
  if (answer->lifetime.count() > 0) {
    const Clock::TimePoint now = loop_.now();
    end_ = saturating_add(now, answer->lifetime);
    loop_.start_timer(end_timer_, end_);
    loop_.start_timer(refresh_timer_,
                      saturating_add(now, answer->lifetime - answer->lifetime / kPartLeft));
  }
  user_.on_token(current_);
  answer_waiting(Status());
}

// What there is stays good until its end; the source is asked again, also behind that.
void Tokens::fail(Status why) {
  std::shared_ptr<void> alive = user_.keep_alive();
  ++asked_;
  fetching_ = false;
  patience_.cancel();
  bool again = current_.ok();
  if (!again) {
    current_ = none(why.message());
    again = user_.on_no_token(current_.status());
  }
  if (again) loop_.start_timer(refresh_timer_, saturating_add(loop_.now(), backoff_.next()));
  answer_waiting(why);
}

void Tokens::answer_waiting(const Status& status) {
  std::vector<UniqueFunction<void(const Status&)>> waiting = std::move(waiting_);
  waiting_.clear();
  for (auto& done : waiting) done(status);
}

void Tokens::on_refresh() {
  std::shared_ptr<void> alive = user_.keep_alive();
  fetch();
}

void Tokens::on_end() {
  std::shared_ptr<void> alive = user_.keep_alive();
  current_ = none("it has expired, and the source has given no other");
  carried_.store(number_ + 1, std::memory_order_relaxed);
  user_.on_token(current_);
}

}  // namespace tern::call
