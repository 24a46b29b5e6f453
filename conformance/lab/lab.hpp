// The laboratory of one case: its world, its server, its parties, and the one door for verdicts.
// Identities, source addresses, transcript and clean-up are the lab's; a case tells its story only.
#pragma once

#include "client-sim/channel/message_stream.hpp"
#include "conformance/lab/answer.hpp"
#include "conformance/lab/case.hpp"
#include "conformance/lab/inventory.hpp"
#include "conformance/lab/restart.hpp"
#include "conformance/lab/server_host.hpp"
#include "conformance/lab/show.hpp"
#include "conformance/lab/verdict.hpp"
#include "conformance/target/target.hpp"

#include <functional>
#include <map>
#include <memory>
#include <set>

namespace deskcheck::sim {
class Mailbox;
}

namespace deskcheck::conformance {

// Ends a case early; thrown by require() and not_applicable(), caught by the runner only.
struct EarlyEnd {
  Status status;
  Blame blame;
  std::string why;
};

// Hands out source addresses: each caller gets one that nobody of this run has.
class AddressPool {
 public:
  virtual ~AddressPool() = default;
  // Nothing if there is none left.
  virtual std::optional<boost::asio::ip::address> take() = 0;
};

class HookLogins;

// What the runner gives to a lab.
struct LabSetup {
  const Case* which = nullptr;
  net::World world;
  Target target;
  AddressPool* addresses = nullptr;
  // Starts servers for cases that need their own; null if the target is somebody else's.
  ServerHost* servers = nullptr;
  // Where somebody else's server sends its mails; null: it sends none to the suite.
  sim::Mailbox* mailbox = nullptr;
  // Requirements that do not apply to this target, each with the reason.
  std::map<std::string, std::string> inapplicable;
  // Requirements at MAY level: a server that does not do it is not wrong.
  std::set<std::string> optional;
  // Of the whole run; null: the lab keeps one of its own.
  Inventory* inventory = nullptr;
  // Of the whole run, whose end they outlive the cases for; null: the lab has logins of its own,
  // which end with it.
  HookLogins* hook_logins = nullptr;
  // Of somebody else's server, which other cases may want to have restarted, too; null: this is the
  // only one.
  Restarts* restarts = nullptr;
  // That server, if it was started for the run.
  SpawnedServer* spawned = nullptr;
};

class LabDevice;
class LabController;

// How a party's connection to the rendezvous server is made: plain TCP, TCP with KeyExchange, a
// WebSocket.
enum class Over { tcp, secure, websocket };
std::string_view to_string(Over over);  // "TCP", "encrypted TCP", "WebSocket"

class Lab {
 public:
  explicit Lab(LabSetup setup);
  ~Lab();
  Lab(const Lab&) = delete;
  Lab& operator=(const Lab&) = delete;

  const Target& target() const { return target_; }
  const net::World& world() const { return setup_.world; }
  net::Random& random() { return random_; }

  // --- time
  // ---------------------------------------------------------------------------------------
  net::Deadline within(net::Duration time) const {
    const auto deadline = net::in(setup_.world.clock, time);
    limit_ = std::max(limit_, deadline.at);
    return deadline;
  }
  net::Time now() const { return setup_.world.clock.now(); }
  Task<void> wait(net::Duration time);  // a protocol timer has to pass, nothing else
  Task<void> wait_until(net::Time time);
  // Of the protocol time that the case says it needs.
  net::Duration time_left() const { return begun_ + setup_.which->takes - now(); }

  // --- the one door
  // ------------------------------------------------------------------------------- Judges `actual`
  // (an Answer, a message, any value) for one declared requirement.
  template <class T, class M>
  bool verdict(std::string_view requirement, const T& actual, const M& matcher) {
    blame_this_machine(error_of(actual));
    return record(requirement, judge(actual, matcher));
  }
  // What the story builds on. Not a verdict: if it does not hold, the case is blocked.
  template <class T, class M>
  void require(std::string_view what, const T& actual, const M& matcher) {
    blame_this_machine(error_of(actual));
    const auto opinion = judge(actual, matcher);
    if (!opinion.holds) blocked(what, opinion.expected, opinion.actual);
  }
  [[noreturn]] void not_applicable(std::string why) const;
  // Not applicable to a target that does not claim one of them: what the case sees the rest by.
  void needs(std::initializer_list<std::string_view> capabilities) const;
  [[noreturn]] void environment(std::string why) const;
  // Ends the case where it had no port, address or descriptor to give: no verdict stands on that.
  void blame_this_machine(const boost::system::error_code& error) const;
  void note(std::string text);

  // --- parties
  // ------------------------------------------------------------------------------------ An own
  // source address; not applicable if the set-up has no more of them.
  net::Endpoint home();
  // A device that nobody knows yet, at its own address.
  LabDevice device();
  // The same, but under an id that somebody else may have.
  LabDevice device(std::string id);
  // Registered and online; the case is blocked if that does not work.
  Task<LabDevice> registered_device();
  // At an own address.
  LabController controller();
  LabController controller(Over over);
  // At a given source address (a device's, to be on the same network).
  LabController controller(const net::Endpoint& at, Over over = Over::tcp);
  // A connection of `party`; blocked if it cannot be made.
  Task<sim::MessageStream> connect(std::string party, net::Endpoint from, net::Endpoint to);
  // One to the rendezvous server. Not applicable if it has to be encrypted and the server signs
  // nothing; blocked if it cannot be made or stays plain. `upgrade`: of a WebSocket.
  Task<sim::MessageStream> connect_over(Over over, std::string party, net::Endpoint from,
                                        sim::Upgrade upgrade = {});
  sim::Recorder recorder(std::string party);

  // An id of a device that nobody has; it begins with the prefix of the run.
  std::string fresh_id();
  std::string fresh_uuid();

  // --- what is left behind
  // ------------------------------------------------------------------------ A name for a thing on
  // the target: "dck3f9-tag7", the prefix of the run, what it is, a number.
  std::string named(std::string_view what) { return inventory_->named(what); }
  const Inventory& inventory() const { return *inventory_; }
  // Counts what the target has, and no longer has, because of this case. What is registered at the
  // rendezvous server, asked of the API or done by hooks is counted already, where that is sent
  // (http.cpp, hook_calls.cpp). An own server ends with its case, and nothing counts there. A
  // mistake of a case that says it reads only.
  void created(Thing thing, std::string name);
  void removed(Thing thing, const std::string& name);
  // The target is changed in a way that cannot be counted. `what`: "the hook 'disconnect' runs".
  void changes(const std::string& what);

  template <class T>
  Answer<T> answer(net::Result<T> result, std::string what) {
    return Answer<T>(std::move(result), unread_, std::move(what));
  }

  // Who is signed in for the hooks of the target, and whether that ends with this case.
  HookLogins& hook_logins() { return *hook_logins_; }
  bool ends_hook_logins() const { return !setup_.hook_logins; }

  // --- servers
  // ------------------------------------------------------------------------------------ A server
  // of its own for this case; from here on target() is that one. Not applicable if the target is
  // somebody else's.
  Task<void> own_server(ServerSetup setup);
  // From here on target() is a server that may be restarted: one of its own, or somebody else's,
  // for which the case says restarts_target(). Not applicable if nobody can restart that one.
  Task<void> server_to_restart();
  bool may_restart() const;
  // Ends it and starts it again. Not applicable if this part of somebody else's server goes on as
  // before; the environment's fault if it does not come back.
  Task<void> restart_server(std::optional<Part> part = std::nullopt);
  // The texts of the mails that the server of this case has sent to the address, the oldest first.
  std::vector<std::string> mails_to(const std::string& address) const;
  // Where somebody else's server sends its mails; null: nowhere that the suite could look.
  sim::Mailbox* mailbox() const { return setup_.mailbox; }
  // From here on, the target lends this account to this case.
  void lend(const std::string& role, Account account) {
    target_.accounts[role] = std::move(account);
  }
  // Whether the target is a server of this suite, and own_server() works.
  bool starts_servers() const { return setup_.servers != nullptr; }
  // Runs after the case, however it ended; the last one first. For parties with tasks of their own.
  // What it cannot do is no verdict, and keeps no other from it: it may throw EarlyEnd.
  void at_end(std::function<Task<void>()> task) { at_end_.push_back(std::move(task)); }

  // --- for the runner
  // -----------------------------------------------------------------------------
  const std::vector<Check>& checks() const { return checks_; }
  // Of a case that is not over after `time`: whether it is in a wait that has a limit, and has not
  // asked for more protocol time itself. Then it is the answers that come late, one by one.
  bool is_delayed(net::Duration time) const { return now() < limit_ && waited_ <= time; }
  // Why nothing that was judged counts, where that is so; also says when it held all the same.
  std::string why_inapplicable() const;
  const std::vector<std::string>& unread() const { return unread_->answers; }
  const std::vector<std::string>& mistakes() const { return mistakes_; }
  const sim::Transcript& transcript() const { return transcript_; }
  Task<void> clean_up();

 private:
  struct Opinion {
    bool holds;
    std::string expected, actual;
    FailureKind kind = FailureKind::wrong_value;
  };
  template <class T, class M>
  static Opinion judge(const T& actual, const M& matcher) {
    const testing::Matcher<const T&> wanted = testing::SafeMatcherCast<const T&>(matcher);
    testing::StringMatchResultListener explanation;
    Opinion opinion;
    opinion.holds = wanted.MatchAndExplain(actual, &explanation);
    std::ostringstream expected;
    wanted.DescribeTo(&expected);
    opinion.expected = expected.str();
    // "the next heartbeat" tells more than "an answer", and an error code less than either.
    if constexpr (requires { actual.what(); }) {
      if (opinion.expected == "an answer") opinion.expected = actual.what();
    }
    if constexpr (std::is_same_v<T, boost::system::error_code>) opinion.expected = "no error";
    opinion.actual = show(actual);
    opinion.kind = kind_of_failure(actual);
    if (!explanation.str().empty()) opinion.actual += " (" + explanation.str() + ")";
    return opinion;
  }
  bool record(std::string_view requirement, Opinion opinion);
  void watch(const sim::TranscriptLine& line);
  void ended_badly(const std::exception& error);
  [[noreturn]] void blocked(std::string_view what, const std::string& expected,
                            const std::string& actual) const;

  LabSetup setup_;
  Target target_;
  net::Random random_;
  Inventory own_inventory_;
  Inventory* inventory_;
  std::unique_ptr<HookLogins> own_hook_logins_;
  HookLogins* hook_logins_;
  net::Time begun_;
  mutable net::Time limit_{};  // the latest end of a wait
  net::Duration waited_{};     // protocol time that the case has asked for
  sim::Transcript transcript_;
  std::shared_ptr<Unread> unread_ = std::make_shared<Unread>();
  std::vector<Check> checks_;
  bool lacking_ = false;  // something that was judged did not hold
  std::vector<std::string> mistakes_;
  std::unique_ptr<OwnServer> own_server_;
  std::vector<std::function<Task<void>()>> at_end_;
  int devices_ = 0, controllers_ = 0;
};

}  // namespace deskcheck::conformance
