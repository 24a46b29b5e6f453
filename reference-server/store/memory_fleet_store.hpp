// A FleetStore that lives as long as its owner.
#pragma once

#include "reference-server/store/fleet_store.hpp"

namespace deskcheck::server {

class MemoryFleetStore final : public FleetStore {
 public:
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

  // The account is no more.
  void forget(std::string_view account);

 private:
  template <class T>
  using Map = std::map<std::string, T, std::less<>>;

  Map<DeviceCard> cards_;
  Map<DeviceGroupRecord> groups_;
  Map<StrategyRecord> strategies_;
  std::map<std::pair<AssignedTo, std::string>, std::string> assignments_;
  Map<PushRecord> pushes_;
};

}  // namespace deskcheck::server
