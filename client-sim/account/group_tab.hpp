// The group tab of the client: whose devices the account may see, and which.
// Source: http-api.md chapter 4; client: group_model.dart:39-290, 369-377
#pragma once

#include "client-sim/account/paged_list.hpp"
#include "client-sim/account/sign_in.hpp"

namespace deskcheck::sim {

class GroupTab {
 public:
  // Both outlive it.
  GroupTab(HttpStacks* stacks, SignIn* sign_in) : stacks_(stacks), sign_in_(sign_in) {}

  // After a failure the old lists stay. A last answer of 401 signs out.
  Task<void> pull();
  void clear();

  const std::string& failure() const { return failure_; }
  const std::vector<std::string>& device_groups() const { return device_groups_; }  // sorted
  const std::vector<UserFacts>& users() const { return users_; }                    // the own first
  const std::vector<boost::json::object>& peers() const { return peers_; }

 private:
  Task<void> ask();
  void failed(const std::string& failure);

  HttpStacks* stacks_;
  SignIn* sign_in_;
  int status_ = 0;
  std::string failure_;
  std::vector<std::string> device_groups_;
  std::vector<UserFacts> users_;
  std::vector<boost::json::object> peers_;
};

}  // namespace deskcheck::sim
