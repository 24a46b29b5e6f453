// The books that others share with a user.
#include "conformance/cases/api/general.hpp"
#include "conformance/lab/address_book.hpp"
#include "conformance/lab/people.hpp"

namespace deskcheck::conformance {

using namespace std::chrono_literals;

namespace {

constexpr int kManyBooks = 130;  // for two pages

// client:flutter/lib/models/ab_model.dart:32-33
constexpr std::array<std::string_view, 2> kReserved{"My address book", "Legacy address book"};

MATCHER(IsPageOr404, "404, or HTTP 200 with a whole total and an array data") {
  const auto body = arg.arrived() && arg->status == 200 ? object_in(*arg) : std::nullopt;
  if (!body) return arg.arrived() && arg->status == 404;
  const auto* total = body->if_contains("total");
  const auto* data = body->if_contains("data");
  return !body->contains("error") && total && total->is_int64() && data && data->is_array();
}
MATCHER(IsShareRule, "a rule 1, 2 or 3") {
  return arg.is_int64() && arg.get_int64() >= 1 && arg.get_int64() <= 3;
}
MATCHER(IsBookGuid, "a text that needs no escaping in a URL") {
  return arg.is_string() && !arg.get_string().empty() &&
         std::string_view(arg.get_string()).find_first_of("/?#% ") == std::string_view::npos;
}
MATCHER(IsProposal, "an object or null, and in it a password that is a text or absent") {
  if (arg.is_null()) return true;
  if (!arg.is_object()) return false;
  const auto* password = arg.get_object().if_contains("password");
  return !password || password->is_string() || password->is_null();
}
MATCHER_P(NamesBooks, names, "the books " + testing::PrintToString(names)) {
  std::vector<std::string> found;
  for (const auto& item : arg.items)
    if (const auto* name = item.if_contains("name"); name && name->is_string())
      found.emplace_back(name->get_string());
  return arg.failure.empty() && testing::Matches(testing::UnorderedElementsAreArray(
                                    std::vector<std::string>(names)))(found);
}

// Everything that a list of profiles has to be, whoever's it is.
void judge_profiles(Lab& lab, const ClientList& list, const std::string& own_guid) {
  std::set<std::string> guids;
  for (const auto& profile : list.items) {
    const auto guid = member_of(profile, "guid"), name = member_of(profile, "name");
    lab.verdict("HTTP-ABPROF-06", member_of(profile, "rule"), IsShareRule());
    lab.verdict("HTTP-ABPROF-07", guid, IsBookGuid());
    lab.verdict("HTTP-ABPROF-09", member_of(profile, "info"), IsProposal());
    for (const auto reserved : kReserved)
      lab.verdict("HTTP-ABPROF-04", name, IsNot(IsTheText(reserved)));
    lab.verdict("HTTP-ABPROF-05", guid, IsNot(IsTheText(own_guid)));
    if (!guid.is_string()) continue;
    const bool fresh = guids.emplace(guid.get_string()).second;
    lab.verdict("HTTP-ABPROF-07", fresh, testing::IsTrue());
  }
}

SetupAccount account_named(std::string role, std::string name, std::string password) {
  SetupAccount one;
  one.role = std::move(role);
  one.user = std::move(name);
  one.password = std::move(password);
  return one;
}

// Two accounts, of which "other" has books.
ServerSetup two_accounts(Lab& lab) {
  ServerSetup setup;
  setup.accounts.push_back(account_named("user", "user-" + lab.fresh_id(), lab.fresh_id()));
  setup.accounts.push_back(account_named("other", "other-" + lab.fresh_id(), lab.fresh_id()));
  return setup;
}

SetupBook book_of(std::string name, std::string owner) {
  SetupBook book;
  book.name = std::move(name);
  book.owner = std::move(owner);
  return book;
}

// One for each rule that there is, and one that is nobody else's business.
ServerSetup books_of_all_rules(Lab& lab, const std::vector<std::string>& names) {
  auto setup = two_accounts(lab);
  for (int rule = 1; rule <= 3; ++rule) {
    auto book = book_of(names[static_cast<std::size_t>(rule) - 1], "other");
    book.rules["user"] = rule;
    book.note = "for " + book.name;
    book.password = rule == 2 ? "proposed \u00e9" : "";
    setup.books.push_back(book);
  }
  setup.books.push_back(book_of("private", "other"));
  return setup;
}

Task<ClientList> profiles_of(LabBook personal) {
  const ItemReader reader = why_unreadable_profile;
  co_return co_await read_list(personal.client(), shared_profiles(), personal.token(), reader);
}

// On a server that is set up so, or whose hooks do it for somebody new.
Task<void> share_some(Lab& lab) {
  const std::vector<std::string> names{"Support", "Sales", "Lab"};
  if (lab.starts_servers()) {
    const auto setup = books_of_all_rules(lab, names);
    co_await lab.own_server(setup);
    co_return;
  }
  LabPeople people(lab, {"share-book"});
  const Account reader = co_await people.somebody("reader");
  for (int rule = 1; rule <= 3; ++rule) {
    const std::string book = lab.named(names[static_cast<std::size_t>(rule) - 1]);
    co_await people.share(book, reader.user, rule);
  }
  lab.lend("user", reader);
}

// The own book of somebody to whom others give theirs: on this target, or where nobody does, of one
// to whom they are given for this.
Task<LabBook> book_beside_shared(Lab& lab) {
  auto here = co_await personal_book(lab, "user");
  const auto list = co_await profiles_of(here);
  const bool can_share = lab.starts_servers() || LabPeople::possible(lab, {"share-book"});
  if (!list.items.empty() || !can_share) co_return std::move(here);
  co_await share_some(lab);
  auto there = co_await personal_book(lab, "user");
  co_return std::move(there);
}

}  // namespace

CASE(book_profiles, "api/address-book/profiles/list",
     checks("HTTP-ABPROF-01", "HTTP-ABPROF-03", "HTTP-ABPROF-04", "HTTP-ABPROF-05",
            "HTTP-ABPROF-06", "HTTP-ABPROF-07", "HTTP-ABPROF-08", "HTTP-ABPROF-09",
            "HTTP-ABPROF-11"),
     after("api/address-book/personal/guid"), takes(kApiStory), alone(), does(Effect::restarts)) {
  auto book = co_await book_beside_shared(lab);
  bool any = false;
  for (const Way way : ways(lab)) {
    book.use(way);
    const auto page = co_await ask_page(book.client(), shared_profiles(), 1, book.token());
    if (!lab.verdict("HTTP-ABPROF-08", page, IsPageOr404())) co_return;
    if (page->status == 404) continue;
    lab.verdict("HTTP-ABPROF-01", page, IsPage());
    const auto list = co_await profiles_of(book);
    lab.verdict("HTTP-ABPROF-01", list, IsReadByClients());
    lab.verdict("HTTP-ABPROF-03", list, RepeatsNothing());
    lab.verdict("HTTP-ABPROF-11", list, SaysOneTotal());
    judge_profiles(lab, list, book.guid());
    any = any || !list.items.empty();
  }
  if (!any) lab.not_applicable("no book is shared with the account 'user'");
}

// Each with its rule, note and password, in the words of its owner.
CASE(book_profiles_of_rules, "api/address-book/profiles/rules",
     checks("HTTP-ABPROF-03", "HTTP-ABPROF-04", "HTTP-ABPROF-05", "HTTP-ABPROF-06",
            "HTTP-ABPROF-07", "HTTP-ABPROF-09", "HTTP-GEN-01"),
     after("api/address-book/profiles/list"), takes(kApiStory), alone(), does(Effect::restarts)) {
  const std::vector<std::string> names{"Support \u6771\u4eac", "12345", "\"Zo\u00eb's\" <b>&"};
  const auto setup = books_of_all_rules(lab, names);
  co_await lab.own_server(setup);
  auto mine = co_await personal_book(lab, "user");
  const std::string owner = account_of(lab, "other").user;
  for (const Way way : ways(lab)) {
    mine.use(way);
    const auto list = co_await profiles_of(mine);
    lab.verdict("HTTP-GEN-01", list, NamesBooks(names));
    lab.verdict("HTTP-ABPROF-03", list, RepeatsNothing());
    judge_profiles(lab, list, mine.guid());
    for (int rule = 1; rule <= 3; ++rule) {
      const auto* profile = list.find("name", names[static_cast<std::size_t>(rule) - 1]);
      if (!profile) continue;
      lab.verdict("HTTP-ABPROF-06", member_of(*profile, "rule"), testing::Eq(rule));
      lab.verdict("HTTP-ABPROF-09", member_of(*profile, "owner"), IsTheText(owner));
      if (rule != 2) continue;
      const auto info = member_of(*profile, "info");
      const auto password = info.is_object() ? member_of(info.get_object(), "password") : info;
      lab.verdict("HTTP-ABPROF-09", password, IsTheText("proposed \u00e9"));
    }
  }
}

CASE(book_profiles_pages, "api/address-book/profiles/pages",
     checks("HTTP-ABPROF-01", "HTTP-ABPROF-02", "HTTP-ABPROF-03", "HTTP-ABPROF-10",
            "HTTP-ABPROF-11"),
     after("api/address-book/profiles/list"), takes(kApiStory), alone(), does(Effect::restarts)) {
  auto setup = two_accounts(lab);
  std::vector<std::string> names;
  for (int i = 0; i < kManyBooks; ++i) {
    names.push_back("book " + std::to_string(i));
    auto book = book_of(names.back(), "other");
    book.rules["user"] = 1;
    setup.books.push_back(book);
  }
  co_await lab.own_server(setup);
  auto mine = co_await personal_book(lab, "user");
  for (const Way way : ways(lab)) {
    mine.use(way);
    for (const int number : {1, 2}) {
      const auto page = co_await ask_page(mine.client(), shared_profiles(), number, mine.token());
      lab.verdict("HTTP-ABPROF-01", page, HasMember("total", testing::Eq(kManyBooks)));
    }
    const auto list = co_await profiles_of(mine);
    lab.verdict("HTTP-ABPROF-01", list, SaysOneTotal());
    lab.verdict("HTTP-ABPROF-02", list, FillsItsPages());
    lab.verdict("HTTP-ABPROF-02", list, NamesBooks(names));
    lab.verdict("HTTP-ABPROF-03", list, RepeatsNothing());
    lab.verdict("HTTP-ABPROF-11", list, SaysOneTotal());
    // A book that moves to another page meanwhile is read twice, or not at all.
    auto by_guid = shared_profiles();
    by_guid.key = "guid";
    const auto on_pages = co_await read_list(mine.client(), by_guid, mine.token());
    lab.verdict("HTTP-ABPROF-10", on_pages, RepeatsNothing());
    const auto again = co_await profiles_of(mine);
    const bool same = again.items == list.items;
    lab.verdict("HTTP-ABPROF-10", same, testing::IsTrue());
    for (const int beyond : {3, 99}) {
      const auto page = co_await ask_page(mine.client(), shared_profiles(), beyond, mine.token());
      lab.verdict("HTTP-ABPROF-02", page, IsEmptyPage());
    }
  }
}

CASE(book_profiles_none, "api/address-book/profiles/none", checks("HTTP-ABPROF-08"),
     after("api/address-book/personal/guid"), takes(kApiStory), alone(), does(Effect::restarts)) {
  auto setup = two_accounts(lab);
  setup.books.push_back(book_of("private", "other"));
  co_await lab.own_server(setup);
  auto mine = co_await personal_book(lab, "user");
  for (const Way way : ways(lab)) {
    mine.use(way);
    const auto page = co_await ask_page(mine.client(), shared_profiles(), 1, mine.token());
    if (page && page->status == 404) continue;
    lab.verdict("HTTP-ABPROF-08", page, IsEmptyPage());
    lab.verdict("HTTP-ABPROF-08", page, HasMember("total", testing::Eq(0)));
  }
}

}  // namespace deskcheck::conformance
