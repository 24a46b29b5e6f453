#include "client-sim/account/group_tab.hpp"

#include <algorithm>

namespace deskcheck::sim {

namespace json = boost::json;

namespace {

PagedQuestion list_of(std::string path, std::string key, bool accessible) {
  PagedQuestion question;
  question.is_post = false;
  question.path = std::move(path);
  question.key = std::move(key);
  if (accessible) question.query = "&accessible&status=1";
  return question;
}

void check_user(const json::object& user) { (void)read_user(user); }

void check_device(const json::object& device) {
  for (const char* name : {"id", "user", "user_name", "device_group_name", "note"})
    (void)text_member(device, name);
  (void)integer_member(device, "status");
  const auto* info = device.if_contains("info");
  if (!info || !info->is_object()) return;
  for (const char* name : {"username", "device_name"}) (void)text_member(info->get_object(), name);
}

bool says_disabled(std::string text) {
  for (char& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return text.find("disabled") != text.npos;
}

}  // namespace

void GroupTab::clear() {
  failure_.clear();
  device_groups_.clear();
  users_.clear();
  peers_.clear();
}

void GroupTab::failed(const std::string& failure) {
  const bool old_server =
      failure == "Admin required!" || failure.find("ambiguous column name: status") != failure.npos;
  const std::string text = old_server ? "upgrade_rustdesk_server_pro_to_{1.1.10}_tip" : failure;
  if (says_disabled(text) && stacks_->release().empties_disabled_group_tab()) clear();
  failure_ = text;
  stacks_->recorder().note("user reads: Failed to refresh the group: " + text);
}

Task<void> GroupTab::pull() {
  if (!sign_in_->is_shown() || !sign_in_->network_error.empty()) co_return;
  failure_.clear();
  co_await ask();
  if (status_ == 401) sign_in_->forget();
}

Task<void> GroupTab::ask() {
  auto groups_question = list_of("/api/device-group/accessible", "name", false);
  // Old servers have no such list.
  auto groups =
      co_await read_pages(stacks_, std::move(groups_question), sign_in_->token, check_named);
  auto users_question = list_of("/api/users", "name", true);
  auto users = co_await read_pages(stacks_, std::move(users_question), sign_in_->token, check_user);
  status_ = users.status;
  if (!users.failure.empty()) {
    failed(users.failure);
    co_return;
  }
  auto peers_question = list_of("/api/peers", "id", true);
  auto peers =
      co_await read_pages(stacks_, std::move(peers_question), sign_in_->token, check_device);
  status_ = peers.status;
  if (!peers.failure.empty()) {
    failed(peers.failure);
    co_return;
  }
  clear();
  for (const auto& group : groups.items) device_groups_.push_back(text_member(group, "name"));
  std::ranges::sort(device_groups_);
  for (const auto& user : users.items) {
    const UserFacts facts = read_user(user);
    const bool own = facts.name == sign_in_->user.name;
    users_.insert(own ? users_.begin() : users_.end(), facts);
  }
  peers_ = std::move(peers.items);
}

}  // namespace deskcheck::sim
