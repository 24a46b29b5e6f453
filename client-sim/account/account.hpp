// An account as the client's user interface has it: signs in and out, finds out who it is when it
// starts, and reads address books and the group tab whenever the real one does. What must be asked
// in a wrong way is not here.
// Source: http-api.md chapters 1 to 4.
#pragma once

#include "client-sim/account/address_books.hpp"
#include "client-sim/account/group_tab.hpp"
#include "client-sim/account/http_stacks.hpp"
#include "client-sim/account/sign_in.hpp"
#include "client-sim/account/single_sign_on.hpp"

namespace deskcheck::sim {

struct AccountOptions {
  ApiAccess access;
  std::string host_name = "desk";
  std::string os = "linux";
  // As after a restart: what was remembered of an earlier login.
  std::string token, user_name;

  AccountOptions() = default;
};

class Account {
 public:
  Account(net::World world, AccountOptions options, Recorder recorder);
  Account(const Account&) = delete;
  Account& operator=(const Account&) = delete;

  const SignIn& sign_in() const { return sign_in_; }
  const std::string& token() const { return sign_in_.token; }
  // What the user last read about signing in; empty: no complaint.
  const std::string& message() const { return message_; }
  // A code that the user is asked for.
  const std::optional<Challenge>& challenge() const { return challenge_; }

  // The user presses Login; then, of a challenge, Verify. Once signed in it reads what it reads.
  Task<LoginResult> log_in(std::string user, std::string password);
  Task<LoginResult> enter_code(std::string code);
  // The user presses the button of an identity provider, and his browser opens a page.
  Task<LoginResult> log_in_at(std::string provider, OpenPage open);
  // What the main window does when it starts, and when the user presses Refresh.
  Task<void> refresh();
  // Waits 2 s for the answer, and forgets everything whatever it is.
  Task<void> log_out();

  AddressBooks& books() { return books_; }
  const AddressBooks& books() const { return books_; }
  const GroupTab& group() const { return group_; }

 private:
  boost::json::object login_body(std::string_view type) const;
  boost::json::object identity() const;
  Task<net::Result<DartAnswer>> post(std::string path, boost::json::object body, std::string token);
  Task<LoginResult> conclude(LoginResult result);
  Task<void> read_lists();
  void forget();
  void take_current_user(const net::Result<DartAnswer>& answer);

  HttpStacks stacks_;
  std::string host_name_, os_;
  SignIn sign_in_;
  AddressBooks books_;
  GroupTab group_;
  std::optional<Challenge> challenge_;
  std::string message_;
};

}  // namespace deskcheck::sim
