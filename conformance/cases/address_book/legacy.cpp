// The address book of servers that keep one text per user: read as a whole, written as a whole.
#include "conformance/cases/api/general.hpp"
#include "conformance/lab/legacy_book.hpp"
#include "proto/net/task_group.hpp"

#include <boost/json/serialize.hpp>

namespace deskcheck::conformance {

using namespace std::chrono_literals;
namespace json = boost::json;

namespace {

// As clients write it, with one peer of this alias.
json::object legacy_text(std::string_view alias, std::string_view id = "123456789") {
  json::object peer{{"username", "bob"},
                    {"hostname", "PC-7"},
                    {"hash", "aGFzaA=="},
                    {"platform", "Windows"},
                    {"tags", json::array{"office"}}};
  peer["id"] = id;
  peer["alias"] = alias;
  json::object book;
  book["tags"] = json::array{"office", "lab", "a tag"};
  book["peers"] = json::array{peer};
  book["tag_colors"] = R"({"office":4284955319,"lab":4294967295,"a tag":0})";
  return book;
}

MATCHER_P(HoldsColor, color, "the color " + std::to_string(color) + " of the tag office") {
  const auto found = arg.colors.find("office");
  return arg.failure.empty() && found != arg.colors.end() && found->second == std::int64_t(color);
}
MATCHER(IsNoBookYet, "null, or data that is the text of an object") {
  return arg.failure.empty() && (!arg.stored || arg.data.is_object());
}
MATCHER(IsInitialised, "data that is the text of an object") {
  return arg.failure.empty() && arg.stored && arg.data.is_object();
}
MATCHER(HasNoBookBody, "null, or an object with data, and not an empty body") {
  if (!arg.arrived() || arg->body.empty()) return false;
  const auto body = json_in(*arg);
  return body && (body->is_null() || (body->is_object() && body->get_object().contains("data")));
}

Task<void> push_often(LegacyBook book, json::object data, int& taken) {
  for (int i = 0; i < 5; ++i) {
    const auto answer = co_await book.set(data);
    taken += answer && answer->status == 200;
  }
}

}  // namespace

CASE(legacy_round_trip, "api/address-book/legacy/round-trip",
     checks("HTTP-ABGET-01", "HTTP-ABGET-02", "HTTP-ABGET-05", "HTTP-ABGET-07", "HTTP-ABGET-09",
            "HTTP-ABSET-01", "HTTP-ABSET-02"),
     after("api/login/right-password", "HTTP-LOGIN-02"), takes(kApiStory), alone(),
     does(Effect::restarts)) {
  auto book = co_await legacy_book(lab, "user");
  for (const Way way : ways(lab)) {
    book.use(way);
    // The second book has a peer less than one that is joined with the first.
    for (const auto& [alias, id] :
         {std::pair("Bob PC", "123456789"), std::pair("Zo\u00eb \u6771\u4eac", "987654321")}) {
      const auto data = legacy_text(alias, id);
      const auto pushed = co_await book.set(data);
      if (!lab.verdict("HTTP-ABSET-02", pushed, IsTakenPush())) co_return;
      const auto answer = co_await book.get();
      lab.verdict("HTTP-ABGET-01", answer, HasMember("data", IsText()));
      const auto view = legacy_view(answer);
      lab.verdict("HTTP-ABGET-02", view, HoldsColor(4284955319));
      lab.verdict("HTTP-ABGET-07", view, IsReadableBook());
      lab.verdict("HTTP-ABGET-05", view, HoldsBook(data));
      lab.verdict("HTTP-ABSET-01", view, HoldsBook(data));
    }
    if (way != Way::directly) continue;  // what comes through the tunnel is judged there
    const auto coded = co_await book.get("gzip");
    lab.verdict("HTTP-ABGET-09", coded, IsSimplyCoded());
  }
}

// A user who has never stored a book.
CASE(legacy_none, "api/address-book/legacy/none",
     checks("HTTP-ABGET-03", "HTTP-ABGET-04", "HTTP-SABGET-02"),
     after("api/address-book/legacy/round-trip", "HTTP-ABGET-05", "HTTP-ABSET-02"),
     takes(kApiStory), alone(), does(Effect::restarts)) {
  ServerSetup setup;
  setup.legacy_books = true;
  co_await lab.own_server(setup);
  ApiClient client(lab);
  const std::string token = co_await client.sign_in("user");
  LegacyBook book(client, token);
  for (const Way way : ways(lab)) {
    book.use(way);
    const auto view = co_await book.pull();
    lab.verdict("HTTP-ABGET-03", view, IsNoBookYet());
    lab.verdict("HTTP-ABGET-04", view, IsInitialised());
    const auto sciter = co_await book.get_as_sciter();
    lab.verdict("HTTP-SABGET-02", sciter, HasNoBookBody());
  }
}

CASE(legacy_token, "api/address-book/legacy/wrong-token",
     checks("HTTP-ABGET-06", "HTTP-ABSET-01", "HTTP-GEN-04"),
     after("api/address-book/legacy/round-trip", "HTTP-ABGET-05", "HTTP-ABSET-02"),
     takes(kApiStory), alone(), does(Effect::restarts)) {
  lab.needs({"api.auth.logout"});
  auto book = co_await legacy_book(lab, "user");
  const auto data = legacy_text("mine");
  const auto pushed = co_await book.set(data);
  lab.require("a push", pushed, IsTakenPush());
  for (const Way way : ways(lab)) {
    book.use(way);
    auto client = book.client().neighbour();
    const std::string ended = co_await client.sign_in("user");
    const auto logout = co_await client.logout(ended);
    lab.require("logging out", logout, IsNoServerError());
    for (const auto& token : {ended, "wrong-" + lab.fresh_id()}) {
      LegacyBook stranger(client, token);
      const auto read = co_await stranger.get();
      lab.verdict("HTTP-ABGET-06", read, Is401());
      lab.verdict("HTTP-ABGET-06", read, IsApiError());
      const auto written = co_await stranger.set(legacy_text("theirs"));
      lab.verdict("HTTP-GEN-04", written, Is401());
    }
    LegacyBook nobody(client, "");
    const auto written = co_await nobody.set(legacy_text("nobody's"));
    lab.verdict("HTTP-ABSET-01", written, IsNot(IsTakenPush()));
    const auto view = co_await book.pull();
    lab.verdict("HTTP-ABSET-01", view, HoldsBook(data));
  }
}

// Each user has one, and sees no other.
CASE(legacy_two_users, "api/address-book/legacy/two-users", checks("HTTP-ABGET-05"),
     after("api/address-book/legacy/round-trip", "HTTP-ABGET-05", "HTTP-ABSET-02"),
     takes(kApiStory), alone(), does(Effect::restarts)) {
  auto mine = co_await legacy_book(lab, "user");
  auto theirs = co_await legacy_book(lab, "other");
  const auto own = co_await mine.set(legacy_text("mine"));
  lab.require("a push", own, IsTakenPush());
  const auto other = co_await theirs.set(legacy_text("theirs"));
  lab.require("a push of somebody else", other, IsTakenPush());
  for (const Way way : ways(lab)) {
    mine.use(way);
    theirs.use(way);
    const auto my_view = co_await mine.pull();
    lab.verdict("HTTP-ABGET-05", my_view, HoldsBook(legacy_text("mine")));
    const auto their_view = co_await theirs.pull();
    lab.verdict("HTTP-ABGET-05", their_view, HoldsBook(legacy_text("theirs")));
  }
}

// Two programs at once: one of the two books is there, and it is whole.
CASE(legacy_at_once, "api/address-book/legacy/two-at-once", checks("HTTP-ABSET-01"),
     after("api/address-book/legacy/round-trip", "HTTP-ABGET-05", "HTTP-ABSET-02"),
     takes(kApiStory), alone(), does(Effect::restarts)) {
  auto book = co_await legacy_book(lab, "user");
  LegacyBook elsewhere(book.client().neighbour(), book.token());
  int taken = 0;
  net::TaskGroup writers(lab.world().executor);
  writers.spawn("one", push_often(book, legacy_text("one"), taken));
  writers.spawn("another", push_often(elsewhere, legacy_text("another"), taken));
  co_await writers.join();
  lab.require("pushes that were taken", taken, testing::Eq(10));
  const auto view = co_await book.pull();
  lab.verdict("HTTP-ABSET-01", view,
              testing::AnyOf(HoldsBook(legacy_text("one")), HoldsBook(legacy_text("another"))));
}

// The same for the 32-bit client of Windows, which asks otherwise.
CASE(legacy_sciter, "api/address-book/legacy/sciter",
     checks("HTTP-SABGET-01", "HTTP-SABGET-03", "HTTP-ABSET-06"),
     after("api/address-book/legacy/round-trip", "HTTP-ABGET-05", "HTTP-ABSET-02"),
     takes(kApiStory), alone(), does(Effect::restarts)) {
  auto book = co_await legacy_book(lab, "user");
  for (const Way way : ways(lab)) {
    book.use(way);
    auto data = legacy_text("of the old client");
    data.erase("tag_colors");
    const auto pushed = co_await book.set(data);
    lab.verdict("HTTP-ABSET-06", pushed, IsTakenPush());
    const auto view = co_await book.pull();
    lab.verdict("HTTP-ABSET-06", view, HoldsBook(data));
    const auto answer = co_await book.get_as_sciter();
    lab.verdict("HTTP-SABGET-03", answer, HasMember("data", IsText()));
    lab.verdict("HTTP-SABGET-01", legacy_view(answer), HoldsBook(data));
  }
}

}  // namespace deskcheck::conformance
