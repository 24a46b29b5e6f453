#include "reference-server/store/memory_audit_store.hpp"

#include <algorithm>

namespace deskcheck::server {

namespace {

template <class T>
void put_first(std::deque<T>& list, const T& one, int keep) {
  list.push_front(one);
  if (list.size() > static_cast<std::size_t>(keep)) list.pop_back();
}

template <class T>
std::vector<T> first_of(const std::deque<T>& list, std::string_view device, int most) {
  std::vector<T> first;
  for (const auto& one : list) {
    if (first.size() >= static_cast<std::size_t>(most)) break;
    if (device.empty() || one.device == device) first.push_back(one);
  }
  return first;
}

}  // namespace

template <class T>
using Result = boost::system::result<T>;

template <class Is>
std::optional<ConnRecord> MemoryAuditStore::newest(Is is) const {
  const auto found = std::ranges::find_if(conns_, is);
  return found == conns_.end() ? std::nullopt : std::optional<ConnRecord>(*found);
}

Result<bool> MemoryAuditStore::knows(std::string_view nonce) {
  return std::ranges::find(nonces_, nonce) != nonces_.end();
}

Result<std::optional<ConnRecord>> MemoryAuditStore::find_open(std::string_view device,
                                                              std::string_view uuid,
                                                              std::int32_t conn_id) {
  return newest([&](const ConnRecord& conn) {
    return conn.device == device && conn.uuid == uuid && conn.conn_id == conn_id &&
           conn.closed == 0;
  });
}

Result<std::optional<ConnRecord>> MemoryAuditStore::find_session(std::string_view device,
                                                                 std::uint64_t session,
                                                                 std::optional<std::int64_t> type) {
  return newest([&](const ConnRecord& conn) {
    return conn.device == device && conn.session == session && conn.authorised &&
           conn.type == type.value_or(conn.type);
  });
}

Result<std::optional<ConnRecord>> MemoryAuditStore::find_conn(std::string_view guid) {
  return newest([&](const ConnRecord& conn) { return conn.guid == guid; });
}

Result<void> MemoryAuditStore::change(const AuditChange& change, int keep) {
  if (!change.nonce.empty()) put_first(nonces_, change.nonce, keep);
  if (change.event)
    put_first(events_[static_cast<int>(change.event->first)], change.event->second, keep);
  if (!change.conn) return {};
  const auto known = std::ranges::find(conns_, change.conn->guid, &ConnRecord::guid);
  if (known != conns_.end())
    *known = *change.conn;
  else
    put_first(conns_, *change.conn, keep);
  return {};
}

Result<std::vector<ConnRecord>> MemoryAuditStore::conns(std::string_view device, int most) {
  return first_of(conns_, device, most);
}

Result<std::vector<EventRecord>> MemoryAuditStore::events(AuditEvent kind, std::string_view device,
                                                          int most) {
  return first_of(events_[static_cast<int>(kind)], device, most);
}

}  // namespace deskcheck::server
