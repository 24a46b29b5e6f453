// Accounts and agents at the HTTP API.
#include "client-sim/account/account.hpp"
#include "client-sim/agent/agent.hpp"
#include "client-sim/channel/render.hpp"
#include "conformance/registry/usage_error.hpp"
#include "conformance/scenario/scenario_case.hpp"
#include "python/binding/bindings.hpp"
#include "python/binding/named_target.hpp"
#include "python/binding/party.hpp"

#include <fmt/format.h>
#include <pybind11/stl.h>

#include <map>

namespace py = pybind11;

namespace deskcheck::python {

namespace {

// Who asks, and where: all but what is drawn in the world.
sim::ApiAccess access_to(const NamedTarget& target, const std::string& id, const std::string& uuid,
                         const std::string& release) {
  sim::ApiAccess access;
  const auto known = sim::ClientRelease::parse(release);
  if (!known)
    throw conformance::UsageError(fmt::format("release '{}': give one of {}", release,
                                              fmt::join(sim::ClientRelease::names(), ", ")));
  const auto site = conformance::site_of(target.target);
  if (!site.api)
    throw conformance::UsageError(
        "the target has no HTTP API, or its URL is not known: give 'api'");
  access.release = *known;
  access.id = id;
  access.uuid = uuid;
  access.api = *site.api;
  access.rendezvous = target.target.rendezvous;
  access.key = target.client_key();
  return access;
}

void settle(Scene& scene, const NamedTarget& target, const std::string& address,
            sim::ApiAccess& access) {
  if (access.id.empty()) access.id = std::to_string(100'000'000 + scene.random.below(900'000'000));
  if (access.uuid.empty()) access.uuid = "uuid-" + wire::to_base64(scene.random.bytes(15));
  access.home = home_for(scene, target.target.rendezvous, address);
}

class AccountParty final : public Party {
 public:
  AccountParty(const net::World& world, sim::AccountOptions options)
      : Party(world),
        account(world, std::move(options), sim::Recorder(&transcript, &world.clock, "account")) {}
  Task<void> end() override { co_return; }

  sim::Transcript transcript;
  sim::Account account;
};

class AccountHandle : public Handle<AccountParty> {
 public:
  AccountHandle(std::shared_ptr<Stage> stage, const NamedTarget& target, const std::string& id,
                const std::string& uuid, const std::string& release, const std::string& token,
                const std::string& user, const std::string& address)
      : Handle(std::move(stage)) {
    sim::AccountOptions options;
    options.access = access_to(target, id, uuid, release);
    options.token = token;
    options.user_name = user;
    begin([&](Scene& scene) {
      settle(scene, target, address, options.access);
      id_ = options.access.id;
      return std::make_shared<AccountParty>(scene.world, options);
    });
  }

  const std::string& id() const { return id_; }
  template <class T>
  T see(T (*at)(const sim::Account&)) const {
    return look_at_party<T>([at](AccountParty& p) { return at(p.account); });
  }
  std::string conversation() const {
    return look_at_party<std::string>([](AccountParty& p) { return sim::render(p.transcript); });
  }
  void log_in(const std::string& user, const std::string& password) const {
    auto work = [&](Scene&) -> Task<void> {
      (void)co_await party().account.log_in(user, password);
    };
    with_party(work);
  }
  void enter_code(const std::string& code) const {
    auto work = [&](Scene&) -> Task<void> { (void)co_await party().account.enter_code(code); };
    with_party(work);
  }
  void refresh() const {
    auto work = [&](Scene&) -> Task<void> { co_await party().account.refresh(); };
    with_party(work);
  }
  void log_out() const {
    auto work = [&](Scene&) -> Task<void> { co_await party().account.log_out(); };
    with_party(work);
  }
  std::string add_peer(const std::map<std::string, std::string>& members,
                       const std::vector<std::string>& tags) const {
    boost::json::object peer;
    for (const auto& [name, value] : members) peer[name] = value;
    boost::json::array list(tags.begin(), tags.end());
    peer["tags"] = std::move(list);
    std::string failure;
    auto work = [&](Scene&) -> Task<void> {
      auto& books = party().account.books();
      std::string own = books.own_name();
      failure = co_await books.add_peer(std::move(own), peer);
    };
    with_party(work);
    return failure;
  }

 private:
  std::string id_;
};

std::string asks(const sim::Account& account) {
  if (!account.challenge()) return {};
  return account.challenge()->totp ? "totp code" : "email code";
}

std::vector<std::string> peers_of(const sim::Account& account) {
  std::vector<std::string> ids;
  if (const auto* own = account.books().find(account.books().own_name()))
    for (const auto& peer : own->peers) ids.push_back(sim::text_member(peer, "id"));
  return ids;
}

std::string book_mode(const sim::Account& account) {
  const auto mode = account.books().mode();
  return mode == sim::BookMode::shared   ? "shared"
         : mode == sim::BookMode::legacy ? "legacy"
                                         : "unknown";
}

class AgentParty final : public Party {
 public:
  AgentParty(const net::World& world, sim::AgentOptions options)
      : Party(world),
        agent(world, std::move(options), sim::Recorder(&transcript, &world.clock, "agent")) {
    agent.start();
  }
  Task<void> end() override { return agent.stop(); }

  sim::Transcript transcript;
  sim::Agent agent;
};

std::map<std::string, int> counters_of(const sim::Agent& agent) {
  const auto& c = agent.counters();
  const auto& audits = agent.audits().counters();
  return {{"heartbeats", c.heartbeats}, {"answers", c.answers},
          {"sysinfos", c.sysinfos},     {"sysinfo_versions", c.sysinfo_versions},
          {"strategies", c.strategies}, {"disconnects", c.disconnects},
          {"audits", audits.delivered}, {"lost_audits", audits.lost}};
}

class AgentHandle : public Handle<AgentParty> {
 public:
  AgentHandle(std::shared_ptr<Stage> stage, const NamedTarget& target, const std::string& id,
              const std::string& uuid, const std::string& release,
              const std::map<std::string, std::string>& presets, const std::string& address)
      : Handle(std::move(stage)) {
    sim::AgentOptions options;
    options.access = access_to(target, id, uuid, release);
    options.presets = presets;
    begin([&](Scene& scene) {
      settle(scene, target, address, options.access);
      id_ = options.access.id;
      return std::make_shared<AgentParty>(scene.world, options);
    });
  }

  const std::string& id() const { return id_; }
  template <class T>
  T see(T (*at)(const sim::Agent&)) const {
    return look_at_party<T>([at](AgentParty& p) { return at(p.agent); });
  }
  std::string conversation() const {
    return look_at_party<std::string>([](AgentParty& p) { return sim::render(p.transcript); });
  }
  int begin_session() const {
    return look_at_party<int>(
        [](AgentParty& p) { return p.agent.begin_session(sim::ControllerFacts()); });
  }
  void end_session(int id) const {
    (void)look_at_party<bool>([id](AgentParty& p) {
      p.agent.end_session(id);
      return true;
    });
  }
  void wait_for(const std::string& counter, int count, double timeout) const {
    const auto limit = to_duration(timeout);
    auto work = [&, this](Scene& scene) -> Task<void> {
      auto& agent = party().agent;
      const net::Deadline deadline = net::in(scene.world.clock, limit);
      for (;;) {
        const auto counters = counters_of(agent);
        const auto found = counters.find(counter);
        if (found == counters.end())
          throw conformance::UsageError(fmt::format("an agent does not count '{}'", counter));
        if (found->second >= count) co_return;
        const auto changed = co_await agent.changed(deadline);
        if (!changed)
          throw_failure(changed.error(), fmt::format("agent {} has {} {} after {} s", id_,
                                                     found->second, counter, to_seconds(limit)));
      }
    };
    with_party(work);
  }

 private:
  std::string id_;
};

void bind_account(py::module_& m) {
  const auto see = [](auto at) {
    return [at](const AccountHandle& handle) { return handle.see(+at); };
  };
  using sim::Account;
  py::class_<AccountHandle>(m, "Account", "Somebody at the HTTP API, in a world.")
      .def(py::init<std::shared_ptr<Stage>, const NamedTarget&, const std::string&,
                    const std::string&, const std::string&, const std::string&, const std::string&,
                    const std::string&>(),
           py::arg("stage"), py::arg("target"), py::kw_only(), py::arg("id") = "",
           py::arg("uuid") = "", py::arg("release") = "head", py::arg("token") = "",
           py::arg("user") = "", py::arg("address") = "")
      .def_property_readonly("id", &AccountHandle::id)
      .def_property_readonly("signed_in", see([](const Account& a) {
                               return !a.token().empty() && a.sign_in().is_shown();
                             }))
      .def_property_readonly("user", see([](const Account& a) { return a.sign_in().user.name; }))
      .def_property_readonly("token", see([](const Account& a) { return a.token(); }))
      .def_property_readonly("message", see([](const Account& a) { return a.message(); }))
      .def_property_readonly("asks", see([](const Account& a) { return asks(a); }))
      .def_property_readonly("books", see([](const Account& a) { return book_mode(a); }))
      .def_property_readonly("peers", see([](const Account& a) { return peers_of(a); }))
      .def_property_readonly("conversation", &AccountHandle::conversation)
      .def("log_in", &AccountHandle::log_in, py::arg("user"), py::arg("password"))
      .def("enter_code", &AccountHandle::enter_code, py::arg("code"))
      .def("refresh", &AccountHandle::refresh)
      .def("log_out", &AccountHandle::log_out)
      .def("add_peer", &AccountHandle::add_peer, py::arg("members"), py::arg("tags"))
      .def("stop", &AccountHandle::stop);
}

void bind_agent(py::module_& m) {
  const auto see = [](auto at) {
    return [at](const AgentHandle& handle) { return handle.see(+at); };
  };
  using sim::Agent;
  py::class_<AgentHandle>(m, "Agent", "A device's agent at the HTTP API, in a world.")
      .def(py::init<std::shared_ptr<Stage>, const NamedTarget&, const std::string&,
                    const std::string&, const std::string&,
                    const std::map<std::string, std::string>&, const std::string&>(),
           py::arg("stage"), py::arg("target"), py::kw_only(), py::arg("id") = "",
           py::arg("uuid") = "", py::arg("release") = "head",
           py::arg("presets") = std::map<std::string, std::string>(), py::arg("address") = "")
      .def_property_readonly("id", &AgentHandle::id)
      .def_property_readonly("counters", see([](const Agent& a) { return counters_of(a); }))
      .def_property_readonly("options", see([](const Agent& a) { return a.options(); }))
      .def_property_readonly("modified_at", see([](const Agent& a) { return a.modified_at(); }))
      .def_property_readonly("is_pro", see([](const Agent& a) { return a.is_pro(); }))
      .def_property_readonly("connections", see([](const Agent& a) { return a.connections(); }))
      .def_property_readonly("conversation", &AgentHandle::conversation)
      .def("begin_session", &AgentHandle::begin_session)
      .def("end_session", &AgentHandle::end_session, py::arg("id"))
      .def("wait_for", &AgentHandle::wait_for, py::arg("counter"), py::arg("count"),
           py::arg("timeout"))
      .def("stop", &AgentHandle::stop);
}

}  // namespace

void bind_people(py::module_& m) {
  bind_account(m);
  bind_agent(m);
}

}  // namespace deskcheck::python
