// Where the HTTP API keeps what devices report of sessions. What is acknowledged survives the end
// of the process; of each kind only so many stay, the oldest go.
#pragma once

#include <boost/system/result.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace deskcheck::server {

// A connection to a device.
struct ConnRecord {
  std::string guid;
  std::string device, uuid;  // base64, as sent
  std::int32_t conn_id = 0;  // a device begins anew with 1
  std::uint64_t session = 0;
  bool authorised = false;
  std::int64_t opened = 0, closed = 0;  // Unix time; 0: not closed
  std::string ip, reference;
  std::string peer_id, peer_name;  // of the controller
  std::int64_t type = 0, primary_auth = 0, two_factor = 0;
  std::string controller;  // the account that controls, if it has asked
  std::string note;

  ConnRecord() = default;
  bool operator==(const ConnRecord&) const = default;
};

enum class AuditEvent { file, alarm };

struct EventRecord {
  std::string device;
  std::int64_t at = 0;  // Unix time; 0: not known
  std::string text;     // JSON, as sent

  EventRecord() = default;
  bool operator==(const EventRecord&) const = default;
};

// What one report changes, at once or not at all. A nonce that is stored is never stored again.
struct AuditChange {
  std::optional<ConnRecord> conn;  // new, or in place of the one with its guid
  std::optional<std::pair<AuditEvent, EventRecord>> event;
  std::string nonce;  // empty: none

  AuditChange() = default;
};

class AuditStore {
 public:
  template <class T>
  using Result = boost::system::result<T>;

  virtual ~AuditStore() = default;
  virtual Result<bool> knows(std::string_view nonce) = 0;
  // Not closed; the newest.
  virtual Result<std::optional<ConnRecord>> find_open(std::string_view device,
                                                      std::string_view uuid,
                                                      std::int32_t conn_id) = 0;
  // The newest of the session, which may have one of each type: of this type, or of any.
  virtual Result<std::optional<ConnRecord>> find_session(std::string_view device,
                                                         std::uint64_t session,
                                                         std::optional<std::int64_t> type) = 0;
  virtual Result<std::optional<ConnRecord>> find_conn(std::string_view guid) = 0;
  // Of connections, events of a kind and nonces the newest `keep` stay.
  virtual Result<void> change(const AuditChange& change, int keep) = 0;
  // The newest first; of one device, or with an empty id of all.
  virtual Result<std::vector<ConnRecord>> conns(std::string_view device, int most) = 0;
  virtual Result<std::vector<EventRecord>> events(AuditEvent kind, std::string_view device,
                                                  int most) = 0;
};

}  // namespace deskcheck::server
