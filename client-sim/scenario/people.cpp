// Accounts and agents at the HTTP API as roles of a scenario.
#include "client-sim/scenario/party.hpp"

namespace deskcheck::scenario {

namespace {

sim::ApiAccess access_of(const Birth& birth) {
  sim::ApiAccess access;
  access.release =
      sim::ClientRelease::parse(birth.role->release).value_or(sim::ClientRelease::head());
  access.id = birth.identity.id;
  access.uuid = birth.identity.uuid;
  access.home = birth.home;
  if (birth.site.api) access.api = *birth.site.api;
  access.rendezvous = birth.site.rendezvous;
  access.key = birth.site.key;
  return access;
}

sim::AccountOptions account_of(const Birth& birth) {
  sim::AccountOptions options;
  options.access = access_of(birth);
  options.host_name = "host-of-" + birth.identity.id;
  return options;
}

sim::AgentOptions agent_of(const Birth& birth) {
  sim::AgentOptions options;
  options.access = access_of(birth);
  options.host_name = "host-of-" + birth.identity.id;
  return options;
}

AccountState::Asks asks_of(const sim::Account& account) {
  if (!account.challenge()) return AccountState::nothing;
  return account.challenge()->totp ? AccountState::totp_code : AccountState::email_code;
}

AccountState::Books books_of(sim::BookMode mode) {
  switch (mode) {
    case sim::BookMode::unknown:
      return AccountState::unknown;
    case sim::BookMode::legacy:
      return AccountState::legacy;
    case sim::BookMode::shared:
      return AccountState::shared;
  }
  return AccountState::unknown;
}

void take_lists(const sim::Account& account, AccountState& state) {
  const auto& books = account.books();
  state.set_books(books_of(books.mode()));
  for (const auto& [name, book] : books.all()) state.add_book_names(name);
  state.set_book_failure(books.failure());
  if (const auto* own = books.find(books.own_name())) {
    if (!own->failure.empty()) state.set_book_failure(own->failure);
    for (const auto& peer : own->peers) state.add_peers(sim::text_member(peer, "id"));
  }
  const auto& group = account.group();
  for (const auto& user : group.users()) state.add_users(user.name);
  for (const auto& device : group.peers()) state.add_devices(sim::text_member(device, "id"));
  state.set_group_failure(group.failure());
}

// Nothing more comes by itself.
Task<net::Result<Heard>> silence_until(net::Deadline deadline) {
  co_await net::sleep_until(*deadline.clock, deadline.at);
  co_return boost::asio::error::timed_out;
}

}  // namespace

AccountParty::AccountParty(Birth birth)
    : Party(std::move(birth)), account_(birth_.world, account_of(birth_), birth_.recorder) {}

Heard AccountParty::state() const {
  Heard heard;
  heard.what = Heard::What::state;
  auto& state = *heard.observation.mutable_account();
  const auto& sign_in = account_.sign_in();
  state.set_signed_in(!sign_in.token.empty() && sign_in.is_shown());
  state.set_user(sign_in.user.name);
  state.set_message(account_.message());
  state.set_asks(asks_of(account_));
  state.set_token(sign_in.token);
  state.set_network_error(sign_in.network_error);
  take_lists(account_, state);
  if (!book_failure_.empty()) state.set_book_failure(book_failure_);
  return heard;
}

Task<net::Result<Heard>> AccountParty::hear(bool first, net::Deadline deadline) {
  if (first) co_return state();
  auto nothing = co_await silence_until(deadline);
  co_return nothing;
}

Task<void> AccountParty::log_in(std::string user, std::string password) {
  (void)co_await account_.log_in(std::move(user), std::move(password));
  if (!account_.token().empty()) last_token_ = account_.token();
}

Task<void> AccountParty::enter_code(std::string code) {
  (void)co_await account_.enter_code(std::move(code));
  if (!account_.token().empty()) last_token_ = account_.token();
}

Task<void> AccountParty::add_peer(boost::json::object peer) {
  std::string book = account_.books().own_name();
  book_failure_ = co_await account_.books().add_peer(std::move(book), std::move(peer));
}

AgentParty::AgentParty(Birth birth)
    : Party(std::move(birth)), agent_(birth_.world, agent_of(birth_), birth_.recorder) {}

void AgentParty::start() {
  if (started_) return;
  agent_.start();
  started_ = true;
}

Task<void> AgentParty::end() {
  started_ = false;
  co_await agent_.stop();
}

void AgentParty::end_sessions() {
  const auto connections = agent_.connections();
  for (const auto id : connections) agent_.end_session(id);
}

Heard AgentParty::state() const {
  Heard heard;
  heard.what = Heard::What::state;
  auto& state = *heard.observation.mutable_agent();
  const auto& counters = agent_.counters();
  state.set_heartbeats(counters.heartbeats);
  state.set_answers(counters.answers);
  state.set_sysinfos(counters.sysinfos);
  state.set_sysinfo_uploaded(agent_.sysinfo_uploaded());
  state.set_is_pro(agent_.is_pro());
  state.set_strategies(counters.strategies);
  state.set_modified_at(agent_.modified_at());
  for (const auto& [name, value] : agent_.options()) {
    auto& option = *state.add_options();
    option.set_name(name);
    option.set_value(value);
  }
  state.set_connections(static_cast<int>(agent_.connections().size()));
  state.set_disconnects(counters.disconnects);
  state.set_audits(agent_.audits().counters().delivered);
  state.set_lost_audits(agent_.audits().counters().lost);
  return heard;
}

Task<net::Result<Heard>> AgentParty::hear(bool first, net::Deadline deadline) {
  if (!first) {
    auto changed = co_await agent_.changed(deadline);
    if (!changed) co_return changed.error();
  }
  co_return state();
}

}  // namespace deskcheck::scenario
