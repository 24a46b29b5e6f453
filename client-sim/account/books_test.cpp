// Address books and the group tab against a scripted API in virtual time: which kind of book the
// client decides for, what it reads, what it makes of it.
#include "client-sim/account/account.hpp"
#include "client-sim/account/scripted_api.hpp"

namespace deskcheck::sim {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::Pair;
using testing::SizeIs;
using Says = ScriptedApi::Says;
using Heard = ScriptedApi::Heard;

boost::json::object peer_named(std::string id) { return {{"id", std::move(id)}}; }

using Script = std::function<void(ScriptedApi&)>;
using Act = std::function<Task<void>(Account&)>;

// What is asked after the question for the current user.
std::vector<Heard> run(const Script& script, const Act& act, const char* release = "1.4.9") {
  std::vector<Heard> heard;
  simulate([&](net::World world) -> Task<void> {
    ScriptedApi api(world);
    script(api);
    api.on("/api/currentUser", R"({"name":"alice"})");
    AccountOptions options;
    options.access = access_to_scripted_api(release);
    options.token = "t";
    options.user_name = "alice";
    Account account(world, options, Recorder());
    co_await account.refresh();
    co_await act(account);
    heard = api.heard;
    co_await api.stop();
  });
  return heard;
}

Script personal(int status, std::string answer) {
  return [=](ScriptedApi& api) {
    api.on("/api/ab/personal", [=](const Heard&) { return Says(status, answer); });
  };
}

BookMode decides(int status, std::string answer, const char* release) {
  BookMode mode = BookMode::unknown;
  run(
      personal(status, answer),
      [&](Account& account) -> Task<void> {
        mode = account.books().mode();
        co_return;
      },
      release);
  return mode;
}

TEST(AddressBooks, DecideByTheAnswerAboutThePersonalBook) {
  EXPECT_EQ(decides(404, "", "1.4.9"), BookMode::legacy);
  EXPECT_EQ(decides(200, "{}", "1.4.9"), BookMode::legacy);
  EXPECT_EQ(decides(200, R"({"guid":null})", "1.4.9"), BookMode::legacy);
  EXPECT_EQ(decides(200, R"({"guid":"g"})", "1.4.9"), BookMode::shared);
  EXPECT_EQ(decides(500, "", "1.4.9"), BookMode::unknown);
  EXPECT_EQ(decides(200, R"({"error":"no"})", "1.4.7"), BookMode::unknown);
  EXPECT_EQ(decides(500, "", "1.4.6"), BookMode::legacy);
  EXPECT_EQ(decides(401, "", "1.4.6"), BookMode::legacy);
}

TEST(AddressBooks, SignOutAfter401Since147) {
  for (const auto& [release, token] : {std::pair{"1.4.7", ""}, std::pair{"1.4.6", "t"}})
    run(
        personal(401, R"({"error":"Invalid token"})"),
        [&](Account& account) -> Task<void> {
          EXPECT_EQ(account.token(), token);
          co_return;
        },
        release);
}

// A personal book with one peer, and a shared one of somebody else.
void serves_books(ScriptedApi& api) {
  api.on("/api/ab/personal", R"({"guid":"g"})");
  api.on("/api/ab/settings", R"({"max_peer_one_ab":2})");
  api.on("/api/ab/shared/profiles",
         R"({"total":1,"data":[{"guid":"s","name":"Team","owner":"bob","rule":1}]})");
  api.on("/api/ab/peers", R"({"total":1,"data":[{"id":"1","alias":"one"}]})");
  api.on("/api/ab/tags/", R"([{"name":"office","color":4284955319}])");
  api.on("/api/ab/peer/add/", "");
}

std::vector<std::string> lines_of(const std::vector<Heard>& heard) {
  std::vector<std::string> lines;
  for (const auto& one : heard) lines.push_back(one.line());
  return lines;
}

TEST(AddressBooks, AreReadAsTheClientReadsThem) {
  const auto heard = run(serves_books, [](Account& account) -> Task<void> {
    const auto* own = account.books().find(kPersonalBook);
    EXPECT_TRUE(own && own->initialised && own->peer("1"));
    EXPECT_THAT(own->tags, ElementsAre(Pair("office", 4284955319)));
    const auto* team = account.books().find("Team");
    EXPECT_TRUE(team && !team->initialised && !team->can_write());
    co_await account.books().open("Team");
    EXPECT_TRUE(account.books().find("Team")->initialised);
  });
  EXPECT_THAT(lines_of(heard),
              ElementsAre("POST /api/currentUser", "POST /api/ab/personal", "POST /api/ab/settings",
                          "POST /api/ab/shared/profiles?current=1&pageSize=100",
                          "POST /api/ab/peers?current=1&pageSize=100&ab=g", "POST /api/ab/tags/g",
                          "GET /api/device-group/accessible?current=1&pageSize=100",
                          "GET /api/users?current=1&pageSize=100&accessible&status=1",
                          "POST /api/ab/peers?current=1&pageSize=100&ab=s", "POST /api/ab/tags/s"));
}

TEST(AddressBooks, AddAPeerAndReadAgain) {
  const auto heard = run(serves_books, [](Account& account) -> Task<void> {
    boost::json::object peer{{"id", "2"}, {"tags", {"office", "unknown"}}, {"password", "p"}};
    const auto failure = co_await account.books().add_peer(kPersonalBook, std::move(peer));
    EXPECT_EQ(failure, "");
    boost::json::object known = peer_named("1");
    const auto again = co_await account.books().add_peer(kPersonalBook, std::move(known));
    EXPECT_THAT(again, HasSubstr("already exists"));
  });
  ASSERT_GT(heard.size(), 3u);
  const auto& added = heard[heard.size() - 3];
  EXPECT_EQ(added.line(), "POST /api/ab/peer/add/g");
  EXPECT_EQ(added.body, R"({"id":"2","tags":["office"]})");
}

TEST(AddressBooks, ShowWhatAnActionAnswers) {
  const auto script = [](ScriptedApi& api) {
    api.on("/api/ab/peer/add/", "{}");
    serves_books(api);
  };
  run(script, [](Account& account) -> Task<void> {
    boost::json::object peer = peer_named("2");
    const auto failure = co_await account.books().add_peer(kPersonalBook, std::move(peer));
    EXPECT_EQ(failure, "null");
  });
}

TEST(AddressBooks, FollowTheTotalOverPages) {
  const auto script = [](ScriptedApi& api) {
    api.on("/api/ab/peers", [](const Heard& heard) {
      const bool first = heard.path.find("current=1&") != std::string::npos;
      return Says(first ? R"({"total":150,"data":[{"id":"1"},{"id":"2"}]})"
                        : R"({"total":1,"data":[{"id":"2"},{"id":"3"}]})");
    });
    serves_books(api);
  };
  run(script, [](Account& account) -> Task<void> {
    EXPECT_THAT(account.books().find(kPersonalBook)->peers, SizeIs(3));
    co_return;
  });
}

TEST(AddressBooks, OneWrongTypeSpoilsABook) {
  const auto script = [](ScriptedApi& api) {
    api.on("/api/ab/peers", R"({"total":1,"data":[{"id":1}]})");
    serves_books(api);
  };
  run(script, [](Account& account) -> Task<void> {
    const auto* book = account.books().find(kPersonalBook);
    EXPECT_FALSE(book->initialised);
    EXPECT_THAT(book->failure, HasSubstr("'id' has a wrong type"));
    co_return;
  });
}

Script legacy(std::string text, int status = 200) {
  return [=](ScriptedApi& api) {
    api.on("/api/ab/personal", [](const Heard&) { return Says(404, ""); });
    api.on("/api/ab", [=](const Heard& heard) {
      return heard.method == "POST" ? Says("null") : Says(status, text);
    });
  };
}

constexpr char kBook[] =
    R"({"data":"{\"tags\":[\"office\"],\"peers\":[{\"id\":\"1\",\"hash\":\"h\"}],)"
    R"(\"tag_colors\":\"{\\\"office\\\":4284955319}\"}"})";

TEST(LegacyBook, IsReadAndWrittenWhole) {
  const auto heard = run(legacy(kBook), [](Account& account) -> Task<void> {
    const auto* book = account.books().find(kLegacyBook);
    EXPECT_TRUE(book->initialised && book->peer("1"));
    EXPECT_THAT(book->tags, ElementsAre(Pair("office", 4284955319)));
    boost::json::object peer = peer_named("2");
    const auto failure = co_await account.books().add_peer(kLegacyBook, std::move(peer));
    EXPECT_EQ(failure, "");
  });
  const auto pushed = parse_json(heard.back().body).value();
  const auto data = parse_json(pushed.at("data").as_string()).value();
  EXPECT_EQ(data.at("peers").as_array().size(), 2u);
  EXPECT_EQ(data.at("peers").at(0).at("hash"), "h");
  EXPECT_EQ(data.at("tag_colors"), R"({"office":4284955319})");
}

std::string failure_of_legacy(std::string text, int status = 200) {
  std::string failure;
  run(legacy(text, status), [&](Account& account) -> Task<void> {
    failure = account.books().find(kLegacyBook)->failure;
    EXPECT_FALSE(account.books().find(kLegacyBook)->initialised);
    co_return;
  });
  return failure;
}

TEST(LegacyBook, TellsEmptyFromBroken) {
  EXPECT_EQ(failure_of_legacy("null"), "");
  EXPECT_EQ(failure_of_legacy(""), "");
  EXPECT_EQ(failure_of_legacy("{}"), "");
  EXPECT_EQ(failure_of_legacy(R"({"error":"no"})"), "no");
  EXPECT_THAT(failure_of_legacy(R"({"data":{}})"), HasSubstr("no text"));
  EXPECT_THAT(failure_of_legacy(R"({"data":""})"), HasSubstr("no text of JSON"));
}

TEST(LegacyBook, CutsWhatIsNotLicensed) {
  const char* two =
      R"({"licensed_devices":1,"data":"{\"peers\":[{\"id\":\"1\"},{\"id\":\"2\"}]}"})";
  run(legacy(two), [](Account& account) -> Task<void> {
    EXPECT_THAT(account.books().find(kLegacyBook)->peers, SizeIs(1));
    co_return;
  });
}

TEST(GroupTab, ReadsUsersAndDevicesOwnFirst) {
  const auto script = [](ScriptedApi& api) {
    api.on("/api/users", R"({"total":2,"data":[{"name":"bob"},{"name":"alice"}]})");
    api.on("/api/peers", R"({"total":1,"data":[{"id":"1","info":{"device_name":"PC"}}]})");
  };
  const auto heard = run(script, [](Account& account) -> Task<void> {
    const auto& group = account.group();
    EXPECT_EQ(group.failure(), "");
    EXPECT_THAT(group.users(), SizeIs(2));
    EXPECT_EQ(group.users().at(0).name, "alice");
    EXPECT_THAT(group.peers(), SizeIs(1));
    EXPECT_THAT(group.device_groups(), IsEmpty()) << "404 is fine";
    co_return;
  });
  EXPECT_THAT(heard.back().headers, AllOf(Contains(Pair("authorization", "Bearer t")),
                                          Not(Contains(Pair("content-type", "application/json")))));
}

TEST(GroupTab, StopsWithTheUsers) {
  const auto script = [](ScriptedApi& api) {
    api.on("/api/users", R"({"error":"Retrieving accessible devices is disabled."})");
  };
  const auto heard = run(script, [](Account& account) -> Task<void> {
    EXPECT_THAT(account.group().failure(), HasSubstr("disabled"));
    co_return;
  });
  EXPECT_THAT(lines_of(heard), Not(Contains(HasSubstr("/api/peers"))));
}

TEST(AccountLists, AreNotReadAfterAFailedCurrentUserAtTheHead) {
  const auto script = [](ScriptedApi& api) {
    api.on("/api/currentUser", R"({"error":"busy"})");
    serves_books(api);
  };
  EXPECT_THAT(run(script, [](Account&) -> Task<void> { co_return; }, "head"), SizeIs(1));
}

}  // namespace
}  // namespace deskcheck::sim
