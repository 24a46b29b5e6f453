#include "reference-server/oidc/attempts.hpp"

#include "reference-server/identity/accounts.hpp"

#include <algorithm>

namespace deskcheck::server::oidc {

namespace {

// Clients ask for 180 s; the rest is for slow networks.
constexpr net::Duration kLife = std::chrono::seconds(200);
constexpr net::Duration kLifeAfterwards = std::chrono::seconds(60);
constexpr net::Duration kShortLife = std::chrono::seconds(60);  // of a wrong server
constexpr std::size_t kMost = 10'000;
// At once: a whole office behind one address.
constexpr std::ptrdiff_t kMostOfAddress = 200;

}  // namespace

std::string Attempts::key_of(const std::string& secret) { return identity::token_hash(secret); }

std::optional<std::string> Attempts::begin(const Held& attempt,
                                           const boost::asio::ip::address& from, net::Time now) {
  forget_old(now);
  attempt->party = identity::party_of(from);
  const auto of_party = std::ranges::count_if(
      by_code_, [&](const auto& one) { return one.second->party == attempt->party; });
  if (by_code_.size() >= kMost || of_party >= kMostOfAddress) return std::nullopt;
  attempt->until = now + (wrong_.oidc_attempts_end_early ? kShortLife : kLife);
  attempt->secrets.state = identity::new_token(random_);
  attempt->secrets.nonce = identity::new_token(random_);
  attempt->secrets.verifier = identity::new_token(random_);
  auto code = identity::new_token(random_);
  if (wrong_.oidc_codes_need_escaping) code += "&more=1+1";
  by_code_.emplace(key_of(code), attempt);
  by_state_.emplace(key_of(attempt->secrets.state), attempt);
  return code;
}

Attempts::Held Attempts::take(const std::string& state, net::Time now) {
  const auto found = by_state_.find(key_of(state));
  if (found == by_state_.end() || now >= found->second->until) return nullptr;
  auto attempt = found->second;
  if (!wrong_.oidc_states_are_good_again) by_state_.erase(found);
  return attempt;
}

Attempts::Held Attempts::find(const std::string& code, const std::string& id,
                              const std::string& uuid, net::Time now) {
  const auto is_of = [&](const Attempt& attempt) {
    return now < attempt.until && attempt.id == id && attempt.uuid == uuid;
  };
  if (wrong_.oidc_goes_by_device)
    for (const auto& [key, attempt] : by_code_)
      if (is_of(*attempt)) return attempt;
  const auto found = by_code_.find(key_of(code));
  if (found == by_code_.end()) return nullptr;
  const bool alive = now < found->second->until;
  const bool mine = is_of(*found->second) || (alive && wrong_.oidc_codes_are_enough);
  return mine ? found->second : nullptr;
}

void Attempts::done(Attempt& attempt, const std::string& account, net::Time now) {
  attempt.stage = Attempt::Stage::done;
  attempt.account = account;
  attempt.until = std::max(attempt.until, now + kLifeAfterwards);
}

void Attempts::forget_old(net::Time now) {
  const auto is_old = [&](const auto& one) { return now >= one.second->until; };
  std::erase_if(by_code_, is_old);
  std::erase_if(by_state_, is_old);
}

}  // namespace deskcheck::server::oidc
