// What the owner of a target makes it do for the suite, and shows of it: strategies, disconnects,
// users, audits. The target says how, hook by hook (Target::control); a case that needs a hook that
// the target lacks is not applicable, and a hook that fails is the environment's fault, never the
// target's.
#pragma once

#include "conformance/lab/hook_calls.hpp"

#include <boost/json/array.hpp>

#include <initializer_list>
#include <map>

namespace deskcheck::conformance {

using StrategyOptions = std::map<std::string, std::string>;

class LabAdmin {
 public:
  // Not applicable unless the target has these hooks; the names are those of Target::control.
  LabAdmin(Lab& lab, std::initializer_list<std::string_view> hooks);

  // "put-strategy", "remove-strategy"
  Task<void> put_strategy(std::string name, StrategyOptions options);
  // The same with options that may be refused: whether they were taken.
  Task<bool> try_strategy(std::string name, boost::json::object options);
  Task<void> remove_strategy(std::string name);
  // "strategy-of-device", "strategy-of-device-group", "strategy-of-user"; an empty name of a
  // strategy takes it away.
  Task<void> assign_to_device(std::string device, std::string strategy);
  Task<void> assign_to_device_group(std::string group, std::string strategy);
  Task<void> assign_to_user(std::string user, std::string strategy);
  // "put-device-group": the group has these devices and no others.
  Task<void> put_device_group(std::string name, std::vector<std::string> devices);
  // "remove-device-group"
  Task<void> remove_device_group(std::string name);
  // "owner-of-device": of whom the device is; "" of nobody.
  Task<void> set_owner(std::string device, std::string user);
  // "disconnect": these connections of the device.
  Task<void> disconnect(std::string device, std::vector<std::int32_t> connections);
  // "force-sysinfo"
  Task<void> force_sysinfo(std::string device);

  // "put-user": somebody who signs in with this password, made or changed; `email` may be empty.
  Task<void> put_user(std::string user, std::string password, std::string email = "");
  // "remove-user"
  Task<void> remove_user(std::string user);
  // "set-password"
  Task<void> set_password(std::string user, std::string password);
  // "enable-totp": the secret of his codes, in base32.
  Task<std::string> enable_totp(std::string user);
  // "require-email-code"
  Task<void> require_email_code(std::string user, std::string address);
  // "put-group": the group has these members and no others, who see what is in it.
  Task<void> put_group(std::string group, std::vector<std::string> users);
  // "remove-group"
  Task<void> remove_group(std::string group);
  // "share-book": 1 reads, 2 writes, 3 does everything. A book that is not there is made.
  Task<void> share_book(std::string book, std::string user, int rule);
  // "remove-book"
  Task<void> remove_book(std::string book);
  // "expire-token"
  Task<void> expire_token(std::string token);

  // "put-identity-provider": people may sign in there from now on.
  Task<void> put_identity_provider(std::string name, std::string issuer, std::string client_id,
                                   std::string client_secret);
  // The same with a name that may be refused: whether it was taken.
  Task<bool> try_identity_provider(std::string name, std::string issuer, std::string client_id,
                                   std::string client_secret);
  // "remove-identity-provider"
  Task<void> remove_identity_provider(std::string name);

  // "read-device": {"online": bool, "connections": [int], "user": text, "device_group": text,
  // "note": text, "strategy": text, "sysinfo": {}}
  Task<boost::json::object> device(std::string id);
  // Not applicable unless an answer of the hook has this member: what a target does not show to its
  // owner cannot be judged.
  void need_shown(std::string_view hook, const boost::json::object& answer,
                  std::string_view member) const;
  // Newest first. "read-connection-audits": {"guid", "conn_id", "session_id", "peer_id", "note",
  // "ended"}; "read-file-audits": {"peer_id", "type", "path", "is_file", "info"};
  // "read-alarm-audits": {"kind", "info"}.
  Task<boost::json::array> connection_audits(std::string device);
  Task<boost::json::array> file_audits(std::string device);
  Task<boost::json::array> alarm_audits(std::string device);
  // "read-recordings": {"file", "size", "complete"}
  Task<boost::json::array> recordings();
  // "read-recording": its bytes; nothing if there is no such file.
  Task<std::optional<std::string>> recording(std::string file);

 private:
  // What the answer has at the place that the target says; null if it says none.
  Task<boost::json::value> done(std::string hook, boost::json::object arguments);
  Task<boost::json::array> list(std::string hook, boost::json::object arguments);

  Lab* lab_;
  HookCalls calls_;
};

}  // namespace deskcheck::conformance
