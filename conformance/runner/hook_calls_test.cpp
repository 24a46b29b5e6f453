// Control hooks of several calls and of commands, against an operator's API that is written here.
#include "client-sim/lab/http_service.hpp"
#include "conformance/lab/admin.hpp"
#include "conformance/runner/address_pools.hpp"
#include "conformance/runner/closing.hpp"
#include "conformance/runner/run_case.hpp"
#include "conformance/runner/scope.hpp"
#include "conformance/target/control.hpp"
#include "proto/net/real_world.hpp"
#include "proto/net/sim_world.hpp"
#include "proto/net/task_group.hpp"

#include <gmock/gmock.h>
#include <boost/json.hpp>

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <set>

namespace deskcheck::conformance {
namespace {

namespace json = boost::json;
using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::Eq;
using testing::HasSubstr;
using testing::Not;

HookCall question(std::string method, std::string path) {
  HookCall call;
  call.method = std::move(method);
  call.path = std::move(path);
  return call;
}

HookCall command(const std::string& script, std::vector<std::string> words = {}) {
  HookCall call;
  call.exec = {"sh", "-c", script, "hook"};
  call.exec.insert(call.exec.end(), words.begin(), words.end());
  return call;
}

// A server whose strategies have numbers, as its owner sees it.
struct Office {
  std::vector<std::string> heard;
  sim::HttpResponse answer(const sim::HttpRequest& request) {
    heard.push_back(request.method + ' ' + request.target + ' ' + request.body);
    sim::HttpResponse response;
    if (request.target == "/login")
      response.body = R"({"code":0,"data":{"token":"t-1"}})";
    else if (request.authorization != "Key t-1")
      response.body = R"({"code":403,"message":"who are you"})";
    else if (request.method == "GET")
      response.body = R"({"code":0,"data":[{"id":7,"name":"a/b"},{"id":9,"name":"other"}]})";
    else
      response.body = R"({"code":0})";
    return response;
  }
};

Control with_login() {
  HookCall call = question("POST", "/login");
  call.body = json::object{{"u", "${user}"}, {"password", "${password}"}};
  call.expect["/code"] = 0;
  call.take["token"] = "/data/token";
  Control control;
  control.login.emplace();
  control.login->call = call;
  control.login->headers["Authorization"] = "Key ${token}";
  return control;
}

Hook put_strategy() {
  HookCall find = question("GET", "/strategies?name=${strategy}");
  find.expect["/code"] = 0;
  find.take["id"] = "/data/[name=${strategy}]/id";
  HookCall make = question("POST", "/strategies");
  make.unless = "id";
  make.body = json::object{{"name", "${strategy}"}};
  HookCall change = question("PUT", "/strategies/${id}");
  change.only_if = "id";
  change.body = json::object{{"id", "${id}"}, {"values", "${options}"}};
  Hook hook;
  hook.calls = {find, make, change};
  return hook;
}

using Story = std::function<Task<void>(Lab&)>;

// One case against the office.
template <class AnyWorld, class AnyOffice>
CaseResult play(const Control& control, AnyOffice& office, const Story& body,
                const char* api = nullptr, HookLogins* logins = nullptr) {
  AnyWorld any{std::uint64_t{1}};
  const net::World world = any.world();
  Case c;
  c.id = "test/hook";
  c.requirements = {"FRM-HDR-01"};
  c.body = body;
  c.takes = 60s;
  NetworkPool addresses(boost::asio::ip::make_network_v4("127.7.0.0/16"), 9, {});
  const auto registry = Registry::built_in();
  const RunOptions options;
  const Scope scope(registry, options);
  CaseResult result;
  const auto scenario = [&]() -> Task<void> {
    const net::Endpoint home{boost::asio::ip::make_address("127.7.0.1"), 0};
    sim::HttpService service(
        world, home, [&](const sim::HttpRequest& request) { return office.answer(request); });
    service.start();
    LabSetup setup = scope.setup_for(c, world);
    setup.target.api = api ? api : "http://" + to_string(service.local());
    setup.target.accounts["admin"] = {"root", "secret"};
    setup.target.control = std::make_shared<const Control>(control);
    setup.addresses = &addresses;
    setup.hook_logins = logins;
    co_await run_case(std::move(setup), result);
    co_await service.stop();
  };
  any.run(scenario());
  return result;
}

CaseResult put(const Control& control, Office& office, std::string name) {
  return play<net::SimWorld>(control, office, [name](Lab& lab) -> Task<void> {
    LabAdmin admin(lab, {"put-strategy"});
    StrategyOptions options{{"k", "v"}};
    co_await admin.put_strategy(name, options);
    lab.verdict("FRM-HDR-01", 1, Eq(1));
  });
}

TEST(HookCalls, TakeWhatTheNextOnesSay) {
  Control control = with_login();
  control.hooks["put-strategy"] = put_strategy();
  Office office;
  const auto there = put(control, office, "a/b");
  EXPECT_EQ(there.status, Status::pass) << there.why;
  EXPECT_THAT(office.heard, ElementsAre(R"(POST /login {"u":"root","password":"secret"})",
                                        "GET /strategies?name=a%2Fb ",
                                        R"(PUT /strategies/7 {"id":7,"values":{"k":"v"}})"));
  office.heard.clear();
  const auto fresh = put(control, office, "new");
  EXPECT_EQ(fresh.status, Status::pass) << fresh.why;
  EXPECT_EQ(office.heard.back(), R"(POST /strategies {"name":"new"})");
}

TEST(HookCalls, WhatWasNotFoundIsTheEnvironmentsFault) {
  Control control = with_login();
  Hook hook = put_strategy();
  hook.calls[2].only_if.clear();
  control.hooks["put-strategy"] = hook;
  Office office;
  const auto result = put(control, office, "new");
  EXPECT_EQ(result.status, Status::blocked);
  EXPECT_EQ(result.blame, Blame::environment);
  EXPECT_THAT(result.why, HasSubstr("call 3 of the hook 'put-strategy' needs ${id}"));
}

TEST(HookCalls, AnAnswerOf200CanBeAFailure) {
  Control control = with_login();
  control.login->headers["Authorization"] = "Key wrong";
  control.hooks["put-strategy"] = put_strategy();
  Office office;
  const auto result = put(control, office, "new");
  EXPECT_EQ(result.blame, Blame::environment);
  EXPECT_THAT(result.why, HasSubstr("call 1 of the hook 'put-strategy' failed: at /code there is "
                                    "403, not 0"));
}

TEST(HookCalls, ALoginWithoutTokenIsTheEnvironmentsFault) {
  Control control = with_login();
  control.login->call->take["token"] = "/data/key";
  control.hooks["put-strategy"] = put_strategy();
  Office office;
  const auto result = put(control, office, "new");
  EXPECT_EQ(result.blame, Blame::environment);
  EXPECT_THAT(result.why,
              HasSubstr("the login of 'admin' for the hooks of `control` gave no token"));
}

// A server that says to everything what it was asked, and what its login gives.
struct Parrot : Office {
  std::string token = "secret-token";
  int status = 500;
  sim::HttpResponse answer(const sim::HttpRequest& request) {
    sim::HttpResponse response;
    if (request.target == "/login")
      response.body = json::serialize(json::object{{"code", 0}, {"data", {{"token", token}}}});
    else
      response.body = "you said\n" + request.target + ' ' + request.authorization + request.body;
    if (request.target != "/login") response.status = status;
    return response;
  }
};

CaseResult set_password(Parrot& parrot) {
  Control control = with_login();
  HookCall call = question("POST", "/users?word=${password}");
  call.body = json::object{{"word", "${password}"}};
  control.hooks["set-password"] = Hook(call);
  const auto story = [](Lab& lab) -> Task<void> {
    LabAdmin admin(lab, {"set-password"});
    co_await admin.set_password("u", "Sesame \"99\"");
    lab.verdict("FRM-HDR-01", 1, Eq(1));
  };
  return play<net::SimWorld>(control, parrot, story);
}

TEST(HookCalls, WhatIsSecretStaysOutOfReportsWhateverItIsCalled) {
  Parrot parrot;
  const auto result = set_password(parrot);
  EXPECT_EQ(result.blame, Blame::environment);
  EXPECT_THAT(result.why,
              HasSubstr(R"(status 500: you said\x0a/users?word=*** Key ***{"word":"***"})"));
  EXPECT_EQ(result.why.find('\n'), std::string::npos);
  const std::string told = result.why + sim::render(result.conversation);
  for (const char* secret : {"Sesame", "secret-token"}) EXPECT_THAT(told, Not(HasSubstr(secret)));
  parrot.status = 200;
  EXPECT_EQ(set_password(parrot).status, Status::pass);
}

TEST(HookCalls, ATokenThatWouldBeginAnotherHeaderIsTheEnvironmentsFault) {
  Parrot parrot;
  parrot.token = "t\r\nX-Forwarded-For: 127.0.0.1";
  const auto result = set_password(parrot);
  EXPECT_EQ(result.blame, Blame::environment);
  EXPECT_THAT(result.why, HasSubstr("what 'Authorization' would say is no header of HTTP"));
}

// --- who is signed in

// A server whose logins end when it is told, or when it forgets them.
struct Desk {
  std::vector<std::string> heard;
  std::set<std::string> valid;
  int logins = 0, refusal = 401, at_logout = 200;

  sim::HttpResponse answer(const sim::HttpRequest& request) {
    heard.push_back(request.target + ' ' + request.authorization + request.body);
    sim::HttpResponse response;
    response.body = R"({"code":0})";
    if (request.target == "/login") {
      const std::string token = "t-" + std::to_string(++logins);
      valid.insert("Key " + token);
      response.body = R"({"code":0,"data":{"token":")" + token + R"("}})";
      response.delay = 1s;
    } else if (!valid.contains(request.authorization)) {
      response.status = refusal;
    } else if (request.target.starts_with("/logout")) {
      response.status = at_logout;
      valid.erase(request.authorization);
    }
    return response;
  }
};

Control with_logout() {
  Control control = with_login();
  HookCall logout = question("POST", "/logout/${user}");
  logout.body = json::object{{"t", "${token}"}};
  logout.expect["/code"] = 0;
  control.login->logout = logout;
  control.hooks["force-sysinfo"] = Hook(question("POST", "/sysinfo"));
  return control;
}

Task<void> runs_the_hook(Lab& lab) {
  HookCalls calls(lab);
  std::string name = "force-sysinfo";
  json::object arguments{{"device", "d"}};
  const auto answer = co_await calls.run(name, std::move(arguments));
  lab.verdict("FRM-HDR-01", answer.refused, Eq(false));
}

CaseResult case_at(Desk& desk, HookLogins* logins, const Story& body = runs_the_hook) {
  return play<net::SimWorld>(with_logout(), desk, body, nullptr, logins);
}

TEST(HookLogins, EndWithTheirCaseIfNobodySharesThem) {
  Desk desk;
  EXPECT_EQ(case_at(desk, nullptr).status, Status::pass);
  EXPECT_THAT(desk.heard, ElementsAre(R"(/login {"u":"root","password":"secret"})",
                                      "/sysinfo Key t-1", R"(/logout/root Key t-1{"t":"t-1"})"));
}

TEST(HookLogins, ServeAllCasesOfARun) {
  Desk desk;
  HookLogins logins;
  for (int time = 0; time < 3; ++time) EXPECT_EQ(case_at(desk, &logins).status, Status::pass);
  EXPECT_EQ(desk.logins, 1);
  EXPECT_EQ(desk.heard.back(), "/sysinfo Key t-1");
  EXPECT_EQ(logins.all().size(), 1U);
}

TEST(HookLogins, WhoComesWhileAnotherOneSignsInWaits) {
  Desk desk;
  const auto result = case_at(desk, nullptr, [](Lab& lab) -> Task<void> {
    net::TaskGroup both(lab.world().executor);
    both.spawn("one", runs_the_hook(lab));
    both.spawn("other", runs_the_hook(lab));
    co_await both.join();
  });
  EXPECT_EQ(result.status, Status::pass) << result.why;
  EXPECT_EQ(desk.logins, 1);
}

TEST(HookLogins, ThatAreOverBeginAnew) {
  for (const int refusal : {401, 403}) {
    Desk desk;
    desk.refusal = refusal;
    HookLogins logins;
    EXPECT_EQ(case_at(desk, &logins).status, Status::pass);
    desk.valid.clear();
    const auto result = case_at(desk, &logins);
    EXPECT_EQ(result.status, Status::pass) << result.why;
    EXPECT_EQ(desk.logins, 2);
    EXPECT_EQ(desk.heard.back(), "/sysinfo Key t-2");
  }
}

// Whoever says no to everybody has said no.
TEST(HookLogins, BeginAnewOnceOnly) {
  Desk desk;
  HookLogins logins;
  EXPECT_EQ(case_at(desk, &logins).status, Status::pass);
  const auto result = case_at(desk, &logins, [&](Lab& lab) -> Task<void> {
    HookCalls calls(lab);
    for (int time = 0; time < 3; ++time) {
      desk.valid = {"nobody"};
      std::string name = "force-sysinfo";
      json::object arguments{{"device", "d"}};
      const auto answer = co_await calls.run(name, std::move(arguments));
      // The first one had an old login, and the new one is good.
      lab.verdict("FRM-HDR-01", answer.refused, Eq(time > 0));
    }
  });
  EXPECT_EQ(result.status, Status::pass) << result.why;
  EXPECT_EQ(desk.logins, 2);
}

// What the end of a run says of what it could not end.
std::vector<std::string> notes_at_the_end(Desk& desk, const Control& control) {
  HookLogins logins;
  Footprint footprint;
  Inventory inventory("k3f9");
  NetworkPool addresses(boost::asio::ip::make_network_v4("127.7.0.0/16"), 9, {});
  const auto registry = Registry::built_in();
  const RunOptions options;
  const Scope scope(registry, options);
  const auto result = play<net::SimWorld>(
      control, desk,
      [&](Lab& lab) -> Task<void> {
        co_await runs_the_hook(lab);
        ClosingStep step{scope, lab.target(), addresses, inventory, footprint, logins};
        co_await end_hook_logins(lab.world(), step);
      },
      nullptr, &logins);
  EXPECT_EQ(result.status, Status::pass) << result.why;
  EXPECT_TRUE(logins.all().empty());
  return footprint.notes;
}

TEST(HookLogins, EndWithTheRun) {
  Desk desk;
  EXPECT_THAT(notes_at_the_end(desk, with_logout()), testing::IsEmpty());
  EXPECT_THAT(desk.valid, testing::IsEmpty());
  EXPECT_EQ(desk.heard.back(), R"(/logout/root Key t-1{"t":"t-1"})");
}

TEST(HookLogins, ThatStayAreTold) {
  Desk desk;
  desk.at_logout = 500;
  EXPECT_THAT(notes_at_the_end(desk, with_logout()),
              ElementsAre("the end of the login of 'admin' for the hooks of `control` failed with "
                          R"(status 500: {"code":0})"));
  Control control = with_logout();
  control.login->logout.reset();
  EXPECT_THAT(notes_at_the_end(desk, control),
              ElementsAre("the login of 'admin' for the hooks of `control` stays: `login` says no "
                          "`logout`"));
}

// Commands that are scripted, in virtual time.
CaseResult with_scripted(const HookCall& call, const net::CommandEnd& end, std::string device) {
  Control control;
  control.hooks["force-sysinfo"] = Hook(call);
  Office office;
  return play<net::SimWorld>(control, office, [end, device](Lab& lab) -> Task<void> {
    HookCalls calls(
        lab, [end](net::World, net::Command, net::Deadline) -> Task<net::Result<net::CommandEnd>> {
          co_return end;
        });
    json::object arguments{{"device", device}};
    std::string name = "force-sysinfo";
    const auto answer = co_await calls.run(name, std::move(arguments));
    lab.verdict("FRM-HDR-01", answer.refused, Eq(false));
  });
}

TEST(HookCalls, LastWordsOfACommandAreOneLine) {
  HookCall call;
  call.exec = {"./x", "${device}"};
  net::CommandEnd end;
  EXPECT_EQ(with_scripted(call, end, "d").status, Status::pass);
  end.code = 2;
  end.last_words = "\x1b[2Jno";
  EXPECT_EQ(with_scripted(call, end, "d").why,
            R"(the hook 'force-sysinfo': ./x ended with exit code 2: \x1b[2Jno)");
}

TEST(HookCalls, AWordOfACommandDoesNotEndBeforeItsEnd) {
  HookCall call;
  call.exec = {"./x", "${device}"};
  const auto result = with_scripted(call, net::CommandEnd(), std::string("a\0b", 3));
  EXPECT_EQ(result.blame, Blame::environment);
  EXPECT_THAT(result.why, HasSubstr("cannot run ./x: a word has a zero in it"));
}

TEST(HookCalls, AnApiThatCannotBeReachedIsTheEnvironmentsFault) {
  Control control;
  control.hooks["force-sysinfo"] = Hook(question("POST", "/x"));
  Office office;
  const auto story = [](Lab& lab) -> Task<void> {
    HookCalls calls(lab);
    json::object arguments{{"device", "d"}};
    std::string name = "force-sysinfo";
    const auto answer = co_await calls.run(name, std::move(arguments));
    lab.verdict("FRM-HDR-01", answer.refused, Eq(false));
  };
  const auto result = play<net::SimWorld>(control, office, story, "http://127.7.0.1:9");
  EXPECT_EQ(result.blame, Blame::environment) << result.why;
  EXPECT_THAT(result.why, HasSubstr("connecting to the API"));
}

// --- commands

CaseResult execute(const Hook& hook, const Story& body) {
  Control control;
  control.hooks["read-device"] = control.hooks["put-strategy"] = hook;
  Office office;
  return play<net::RealWorld>(control, office, body);
}

Task<void> reads_a_device(Lab& lab) {
  LabAdmin admin(lab, {"read-device"});
  const auto device = co_await admin.device("1 $(id)");
  const std::string wanted = R"--({"name":"1 $(id)","user":"1 $(id)"})--";
  lab.verdict("FRM-HDR-01", json::serialize(device), Eq(wanted));
}

TEST(HookCommands, AnswerInJson) {
  HookCall call = command(R"(printf '{"data":{"name":"%s"}}' "$1")", {"${device}"});
  call.answer = "/data";
  call.members["user"] = "/name";
  const auto result = execute(Hook(call), reads_a_device);
  EXPECT_EQ(result.status, Status::pass) << result.why;
}

TEST(HookCommands, ThatFailAreTheEnvironmentsFault) {
  const auto why = [](const HookCall& call) {
    const auto result = execute(Hook(call), reads_a_device);
    EXPECT_EQ(result.status, Status::blocked);
    EXPECT_EQ(result.blame, Blame::environment);
    return result.why;
  };
  EXPECT_EQ(why(command("echo first >&2; echo 'no database' >&2; exit 2")),
            "the hook 'read-device': sh ended with exit code 2: no database");
  EXPECT_EQ(why(command("exit 1")), "the hook 'read-device': sh ended with exit code 1");
  HookCall slow = command("exec sleep 1000");
  slow.limit = 200ms;
  EXPECT_EQ(why(slow), "the hook 'read-device': sh was killed because its time was over");
  HookCall nobody;
  nobody.exec = {"./no-such-program"};
  EXPECT_THAT(why(nobody), HasSubstr("cannot run ./no-such-program: No such file or directory"));
  HookCall chatty = command("echo hello");
  chatty.answer = "/data";
  EXPECT_THAT(why(chatty), HasSubstr("the hook 'read-device' answered no JSON"));
}

TEST(HookCommands, ExitCode1Refuses) {
  const auto takes = [](const std::string& script) {
    return execute(Hook(command(script)), [](Lab& lab) -> Task<void> {
      LabAdmin admin(lab, {"put-strategy"});
      const boost::json::object options;
      const bool taken = co_await admin.try_strategy("s", options);
      lab.verdict("FRM-HDR-01", taken, Eq(true));
    });
  };
  EXPECT_EQ(takes("exit 0").status, Status::pass);
  EXPECT_EQ(takes("exit 1").status, Status::fail);
  EXPECT_EQ(takes("exit 2").status, Status::blocked);
}

// Every hook about users, books and tokens says what the target file makes of it.
TEST(HookCommands, PeopleAreMadeSharedWithAndRemoved) {
  Control control;
  const std::map<std::string, std::vector<std::string>> all{
      {"put-user", {"${user}", "${password}", "${email}"}},
      {"remove-user", {"${user}"}},
      {"set-password", {"${user}", "${password}"}},
      {"enable-totp", {"${user}"}},
      {"require-email-code", {"${user}", "${address}"}},
      {"put-group", {"${group}", "${users}"}},
      {"remove-group", {"${group}"}},
      {"share-book", {"${book}", "${user}", "${rule}"}},
      {"remove-book", {"${book}"}},
      {"expire-token", {"${token}"}}};
  const auto file =
      std::filesystem::path(testing::TempDir()) / ("hooks-of-people-" + std::to_string(::getpid()));
  for (const auto& [name, words] : all) {
    std::vector<std::string> arguments{file.string(), name};
    arguments.insert(arguments.end(), words.begin(), words.end());
    HookCall call = command(
        R"(f=$1; shift; echo "$@" >>"$f"; echo '{"secret":"JBSWY3DPEHPK3PXP"}')", arguments);
    if (name == "enable-totp") call.answer = "/secret";
    control.hooks[name] = Hook(call);
  }
  Office office;
  const auto result = play<net::RealWorld>(control, office, [](Lab& lab) -> Task<void> {
    LabAdmin admin(lab, {"put-user", "enable-totp", "share-book"});
    co_await admin.put_user("u", "p w", "u@x");
    co_await admin.set_password("u", "new");
    const std::string secret = co_await admin.enable_totp("u");
    co_await admin.require_email_code("u", "u@x");
    std::vector<std::string> users{"u", "v"};
    co_await admin.put_group("g", users);
    co_await admin.remove_group("g");
    co_await admin.share_book("b", "u", 2);
    co_await admin.remove_book("b");
    co_await admin.expire_token("t-0");
    co_await admin.remove_user("u");
    lab.verdict("FRM-HDR-01", secret, Eq("JBSWY3DPEHPK3PXP"));
  });
  EXPECT_EQ(result.status, Status::pass) << result.why;
  std::ifstream heard(file);
  std::vector<std::string> lines;
  for (std::string line; std::getline(heard, line);) lines.push_back(line);
  std::filesystem::remove(file);
  EXPECT_THAT(
      lines, ElementsAre("put-user u p w u@x", "set-password u new", "enable-totp u",
                         "require-email-code u u@x", R"(put-group g ["u","v"])", "remove-group g",
                         "share-book b u 2", "remove-book b", "expire-token t-0", "remove-user u"));
}

TEST(HookCommands, ASecretThatIsNoneIsTheEnvironmentsFault) {
  for (const char* answer :
       {R"({"secret":"not base32!"})", R"({"secret":""})", R"({"secret":7})"}) {
    Control control;
    HookCall call = command("echo \"$1\"", {answer});
    call.answer = "/secret";
    control.hooks["enable-totp"] = Hook(call);
    Office office;
    const auto result = play<net::RealWorld>(control, office, [](Lab& lab) -> Task<void> {
      LabAdmin admin(lab, {"enable-totp"});
      const std::string secret = co_await admin.enable_totp("u");
      lab.verdict("FRM-HDR-01", secret, Eq("x"));
    });
    EXPECT_EQ(result.blame, Blame::environment) << answer;
    EXPECT_THAT(result.why, HasSubstr("the hook 'enable-totp' answered no secret in base32"));
  }
}

TEST(HookCommands, PasswordsAndTokensStayOutOfReports) {
  Control control;
  control.hooks["put-user"] = Hook(command("exit 2", {"${user}", "${password}"}));
  Office office;
  const auto result = play<net::RealWorld>(control, office, [](Lab& lab) -> Task<void> {
    LabAdmin admin(lab, {"put-user"});
    co_await admin.put_user("ann", "Sesame99");
    lab.verdict("FRM-HDR-01", 1, Eq(1));
  });
  EXPECT_EQ(result.blame, Blame::environment);
  const std::string told = result.why + sim::render(result.conversation);
  EXPECT_THAT(told, HasSubstr("ann ***"));
  EXPECT_THAT(told, Not(HasSubstr("Sesame99")));
}

TEST(HookCommands, AreNotRunInVirtualTime) {
  Control control;
  control.hooks["read-device"] = Hook(command("echo '{}'"));
  Office office;
  const auto result = play<net::SimWorld>(control, office, reads_a_device);
  EXPECT_EQ(result.blame, Blame::environment);
  EXPECT_THAT(result.why, HasSubstr("cannot run sh: Operation not supported"));
}

}  // namespace
}  // namespace deskcheck::conformance
