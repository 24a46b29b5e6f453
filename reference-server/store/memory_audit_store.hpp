// An AuditStore that lives as long as its owner.
#pragma once

#include "reference-server/store/audit_store.hpp"

#include <deque>

namespace deskcheck::server {

class MemoryAuditStore final : public AuditStore {
 public:
  Result<bool> knows(std::string_view nonce) override;
  Result<std::optional<ConnRecord>> find_open(std::string_view device, std::string_view uuid,
                                              std::int32_t conn_id) override;
  Result<std::optional<ConnRecord>> find_session(std::string_view device, std::uint64_t session,
                                                 std::optional<std::int64_t> type) override;
  Result<std::optional<ConnRecord>> find_conn(std::string_view guid) override;
  Result<void> change(const AuditChange& change, int keep) override;
  Result<std::vector<ConnRecord>> conns(std::string_view device, int most) override;
  Result<std::vector<EventRecord>> events(AuditEvent kind, std::string_view device,
                                          int most) override;

 private:
  template <class Is>
  std::optional<ConnRecord> newest(Is is) const;

  // The newest first.
  std::deque<ConnRecord> conns_;
  std::deque<EventRecord> events_[2];
  std::deque<std::string> nonces_;
};

}  // namespace deskcheck::server
