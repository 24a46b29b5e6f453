#include "conformance/lab/people.hpp"

#include <algorithm>

namespace deskcheck::conformance {

namespace {

// Whoever stays behind is counted by the run; the verdict of the case stands.
Task<void> quietly(LabAdmin admin, std::function<Task<void>(LabAdmin&)> removal) {
  try {
    co_await removal(admin);
  } catch (const EarlyEnd&) {
  }
}

using Users = std::shared_ptr<std::set<std::string>>;

Task<void> remove_if_there(LabAdmin& admin, Users users, std::string user) {
  if (users->erase(user) != 0) co_await admin.remove_user(user);
}

}  // namespace

std::string fresh_password(net::Random& random) {
  constexpr std::string_view alphabet = "abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";
  std::string password = "Dc7-";
  while (password.size() < 18) password += alphabet[random.below(alphabet.size())];
  return password;
}

bool LabPeople::possible(const Lab& lab, std::initializer_list<std::string_view> hooks) {
  const auto has = [&](std::string_view hook) {
    return find_hook(lab.target(), std::string(hook)) != nullptr;
  };
  return has("put-user") && has("remove-user") && std::ranges::all_of(hooks, has);
}

LabPeople::LabPeople(Lab& lab, std::initializer_list<std::string_view> hooks)
    : lab_(&lab), admin_(lab, {"put-user", "remove-user"}) {
  (void)LabAdmin(lab, hooks);
}

void LabPeople::at_end(const char* hook, Removal removal) {
  if (!find_hook(lab_->target(), hook)) return;
  lab_->at_end([admin = admin_, removal = std::move(removal)] { return quietly(admin, removal); });
}

Task<Account> LabPeople::somebody(std::string what) {
  Account account(lab_->named(what), fresh_password(lab_->random()));
  account.email = account.user + "@example.com";
  // Before he is made: a hook that fails may have made him all the same.
  users_->insert(account.user);
  at_end("remove-user", [users = users_, user = account.user](LabAdmin& admin) {
    return remove_if_there(admin, users, user);
  });
  co_await admin_.put_user(account.user, account.password, account.email);
  co_return account;
}

Task<void> LabPeople::dismiss(Account account) {
  co_await admin_.remove_user(account.user);
  users_->erase(account.user);
}

Task<Account> LabPeople::somebody_with_totp() {
  const std::string what = "totp";
  Account account = co_await somebody(what);
  account.totp_secret = co_await admin_.enable_totp(account.user);
  co_return account;
}

Task<void> LabPeople::share(std::string book, std::string user, int rule) {
  if (books_.insert(book).second)
    at_end("remove-book", [book](LabAdmin& admin) { return admin.remove_book(book); });
  co_await admin_.share_book(book, user, rule);
}

Task<void> LabPeople::device_group(std::string name, std::vector<std::string> devices) {
  if (device_groups_.insert(name).second)
    at_end("remove-device-group",
           [name](LabAdmin& admin) { return admin.remove_device_group(name); });
  co_await admin_.put_device_group(name, devices);
}

Task<void> LabPeople::group(std::string name, std::vector<std::string> users) {
  if (groups_.insert(name).second)
    at_end("remove-group", [name](LabAdmin& admin) { return admin.remove_group(name); });
  co_await admin_.put_group(name, users);
}

}  // namespace deskcheck::conformance
