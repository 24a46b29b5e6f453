#include "conformance/lab/people.hpp"

#include <algorithm>

namespace deskcheck::conformance {

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
  // Before the administrator signs in: he is signed out before this runs, and signs in again.
  lab.at_end([lab = lab_, made = made_] { return remove_all(lab, made); });
}

// Whoever stays behind is counted by the run; the verdict of the case stands.
Task<void> LabPeople::remove_all(Lab* lab, std::shared_ptr<Made> made) {
  LabAdmin admin(*lab, {});
  for (; !made->empty(); made->pop_back()) {
    const auto [hook, name] = made->back();
    try {
      if (hook == "remove-user") co_await admin.remove_user(name);
      if (hook == "remove-group") co_await admin.remove_group(name);
      if (hook == "remove-device-group") co_await admin.remove_device_group(name);
      if (hook == "remove-book") co_await admin.remove_book(name);
    } catch (const EarlyEnd&) {  // there is nobody to tell
    }
  }
}

void LabPeople::at_end(std::string hook, std::string name) {
  std::pair<std::string, std::string> one(std::move(hook), std::move(name));
  const bool known = std::ranges::find(*made_, one) != made_->end();
  if (!known && find_hook(lab_->target(), one.first)) made_->push_back(std::move(one));
}

Task<Account> LabPeople::somebody(std::string what) {
  Account account(lab_->named(what), fresh_password(lab_->random()));
  account.email = account.user + "@example.com";
  // Before he is made: a hook that fails may have made him all the same.
  at_end("remove-user", account.user);
  co_await admin_.put_user(account.user, account.password, account.email);
  co_return account;
}

Task<void> LabPeople::dismiss(Account account) {
  co_await admin_.remove_user(account.user);
  std::erase(*made_, std::pair<std::string, std::string>("remove-user", account.user));
}

Task<Account> LabPeople::somebody_with_totp() {
  const std::string what = "totp";
  Account account = co_await somebody(what);
  account.totp_secret = co_await admin_.enable_totp(account.user);
  co_return account;
}

Task<void> LabPeople::share(std::string book, std::string user, int rule) {
  at_end("remove-book", book);
  co_await admin_.share_book(book, user, rule);
}

Task<void> LabPeople::device_group(std::string name, std::vector<std::string> devices) {
  at_end("remove-device-group", name);
  co_await admin_.put_device_group(name, devices);
}

Task<void> LabPeople::group(std::string name, std::vector<std::string> users) {
  at_end("remove-group", name);
  co_await admin_.put_group(name, users);
}

}  // namespace deskcheck::conformance
