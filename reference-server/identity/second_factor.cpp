#include "reference-server/identity/second_factor.hpp"

#include "reference-server/calendar.hpp"
#include "reference-server/identity/accounts.hpp"
#include "reference-server/identity/totp.hpp"

#include <algorithm>

namespace deskcheck::server::identity {

namespace {

using namespace std::chrono_literals;

constexpr net::Duration kLife = 5min;  // of a challenge
constexpr int kMostWrong = 5;          // codes, of a challenge
// Of an account, in a row: new challenges do not help who guesses.
constexpr int kMostWrongOfAccount = 15;
constexpr net::Duration kPause = 15min;  // after the last of them
constexpr std::size_t kMostChallenges = 10'000;
constexpr int kMostMails = 5;  // of an account, in the life of a challenge

std::string name_of_last_step(const std::string& account) { return "totp-step " + account; }

}  // namespace

std::optional<std::string> SecondFactor::challenge(const AccountRecord& account,
                                                   const std::string& id, const std::string& uuid,
                                                   net::Time now) {
  forget_old(now);
  const bool mailed = account.totp_secret.empty();
  if (mailed && std::ranges::count(challenges_, account.name, &Challenge::account) >= kMostMails)
    return std::nullopt;
  if (challenges_.size() >= kMostChallenges) challenges_.pop_front();
  auto secret = new_token(random_);
  Challenge challenge;
  challenge.hash = token_hash(secret);
  challenge.account = account.name;
  challenge.password_hash = account.password_hash;
  challenge.id = id;
  challenge.uuid = uuid;
  if (mailed) challenge.mailed = mail_code(account);
  challenge.at = now;
  challenges_.push_back(std::move(challenge));
  return secret;
}

std::string SecondFactor::mail_code(const AccountRecord& account) {
  std::string code;
  while (code.size() < 6) code += static_cast<char>('0' + random_.below(10));
  options_.send_mail(account.email,
                     "Your code to sign in is " + code + ". It is good for five minutes.");
  return token_hash(code);
}

void SecondFactor::forget_old(net::Time now) {
  while (!challenges_.empty() && now - challenges_.front().at > kLife) challenges_.pop_front();
}

SecondFactor::Challenge* SecondFactor::find(const CodeAnswer& answer, net::Time now) {
  forget_old(now);
  if (options_.faults.policies.challenge_secret_is_forgotten) return nullptr;
  const auto hash = token_hash(answer.secret);
  const auto found = std::ranges::find(challenges_, hash, &Challenge::hash);
  if (found == challenges_.end()) return nullptr;
  const bool same = found->id == answer.id && found->uuid == answer.uuid &&
                    (answer.username.empty() || answer.username == found->account);
  return same ? &*found : nullptr;
}

void SecondFactor::end(const std::string& hash) {
  std::erase_if(challenges_, [&](const Challenge& one) { return one.hash == hash; });
}

// Steps only go up: whoever has seen a code cannot use it again.
SecondFactor::Judged SecondFactor::judge_code(const Challenge& challenge,
                                              const AccountRecord& account, const std::string& code,
                                              net::Time now) {
  const auto& wrong = options_.faults.policies;
  if (wrong.any_code_is_right) return Judged::right;
  if (!challenge.mailed.empty())
    return token_hash(code) == challenge.mailed ? Judged::right : Judged::wrong;
  const auto step = totp_step(account.totp_secret, code, unix_time(options_, now));
  if (!step) return Judged::wrong;
  const auto name = name_of_last_step(account.name);
  const auto last = store_.find_setting(name);
  if (!last) return Judged::storage_fails;
  if (*last && *step <= std::stoll(**last) && !wrong.codes_are_good_again) return Judged::wrong;
  return store_.put_setting(name, std::to_string(*step)) ? Judged::right : Judged::storage_fails;
}

SecondFactor::Judged SecondFactor::judge(const CodeAnswer& answer, net::Time now,
                                         AccountRecord& account) {
  Challenge* challenge = find(answer, now);
  if (!challenge) return Judged::wrong;
  auto& tries = wrong_[challenge->account];
  if (now - tries.last >= kPause) tries = Wrong();
  if (tries.count >= kMostWrongOfAccount) return Judged::too_many;
  const auto known = store_.find_account(challenge->account);
  if (!known) return Judged::storage_fails;
  // A new password ends what was begun with the old one.
  const bool same = *known && (*known)->password_hash == challenge->password_hash;
  const auto judged = same ? judge_code(*challenge, **known, answer.code, now) : Judged::wrong;
  const std::string hash = challenge->hash;
  if (judged == Judged::wrong) {
    ++tries.count;
    tries.last = now;
    if (++challenge->wrong >= kMostWrong) end(hash);
  }
  if (judged != Judged::right) return judged;
  account = **known;
  wrong_.erase(account.name);
  end(hash);
  return Judged::right;
}

}  // namespace deskcheck::server::identity
