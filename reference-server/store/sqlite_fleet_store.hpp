// The FleetStore in the database of an SqliteApiStore. What belongs to an account, a group or a
// strategy ends with it.
#pragma once

#include "reference-server/store/fleet_store.hpp"
#include "reference-server/store/sqlite.hpp"

namespace deskcheck::server {

class SqliteFleetStore final : public FleetStore {
 public:
  // The database is prepared() and outlives the store.
  explicit SqliteFleetStore(sqlite::Database& database);

  Result<std::optional<DeviceCard>> find_card(std::string_view id) override;
  Result<void> put_card(const DeviceCard& card) override;
  Result<std::vector<DeviceCard>> cards_of(std::string_view owner) override;
  Result<std::optional<DeviceGroupRecord>> find_group(std::string_view name) override;
  Result<void> put_group(const DeviceGroupRecord& group) override;
  Result<void> remove_group(std::string_view name) override;
  Result<std::vector<DeviceGroupRecord>> groups() override;
  Result<std::vector<std::string>> groups_of_device(std::string_view id) override;
  Result<std::vector<std::string>> groups_of_member(std::string_view account) override;
  Result<std::optional<StrategyRecord>> find_strategy(std::string_view name) override;
  Result<void> put_strategy(const StrategyRecord& strategy) override;
  Result<void> remove_strategy(std::string_view name) override;
  Result<std::vector<StrategyRecord>> strategies() override;
  Result<std::string> assigned(AssignedTo to, std::string_view target) override;
  Result<void> assign(const Assignment& assignment) override;
  Result<std::vector<Assignment>> assignments() override;
  Result<std::optional<PushRecord>> find_push(std::string_view device) override;
  Result<void> put_push(const PushRecord& push) override;

 private:
  // Of one kind of target, in the order of AssignedTo.
  struct Assigning {
    Assigning(sqlite::Database& database, const std::string& table, const std::string& column);
    sqlite::Statement find, put, remove, list;
  };
  Result<std::vector<std::string>> names(sqlite::Statement& statement, std::string_view bound);
  Result<void> write_group(const DeviceGroupRecord& group);

  sqlite::Database& database_;
  sqlite::Statement find_card_, put_card_, cards_, cards_of_;
  sqlite::Statement find_group_, put_group_, remove_group_, group_names_;
  sqlite::Statement devices_of_group_, add_device_, clear_devices_, groups_of_device_;
  sqlite::Statement members_of_group_, add_member_, clear_members_, groups_of_member_;
  sqlite::Statement find_strategy_, put_strategy_, remove_strategy_, strategies_;
  Assigning assigning_[3];
  sqlite::Statement find_push_, put_push_;
};

}  // namespace deskcheck::server
