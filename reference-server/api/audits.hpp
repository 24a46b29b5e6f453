// Who was connected to which device, when, and what he did there: what devices report of it, with
// notes of those who controlled. A report of another uuid than the device's is refused. Sans-IO;
// everything is stored.
// Source of the rules: http-api.md chapter 6 and section 13.1.
#pragma once

#include "proto/api/audit.hpp"
#include "reference-server/api/devices.hpp"

namespace deskcheck::server::api {

class Audits {
 public:
  enum class Taken { done, foreign, unknown, too_long, not_allowed, storage_fails };

  // All of them outlive the audits.
  Audits(const Options& options, AuditStore& store, Devices& devices, net::Random random);

  // Whatever has come with the same nonce before is done already.
  Taken on(const http_api::ConnAudit& audit, net::Time now);
  Taken on(const http_api::EventAudit& audit, AuditEvent kind, net::Time now);

  // The guid of a session that a device has authorised, for who controls: the first account that
  // asks; also when the session was short and is over. Empty while there is none, and for all
  // others.
  boost::system::result<std::string> active(const AccountRecord& caller, const std::string& device,
                                            std::uint64_t session, std::int64_t type);
  // For who controls, and administrators; also after the session.
  Taken note(const AccountRecord& caller, const http_api::AuditNote& note);

  // The operator's side: the newest first; of one device, or with an empty id of all.
  boost::system::result<std::vector<ConnRecord>> connections(std::string_view device, int most) {
    return store_.conns(device, most);
  }
  boost::system::result<std::vector<EventRecord>> events(AuditEvent kind, std::string_view device,
                                                         int most) {
    return store_.events(kind, device, most);
  }

 private:
  // A nonce is a device's own business.
  std::string key_of(const std::string& device, const std::string& nonce) const;
  Taken store(ConnRecord conn, const std::string& nonce);
  Taken open(const http_api::ConnAudit& audit, net::Time now);
  Taken attach_note(const http_api::ConnAudit& audit);
  boost::system::result<std::optional<ConnRecord>> record_of(const http_api::ConnAudit& audit);
  ConnRecord new_record(const http_api::ConnAudit& audit, net::Time now);

  const Options& options_;
  const WrongApi& wrong_;
  AuditStore& store_;
  Devices& devices_;
  net::Random random_;
};

}  // namespace deskcheck::server::api
