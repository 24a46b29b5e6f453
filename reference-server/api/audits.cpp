#include "reference-server/api/audits.hpp"

#include "reference-server/api/guid.hpp"
#include "reference-server/calendar.hpp"

#include <algorithm>

namespace deskcheck::server::api {

namespace {

using Kind = http_api::ConnAudit::Kind;
using Taken = Audits::Taken;

constexpr int kKept = 50'000;                 // connections, files, alarms, nonces
constexpr std::size_t kLongestText = 4096;    // bytes of a name, a note
constexpr std::size_t kLongestNonce = 128;    // bytes
constexpr std::size_t kLongestEvent = 65536;  // bytes

bool is_too_long(const http_api::ConnAudit& audit) {
  for (const auto* text : {&audit.id, &audit.uuid, &audit.ip, &audit.reference, &audit.peer_id,
                           &audit.peer_name, &audit.note})
    if (text->size() > kLongestText) return true;
  return audit.nonce.size() > kLongestNonce;
}

// Never 0, which says that there was none: without a calendar time begins there.
std::int64_t end_at(const Options& options, net::Time now) {
  return std::max<std::int64_t>(unix_time(options, now), 1);
}

}  // namespace

Audits::Audits(const Options& options, AuditStore& store, Devices& devices, net::Random random)
    : options_(options),
      wrong_(options.faults.policies),
      store_(store),
      devices_(devices),
      random_(random) {}

std::string Audits::key_of(const std::string& device, const std::string& nonce) const {
  return nonce.empty() || wrong_.audit_ignores_nonce ? "" : device + "\n" + nonce;
}

Taken Audits::store(ConnRecord conn, const std::string& nonce) {
  AuditChange change;
  change.nonce = key_of(conn.device, nonce);
  change.conn = std::move(conn);
  return store_.change(change, kKept) ? Taken::done : Taken::storage_fails;
}

ConnRecord Audits::new_record(const http_api::ConnAudit& audit, net::Time now) {
  ConnRecord conn;
  conn.guid = new_guid(random_);
  conn.device = audit.id;
  conn.uuid = audit.uuid;
  conn.conn_id = audit.conn_id;
  conn.session = audit.session_id;
  conn.opened = unix_time(options_, now);
  conn.ip = audit.ip;
  conn.reference = audit.reference;
  return conn;
}

// A device counts its connections anew when it starts: whatever had that number has ended
// (HTTP-ACONN-11).
Taken Audits::open(const http_api::ConnAudit& audit, net::Time now) {
  auto before = store_.find_open(audit.id, audit.uuid, audit.conn_id);
  if (!before) return Taken::storage_fails;
  if (*before && wrong_.audit_conn_is_for_ever) return Taken::done;
  if (*before) {
    (*before)->closed = end_at(options_, now);
    if (store(std::move(**before), "") != Taken::done) return Taken::storage_fails;
  }
  return store(new_record(audit, now), audit.nonce);
}

Taken Audits::attach_note(const http_api::ConnAudit& audit) {
  auto conn = store_.find_session(audit.id, audit.session_id, std::nullopt);
  if (!conn) return Taken::storage_fails;
  if (!*conn) return Taken::unknown;
  if (wrong_.audit_first_note_stays && !(*conn)->note.empty()) return Taken::done;
  (*conn)->note = wrong_.audit_notes_are_joined ? (*conn)->note + audit.note : audit.note;
  return store(std::move(**conn), audit.nonce);
}

boost::system::result<std::optional<ConnRecord>> Audits::record_of(
    const http_api::ConnAudit& audit) {
  if (!wrong_.audit_goes_by_session) return store_.find_open(audit.id, audit.uuid, audit.conn_id);
  return store_.find_session(audit.id, audit.session_id, std::nullopt);
}

Taken Audits::on(const http_api::ConnAudit& audit, net::Time now) {
  if (is_too_long(audit)) return Taken::too_long;
  if (audit.kind == Kind::note) return attach_note(audit);
  if (!devices_.may_be(audit.id, audit.uuid)) return Taken::foreign;
  const auto known = store_.knows(key_of(audit.id, audit.nonce));
  if (!known) return Taken::storage_fails;
  if (*known) return Taken::done;
  if (audit.kind == Kind::opened) return open(audit, now);
  auto conn = record_of(audit);
  if (!conn) return Taken::storage_fails;
  if (audit.kind == Kind::closed) {
    if (!*conn) return Taken::done;
    if (wrong_.audit_close_needs_login && !(*conn)->authorised) return Taken::unknown;
    (*conn)->closed = end_at(options_, now);
    return store(std::move(**conn), audit.nonce);
  }
  // What was opened may have been lost on the way.
  ConnRecord record = *conn ? std::move(**conn) : new_record(audit, now);
  record.session = audit.session_id;
  record.authorised = true;
  record.peer_id = audit.peer_id;
  record.peer_name = audit.peer_name;
  if (wrong_.audit_peer_is_turned) std::swap(record.peer_id, record.peer_name);
  record.type = audit.type;
  record.primary_auth = audit.primary_auth;
  record.two_factor = audit.two_factor;
  return store(std::move(record), audit.nonce);
}

Taken Audits::on(const http_api::EventAudit& audit, AuditEvent kind, net::Time now) {
  if (audit.text.size() > kLongestEvent || audit.nonce.size() > kLongestNonce)
    return Taken::too_long;
  if (!devices_.may_be(audit.id, audit.uuid)) return Taken::foreign;
  AuditChange change;
  change.nonce = key_of(audit.id, audit.nonce);
  const auto known = store_.knows(change.nonce);
  if (!known) return Taken::storage_fails;
  if (*known) return Taken::done;
  EventRecord event;
  event.device = audit.id;
  event.at = unix_time(options_, now);
  event.text = audit.text;
  change.event.emplace(kind, std::move(event));
  return store_.change(change, kKept) ? Taken::done : Taken::storage_fails;
}

boost::system::result<std::string> Audits::active(const AccountRecord& caller,
                                                  const std::string& device, std::uint64_t session,
                                                  std::int64_t type) {
  auto conn = store_.find_session(device, session, type);
  if (!conn) return conn.error();
  if (!*conn) return std::string();
  auto& record = **conn;
  if (record.controller.empty() && !caller.administrator) {
    record.controller = caller.name;
    const auto guid = record.guid;
    if (store(std::move(record), "") != Taken::done)
      return boost::system::errc::make_error_code(boost::system::errc::io_error);
    return guid;
  }
  const bool may = record.controller == caller.name || caller.administrator;
  return may ? record.guid : std::string();
}

Taken Audits::note(const AccountRecord& caller, const http_api::AuditNote& note) {
  if (note.note.size() > kLongestText) return Taken::too_long;
  auto conn = store_.find_conn(note.guid);
  if (!conn) return Taken::storage_fails;
  const bool gone = *conn && wrong_.note_ends_with_session && (*conn)->closed != 0;
  if (!*conn || gone) return Taken::unknown;
  const bool may = caller.administrator || (*conn)->controller == caller.name;
  if (!may && !wrong_.anybody_writes_notes) return Taken::not_allowed;
  (*conn)->note = note.note;
  return store(std::move(**conn), "");
}

}  // namespace deskcheck::server::api
