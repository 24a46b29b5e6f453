#include "conformance/runner/run_accounts.hpp"

#include "conformance/lab/api_client.hpp"
#include "conformance/lab/api_matchers.hpp"
#include "conformance/lab/people.hpp"
#include "conformance/target/control.hpp"

#include <algorithm>
#include <array>

namespace deskcheck::conformance {

namespace {

constexpr std::array kMadeRoles{"user", "other", "totp", "email"};
constexpr std::string_view kHttpRequirements = "HTTP-";
constexpr std::string_view kInventoryPrefix =
    "dc";  // which inventories put before the name of the run

Case case_of_accounts() {
  Case c;
  c.id = "accounts of the run";
  return c;
}

// A question for a second proof is a step in, too.
bool lets_in(const Answer<HttpAnswer>& answer) {
  const auto body = answer->status == 200 ? object_in(*answer) : std::nullopt;
  return body && !body->contains("error");
}

}  // namespace

RunAccounts::RunAccounts(LabSetup setup)
    : case_(case_of_accounts()),
      inventory_(setup.inventory->prefix().substr(kInventoryPrefix.size())),
      target_(setup.target) {
  setup.which = &case_;
  setup.inventory = &inventory_;
  lab_ = std::make_unique<Lab>(std::move(setup));
}

RunAccounts::~RunAccounts() = default;

bool RunAccounts::needed_by(const std::vector<const Case*>& cases) {
  return std::ranges::any_of(cases, [](const Case* one) {
    return std::ranges::any_of(one->requirements,
                               [](const auto& id) { return id.starts_with(kHttpRequirements); });
  });
}

bool RunAccounts::can_make(const std::string& role) const {
  const auto has = [&](const char* hook) { return find_hook(target_, hook) != nullptr; };
  if (target_.api.empty() || !has("put-user") || !has("remove-user")) return false;
  if (role == "totp") return has("enable-totp");
  return role != "email" || (has("require-email-code") && lab_->mailbox());
}

// Not as those of cases, which the inventory of the run numbers.
Account RunAccounts::fresh_account(const std::string& role) {
  Account account;
  account.user = lab_->named("run-" + role);
  account.password = fresh_password(lab_->random());
  account.email = account.user + "@example.com";
  return account;
}

Task<Target> RunAccounts::make() {
  std::optional<LabAdmin> admin;
  for (const std::string role : kMadeRoles) {
    if (target_.accounts.contains(role) || !can_make(role)) continue;
    if (!admin) admin.emplace(*lab_, std::initializer_list<std::string_view>{"put-user"});
    co_await make_one(*admin, role);
  }
  co_await lab_->clean_up();  // the administrator signs out
  co_return target_;
}

Task<void> RunAccounts::make_one(LabAdmin admin, std::string role) {
  Made& one = made_.emplace_back();
  one.account = fresh_account(role);
  std::string why;
  try {
    // A hook that fails after its first call may have made him all the same.
    Account& account = one.account;
    co_await admin.put_user(account.user, account.password, account.email);
    one.there = true;
    if (role == "totp") account.totp_secret = co_await admin.enable_totp(account.user);
    if (role == "email") co_await admin.require_email_code(account.user, account.email);
    target_.accounts[role] = account;
  } catch (const EarlyEnd& end) {
    why = end.why;
  }
  if (!why.empty())
    target_.no_accounts[role] = "the account '" + role + "' could not be made: " + why;
}

Task<void> RunAccounts::remove(Footprint& footprint) {
  if (made_.empty()) co_return;
  // With a login of its own: the one that made them is over.
  const LabAdmin admin(*lab_, {"remove-user"});
  for (const Made& one : made_) {
    std::string why = "the target does not answer";
    if (!unreachable_) why = co_await remove_one(admin, one);
    if (why.empty()) continue;
    lab_->created(Thing::user, one.account.user);  // or still there
    footprint.notes.push_back("the user " + one.account.user + ": " + why);
  }
  made_.clear();
  co_await lab_->clean_up();
  add(footprint.things, inventory_.counts());
}

Task<std::string> RunAccounts::remove_one(LabAdmin admin, Made one) {
  std::string why;
  try {
    co_await admin.remove_user(one.account.user);
  } catch (const EarlyEnd& end) {
    if (one.there)
      why = end.why;
    else
      lab_->removed(Thing::user, one.account.user);
  }
  std::optional<bool> let_in;
  try {
    let_in = co_await may_sign_in(one.account);
  } catch (const EarlyEnd& end) {
    if (why.empty()) why = "whether he is gone cannot be tried: " + end.why;
    co_return why;
  }
  unreachable_ = !let_in;
  if (why.empty() && !let_in) why = "whether he is gone is not known: signing in is not answered";
  if (why.empty() && let_in == true)
    why = "the hook 'remove-user' has removed him, but he signs in";
  co_return why;
}

Task<std::optional<bool>> RunAccounts::may_sign_in(Account account) {
  ApiClient client(*lab_);
  const auto answer = co_await client.login(std::move(account));
  std::optional<bool> let_in;
  if (answer) let_in = lets_in(answer);
  co_return let_in;
}

}  // namespace deskcheck::conformance
