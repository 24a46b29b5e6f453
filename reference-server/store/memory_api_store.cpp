#include "reference-server/store/memory_api_store.hpp"

namespace deskcheck::server {

namespace {

template <class Map>
std::optional<typename Map::mapped_type> find_in(const Map& map, std::string_view key) {
  const auto found = map.find(key);
  if (found == map.end()) return std::nullopt;
  return found->second;
}

template <class Map>
std::vector<typename Map::mapped_type> values_of(const Map& map) {
  std::vector<typename Map::mapped_type> values;
  for (const auto& [key, value] : map) values.push_back(value);
  return values;
}

}  // namespace

template <class T>
using Result = boost::system::result<T>;

Result<std::optional<AccountRecord>> MemoryApiStore::find_account(std::string_view name) {
  return find_in(accounts_, name);
}

Result<void> MemoryApiStore::put_account(const AccountRecord& account) {
  accounts_.insert_or_assign(account.name, account);
  return {};
}

Result<void> MemoryApiStore::put_account(const AccountRecord& account,
                                         const IdentityRecord& identity) {
  if (const auto done = put_account(account); !done) return done;
  return identities_.put_identity(identity);
}

Result<void> MemoryApiStore::remove_account(std::string_view name) {
  const auto found = accounts_.find(name);
  if (found == accounts_.end()) return {};
  (void)remove_tokens_of(name);
  std::erase_if(clients_, [&](const ClientRecord& client) { return client.account == name; });
  books_.forget(name);
  fleet_.forget(name);
  identities_.forget(name);
  accounts_.erase(found);
  return {};
}

Result<std::vector<AccountRecord>> MemoryApiStore::accounts() { return values_of(accounts_); }

Result<std::optional<TokenRecord>> MemoryApiStore::find_token(std::string_view hash) {
  return find_in(tokens_, hash);
}

Result<void> MemoryApiStore::put_token(const TokenRecord& token, int keep) {
  tokens_.insert_or_assign(token.hash, token);
  auto& hashes = issued_[token.account];
  hashes.emplace(++last_issued_, token.hash);
  while (hashes.size() > static_cast<std::size_t>(keep)) {
    tokens_.erase(hashes.begin()->second);
    hashes.erase(hashes.begin());
  }
  return {};
}

Result<void> MemoryApiStore::remove_token(std::string_view hash) {
  const auto found = tokens_.find(hash);
  if (found == tokens_.end()) return {};
  std::erase_if(issued_[found->second.account],
                [&](const auto& one) { return one.second == hash; });
  tokens_.erase(found);
  return {};
}

Result<void> MemoryApiStore::remove_tokens_of(std::string_view account) {
  const auto found = issued_.find(account);
  if (found == issued_.end()) return {};
  for (const auto& [number, hash] : found->second) tokens_.erase(hash);
  issued_.erase(found);
  return {};
}

Result<std::optional<ScriptTokenRecord>> MemoryApiStore::find_script_token(std::string_view hash) {
  for (const auto& [name, token] : script_tokens_)
    if (token.hash == hash) return std::optional<ScriptTokenRecord>(token);
  return std::optional<ScriptTokenRecord>();
}

Result<void> MemoryApiStore::put_script_token(const ScriptTokenRecord& token) {
  script_tokens_.insert_or_assign(token.name, token);
  return {};
}

Result<void> MemoryApiStore::remove_script_token(std::string_view name) {
  if (const auto found = script_tokens_.find(name); found != script_tokens_.end())
    script_tokens_.erase(found);
  return {};
}

Result<std::vector<ScriptTokenRecord>> MemoryApiStore::script_tokens() {
  return values_of(script_tokens_);
}

Result<void> MemoryApiStore::put_client(const ClientRecord& client, int keep) {
  std::erase(clients_, client);
  clients_.push_front(client);
  int count = 0;
  std::erase_if(clients_, [&](const ClientRecord& other) {
    return other.account == client.account && ++count > keep;
  });
  return {};
}

Result<std::vector<ClientRecord>> MemoryApiStore::clients_of(std::string_view account) {
  std::vector<ClientRecord> list;
  for (const auto& client : clients_)
    if (client.account == account) list.push_back(client);
  return list;
}

Result<std::vector<ClientRecord>> MemoryApiStore::clients_at(std::string_view device) {
  std::vector<ClientRecord> list;
  for (const auto& client : clients_)
    if (client.device == device) list.push_back(client);
  return list;
}

Result<std::optional<DeviceReport>> MemoryApiStore::find_report(std::string_view id) {
  return find_in(reports_, id);
}

Result<void> MemoryApiStore::put_report(const DeviceReport& report) {
  reports_.insert_or_assign(report.id, report);
  return {};
}

Result<std::vector<std::string>> MemoryApiStore::reported(std::string_view after, int most) {
  std::vector<std::string> ids;
  for (auto at = reports_.upper_bound(after); at != reports_.end() && most-- > 0; ++at)
    ids.push_back(at->first);
  return ids;
}

Result<std::optional<std::string>> MemoryApiStore::find_setting(std::string_view name) {
  return find_in(settings_, name);
}

Result<void> MemoryApiStore::put_setting(std::string_view name, std::string_view value) {
  settings_.insert_or_assign(std::string(name), std::string(value));
  return {};
}

}  // namespace deskcheck::server
