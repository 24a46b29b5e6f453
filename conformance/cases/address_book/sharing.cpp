// Who may read and change a book of somebody else, and who may not: the server decides, since a
// client shows and sends what it likes.
#include "conformance/cases/api/general.hpp"
#include "conformance/lab/address_book.hpp"
#include "conformance/lab/people.hpp"

namespace deskcheck::conformance {

using namespace std::chrono_literals;
namespace json = boost::json;

namespace {

MATCHER(IsNoAction, "anything but HTTP 200 with an empty body") {
  return arg.arrived() && !(arg->status == 200 && arg->body.empty());
}

// A book that `user` is given by somebody else.
struct SharedBook {
  std::string name, guid;
  int rule = 0;

  SharedBook() = default;
};

std::vector<SharedBook> books_in(const ClientList& list) {
  std::vector<SharedBook> books;
  for (const auto& profile : list.items) {
    const auto* name = profile.if_contains("name");
    const auto* guid = profile.if_contains("guid");
    const auto* rule = profile.if_contains("rule");
    if (!name || !name->is_string() || !guid || !guid->is_string() || !rule || !rule->is_int64())
      continue;
    SharedBook book;
    book.name = std::string(name->get_string());
    book.guid = std::string(guid->get_string());
    book.rule = static_cast<int>(rule->get_int64());
    books.push_back(std::move(book));
  }
  return books;
}

ServerSetup one_book_for_each_rule(Lab& lab) {
  ServerSetup setup;
  for (const char* role : {"user", "other"}) {
    SetupAccount account;
    account.role = role;
    account.user = role + std::string("-") + lab.fresh_id();
    account.password = lab.fresh_id();
    setup.accounts.push_back(std::move(account));
  }
  for (int rule = 1; rule <= 3; ++rule) {
    SetupBook book;
    book.name = "rule " + std::to_string(rule);
    book.owner = "other";
    book.rules["user"] = rule;
    setup.books.push_back(std::move(book));
  }
  return setup;
}

Task<std::vector<SharedBook>> books_of(LabBook personal) {
  const ItemReader reader = why_unreadable_profile;
  const auto list =
      co_await read_list(personal.client(), shared_profiles(), personal.token(), reader);
  co_return books_in(list);
}

// The books that others share with `user` on this target; where there are none, and its hooks can
// share some, `user` is somebody new with a book for each rule.
Task<std::vector<SharedBook>> shared_books(Lab& lab) {
  auto personal = co_await personal_book(lab, "user");
  auto books = co_await books_of(personal);
  const std::initializer_list<std::string_view> hooks{"share-book"};
  if (!books.empty() || !LabPeople::possible(lab, hooks)) co_return books;
  LabPeople people(lab, hooks);
  const Account reader = co_await people.somebody("reader");
  for (int rule = 1; rule <= 3; ++rule) {
    const std::string book = lab.named("book");
    co_await people.share(book, reader.user, rule);
  }
  lab.lend("user", reader);
  auto theirs = co_await personal_book(lab, "user");
  auto shared = co_await books_of(theirs);
  lab.require("books that are shared", shared.size(), testing::Eq(3u));
  co_return shared;
}

json::object with_alias(std::string_view id, std::string_view alias) {
  json::object peer = peer_of(id);
  peer["alias"] = alias;
  return peer;
}

// What somebody tries who may not.
struct Attempt {
  std::string id, tag;          // that are there, or not
  std::string new_id, new_tag;  // that must not be there afterwards

  explicit Attempt(Lab& lab)
      : id(lab.fresh_id()),
        tag(lab.named("tag")),
        new_id(lab.fresh_id()),
        new_tag(lab.named("tag")) {}
};

// Every change that there is, none of which may be done.
Task<void> try_everything(Lab& lab, LabBook book, Attempt attempt) {
  const std::string id = attempt.id, tag = attempt.tag;
  const auto added = co_await book.add(peer_of(attempt.new_id));
  lab.verdict("HTTP-ABPADD-06", added, IsNoAction());
  lab.verdict("HTTP-ABPADD-05", added, IsApiError());
  lab.verdict("HTTP-GEN-06", added, IsNot(Is401()));
  const auto updated = co_await book.update(with_alias(id, "changed"));
  lab.verdict("HTTP-ABPADD-06", updated, IsNoAction());
  const std::vector<std::string> ids{id};
  const auto removed = co_await book.remove(ids);
  lab.verdict("HTTP-ABPADD-06", removed, IsNoAction());
  const auto tagged = co_await book.add_tag(attempt.new_tag, 1);
  lab.verdict("HTTP-ABPADD-06", tagged, IsNoAction());
  const auto renamed = co_await book.rename_tag(tag, attempt.new_tag);
  lab.verdict("HTTP-ABPADD-06", renamed, IsNoAction());
  const auto recolored = co_await book.recolor_tag(tag, 2);
  lab.verdict("HTTP-ABPADD-06", recolored, IsNoAction());
  const auto untagged = co_await book.remove_tag(tag);
  lab.verdict("HTTP-ABPADD-06", untagged, IsNoAction());
  for (const auto* answer : {&updated, &removed, &tagged, &renamed, &recolored, &untagged})
    lab.verdict("HTTP-GEN-06", *answer, IsNot(Is401()));
}

// A peer and a tag of the book's owner; whoever tries changes nothing of them.
Task<void> try_on(Lab& lab, LabBook owner, LabBook thief) {
  const Attempt attempt(lab);
  const std::string id = attempt.id, tag = attempt.tag;
  const auto added = co_await owner.add(with_alias(id, "mine"));
  lab.require("a peer", added, AnswersAction());
  const auto tagged = co_await owner.add_tag(tag, 4284955319);
  lab.require("a tag", tagged, AnswersAction());
  co_await try_everything(lab, thief, attempt);
  const auto after = co_await owner.pull();
  lab.verdict("HTTP-ABPADD-06", after, ShowsPeer(id, with_alias(id, "mine")));
  lab.verdict("HTTP-ABPADD-06", after, ShowsTag(tag, 4284955319));
  lab.verdict("HTTP-ABPADD-06", after, HidesPeer(attempt.new_id));
  lab.verdict("HTTP-ABPADD-06", after, HidesTag(attempt.new_tag));
}

}  // namespace

// Somebody else's own book, and none at all.
CASE(book_write_foreign, "api/address-book/sharing/foreign-book",
     checks("HTTP-ABPADD-05", "HTTP-ABPADD-06", "HTTP-GEN-06"),
     after("api/address-book/peers/dialog", "HTTP-ABPADD-01"), takes(kApiStory), alone()) {
  auto mine = co_await personal_book(lab, "user");
  auto theirs = co_await personal_book(lab, "other");
  for (const Way way : ways(lab)) {
    mine.use(way);
    auto thief = mine.seen_by(theirs.client(), theirs.token());
    thief.use(way);
    co_await try_on(lab, mine, thief);
    LabBook nowhere(lab, theirs.client(), theirs.token(), "0c0ffee0-0000-4000-8000-000000000000");
    nowhere.use(way);
    const auto added = co_await nowhere.add(peer_of(lab.fresh_id()));
    lab.verdict("HTTP-ABPADD-05", added, IsApiError());
    lab.verdict("HTTP-ABPADD-06", added, IsNoAction());
  }
}

// Without a token, with one that nobody was given, and with one that was given back.
CASE(book_write_without_token, "api/address-book/sharing/wrong-token",
     checks("HTTP-ABPADD-06", "HTTP-ABPEERS-09", "HTTP-GEN-04"),
     after("api/address-book/peers/dialog", "HTTP-ABPADD-01"), takes(kApiStory), alone()) {
  lab.needs({"api.ab.peer.delete", "api.auth.logout"});
  auto mine = co_await personal_book(lab, "user");
  auto elsewhere = mine.client().neighbour();
  for (const Way way : ways(lab)) {
    elsewhere.use(way);
    const std::string ended = co_await elsewhere.sign_in("user");
    const auto logout = co_await elsewhere.logout(ended);
    lab.require("logging out", logout, IsNoServerError());
    const std::string id = lab.fresh_id();
    const auto own = co_await mine.add(peer_of(id));
    lab.require("a peer", own, AnswersAction());
    for (const auto& token : {ended, "wrong-" + lab.fresh_id(), std::string()}) {
      auto stranger = mine.seen_by(elsewhere, token);
      const std::string other = lab.fresh_id();
      const auto added = co_await stranger.add(peer_of(other));
      lab.verdict("HTTP-ABPADD-06", added, IsNoAction());
      const std::vector<std::string> ids{id};
      const auto removed = co_await stranger.remove(ids);
      lab.verdict("HTTP-ABPADD-06", removed, IsNoAction());
      const auto page = co_await stranger.peers_page(1);
      const auto tags = co_await stranger.tags();
      const auto profiles = co_await ask_page(elsewhere, shared_profiles(), 1, token);
      lab.verdict("HTTP-ABPEERS-09", page, IsNot(Mentions(id)));
      lab.verdict("HTTP-ABPEERS-09", profiles, IsNot(AnswersMap()));
      lab.verdict("HTTP-ABPEERS-09", tags, IsNot(AnswersList()));
      if (token.empty()) continue;  // what is wrong with it is the server's to say
      for (const auto* answer : {&added, &removed, &page, &tags})
        lab.verdict("HTTP-GEN-04", *answer, Is401());
      const bool none = profiles && profiles->status == 404;
      if (!none) lab.verdict("HTTP-GEN-04", profiles, Is401());
      const auto view = co_await mine.pull();
      lab.verdict("HTTP-ABPADD-06", view, HidesPeer(other));
      lab.verdict("HTTP-ABPADD-06", view, ShowsPeer(id, json::object()));
    }
  }
}

// Whoever may write does, with a password for all who use the book.
CASE(book_write_shared, "api/address-book/sharing/writers",
     checks("HTTP-ABPADD-01", "HTTP-ABPADD-04", "HTTP-ABPADD-06", "HTTP-ABPEERS-05",
            "HTTP-ABPUPD-02"),
     after("api/address-book/profiles/list"), takes(kApiStory), alone(), does(Effect::restarts)) {
  lab.needs({"api.ab.peer.add", "api.ab.peer.update", "api.ab.peer.delete"});
  const auto books = co_await shared_books(lab);
  auto mine = co_await personal_book(lab, "user");
  bool any = false;
  for (const Way way : ways(lab)) {
    for (const auto& shared : books) {
      if (shared.rule != 2 && shared.rule != 3) continue;
      any = true;
      LabBook book(lab, mine.client(), mine.token(), shared.guid);
      book.use(way);
      auto peer = with_alias(lab.fresh_id(), "Kiosk");
      const std::string id(peer.at("id").as_string());
      peer["password"] = "pw \u00e9 '\"";
      const auto added = co_await book.add(peer);
      lab.verdict("HTTP-ABPADD-06", added, AnswersAction());
      lab.verdict("HTTP-ABPADD-01", added, AnswersAction());
      const auto view = co_await book.pull();
      lab.verdict("HTTP-ABPADD-04", view, ShowsPeer(id, with_alias(id, "Kiosk")));
      lab.verdict("HTTP-ABPEERS-05", view, ShowsPeer(id, peer));
      // The hash of somebody's password is his own: clients keep it out, the server as well.
      json::object hashed = peer_of(id);
      hashed["hash"] = "aGFzaCBvZiBteSBwYXNzd29yZA==";
      const auto tried = co_await book.update(hashed);
      lab.verdict("HTTP-ABPADD-06", tried, IsNoServerError());
      const auto shared_view = co_await book.pull();
      lab.verdict("HTTP-ABPEERS-05", shared_view, IsNot(ShowsPeer(id, hashed)));
      json::object cleared = peer_of(id);
      cleared["password"] = "";
      const auto updated = co_await book.update(cleared);
      lab.verdict("HTTP-ABPADD-06", updated, AnswersAction());
      const auto after = co_await book.pull();
      const auto* seen = after.peer(id);
      const auto* password = seen ? seen->if_contains("password") : nullptr;
      const bool empty = seen && (!password || password->is_null() || *password == json::value(""));
      lab.verdict("HTTP-ABPUPD-02", empty, testing::IsTrue());
      const std::vector<std::string> ids{id};
      const auto removed = co_await book.remove(ids);
      lab.verdict("HTTP-ABPADD-06", removed, AnswersAction());
    }
  }
  if (!any) lab.not_applicable("no book that the account 'user' may write is shared with it");
}

CASE(book_read_shared, "api/address-book/sharing/readers",
     checks("HTTP-ABPADD-05", "HTTP-ABPADD-06", "HTTP-ABPEERS-01", "HTTP-ABPEERS-04",
            "HTTP-GEN-06"),
     after("api/address-book/profiles/list"), takes(kApiStory), alone(), does(Effect::restarts)) {
  const auto books = co_await shared_books(lab);
  auto mine = co_await personal_book(lab, "user");
  bool any = false;
  for (const Way way : ways(lab)) {
    for (const auto& shared : books) {
      if (shared.rule != 1) continue;
      any = true;
      LabBook book(lab, mine.client(), mine.token(), shared.guid);
      book.use(way);
      const auto page = co_await book.peers_page(1);
      lab.verdict("HTTP-ABPEERS-01", page, IsPage());
      const Attempt attempt(lab);
      co_await try_everything(lab, book, attempt);
      const auto after = co_await book.pull();
      lab.verdict("HTTP-ABPEERS-04", after.peers, IsReadByClients());
      lab.verdict("HTTP-ABPADD-06", after, HidesPeer(attempt.new_id));
      lab.verdict("HTTP-ABPADD-06", after, HidesTag(attempt.new_tag));
    }
  }
  if (!any) lab.not_applicable("no book that the account 'user' may only read is shared with it");
}

// What one who reads gets to see of what others write, and that a rule is a rule for one book only.
CASE(book_readers_and_writers, "api/address-book/sharing/rules",
     checks("HTTP-ABPADD-05", "HTTP-ABPADD-06", "HTTP-ABPEERS-05", "HTTP-ABPEERS-09",
            "HTTP-GEN-06"),
     after("api/address-book/sharing/writers"), takes(kApiStory), alone(), does(Effect::restarts)) {
  ServerSetup setup = one_book_for_each_rule(lab);
  for (auto& book : setup.books) {  // for "user" to write, for "admin" to read, or not even that
    if (book.rules["user"] == 2) book.rules["admin"] = 1;
    if (book.rules["user"] == 1) book.rules.clear();
  }
  setup.accounts.push_back(setup.accounts.front());
  setup.accounts.back().role = "admin";  // a third person, who administers nothing
  setup.accounts.back().user = "third-" + lab.fresh_id();
  co_await lab.own_server(setup);
  auto writer = co_await personal_book(lab, "user");
  auto reader = co_await personal_book(lab, "admin");
  auto owner = co_await personal_book(lab, "other");
  const auto written = co_await books_of(writer);
  const auto read = co_await books_of(reader);
  lab.require("one book to read", read.size(), testing::Eq(1u));
  for (const auto& shared : written) {
    LabBook book(lab, writer.client(), writer.token(), shared.guid);
    auto thief = book.seen_by(reader.client(), reader.token());
    auto rightful = book.seen_by(owner.client(), owner.token());
    const bool reads = shared.guid == read.front().guid;
    co_await try_on(lab, book, thief);
    auto peer = peer_of(lab.fresh_id());
    const std::string id(peer.at("id").as_string());
    peer["password"] = "for all";
    const auto added = co_await rightful.add(peer);
    lab.verdict("HTTP-ABPADD-06", added, AnswersAction());
    const auto seen = co_await book.pull();
    lab.verdict("HTTP-ABPEERS-05", seen, ShowsPeer(id, peer));
    const auto page = co_await thief.peers_page(1);
    if (reads) lab.verdict("HTTP-ABPEERS-09", page, Mentions(id));
    if (!reads) lab.verdict("HTTP-ABPEERS-09", page, IsNot(Mentions(id)));
  }
}

}  // namespace deskcheck::conformance
