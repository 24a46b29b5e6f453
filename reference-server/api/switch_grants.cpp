#include "reference-server/api/switch_grants.hpp"

#include "proto/wire/keys.hpp"
#include "proto/wire/sodium.hpp"
#include "reference-server/calendar.hpp"

#include <charconv>

namespace deskcheck::server::api {

namespace {

using namespace std::chrono_literals;

constexpr std::int64_t kWindow = 300;          // seconds, before and after the server's time
constexpr net::Duration kGood = 60s;           // how long a grant is good
constexpr net::Duration kRemembered = 601s;    // how long its timestamp may be in the window
constexpr std::size_t kMostGrants = 10'000;    // of all devices
constexpr std::size_t kLongest = 256;          // bytes of an id, of a verifier
constexpr std::size_t kLongestTimestamp = 20;  // bytes

std::optional<std::int64_t> unix_seconds(std::string_view text) {
  std::int64_t value = 0;
  const char* end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, value);
  if (parsed.ec != std::errc() || parsed.ptr != end) return std::nullopt;
  return value;
}

}  // namespace

std::string switch_code_verifier(std::string_view code) {
  wire::ready_sodium();
  std::string text("switch-grant-verifier");
  text.push_back('\0');
  text += code;
  std::string hash(crypto_hash_sha256_BYTES, '\0');
  crypto_hash_sha256(wire::octets(hash), wire::octets(std::string_view(text)), text.size());
  return wire::to_base64(hash);
}

bool SwitchGrants::is_signed(const SwitchGrant& grant) const {
  if (options_.faults.policies.switch_signature_is_not_checked) return true;
  if (!registered_) return false;
  const auto key = registered_(grant.id);
  if (!key || !*key) return false;
  const auto bytes = wire::to_bytes32(**key);
  const auto signature = wire::from_base64(grant.signature);
  if (!bytes || !signature || signature->size() != crypto_sign_BYTES) return false;
  std::string text = *signature + "switch-grant";
  for (const auto* part : {&grant.id, &grant.verifier, &grant.timestamp}) {
    text.push_back('\0');
    text += *part;
  }
  return wire::verify(text, wire::PublicKey{*bytes}).has_value();
}

void SwitchGrants::forget_old(net::Time now) {
  std::erase_if(grants_, [&](const auto& one) { return now - one.second.at > kRemembered; });
}

// What was granted is remembered longer than it is good: the same words do not grant it again.
SwitchGrants::Answer SwitchGrants::on(const SwitchGrant& grant, net::Time now) {
  if (grant.id.size() > kLongest || grant.verifier.size() > kLongest ||
      grant.timestamp.size() > kLongestTimestamp)
    return Answer::refused;
  const auto timestamp = unix_seconds(grant.timestamp);
  if (!timestamp || !is_signed(grant)) return Answer::refused;
  const auto ours = unix_time(options_, now);
  if (*timestamp < ours - kWindow || *timestamp > ours + kWindow) return Answer::too_early_or_late;
  forget_old(now);
  const Key key(grant.id, grant.verifier);
  if (const auto known = grants_.find(key); known != grants_.end()) {
    const bool good = known->second.used.empty() && now - known->second.at <= kGood;
    return good ? Answer::accepted : Answer::refused;
  }
  if (grants_.size() >= kMostGrants) return Answer::refused;
  grants_[key].at = now;
  return Answer::accepted;
}

bool SwitchGrants::passes(const std::string& id, std::string_view code, Request request,
                          std::uint64_t connection, net::Time now) {
  const auto& wrong = options_.faults.policies;
  if (code.empty() || code.size() > kLongest || wrong.switch_code_opens_nothing) return false;
  const auto found = grants_.find(Key(id, switch_code_verifier(code)));
  if (found == grants_.end() || now - found->second.at > kGood) return false;
  const auto [use, first] = found->second.used.emplace(request, connection);
  return first || use->second == connection || wrong.switch_code_opens_for_ever;
}

}  // namespace deskcheck::server::api
