// The peers of a book, page by page.
#include "conformance/cases/api/general.hpp"
#include "conformance/lab/address_book.hpp"

namespace deskcheck::conformance {

using namespace std::chrono_literals;
namespace json = boost::json;

namespace {

constexpr int kMany = 250;  // peers, for three pages

MATCHER(HasTagNames, "tags that are texts") {
  if (!arg.is_array()) return false;
  for (const auto& tag : arg.get_array())
    if (!tag.is_string()) return false;
  return true;
}
MATCHER(IsFlagText, "\"true\" or \"false\", null or absent") {
  return arg.is_null() ||
         (arg.is_string() && (arg.get_string() == "true" || arg.get_string() == "false"));
}

// The limit that the server tells, or 0.
Task<std::int64_t> limit_of(LabBook book) {
  const auto answer = co_await book.client().call("POST", "/api/ab/settings", "", book.token());
  const auto body = answer ? object_in(*answer) : std::nullopt;
  if (!body) co_return 0;
  const auto limit = member_of(*body, "max_peer_one_ab");
  co_return limit.is_int64() ? limit.get_int64() : 0;
}

}  // namespace

CASE(book_peers, "api/address-book/peers/list",
     checks("HTTP-ABPEERS-01", "HTTP-ABPEERS-03", "HTTP-ABPEERS-04", "HTTP-ABPEERS-05",
            "HTTP-ABPEERS-06", "HTTP-ABPEERS-07", "HTTP-ABPEERS-08", "HTTP-ABPEERS-10"),
     after("api/address-book/peers/dialog", "HTTP-ABPADD-01"), takes(kApiStory), alone()) {
  auto book = co_await personal_book(lab, "user");
  for (const Way way : ways(lab)) {
    book.use(way);
    const std::string id = lab.fresh_id(), tag = lab.named("tag");
    const auto tagged = co_await book.add_tag(tag, 4284955319);
    lab.require("a tag", tagged, AnswersAction());
    auto peer = peer_of(id);
    peer["hash"] = "aGFzaCsvZm9yIHRoaXMgdXNlcj09";
    peer["platform"] = "Mac OS";
    peer["tags"] = json::array{json::string(tag)};
    auto relayed = peer;
    relayed["forceAlwaysRelay"] = "true";  // what becomes of it is the server's choice
    const auto added = co_await book.add(relayed);
    lab.require("a peer", added, AnswersAction());
    const auto page = co_await book.peers_page(1);
    lab.verdict("HTTP-ABPEERS-01", page, IsPage());
    const auto view = co_await book.pull();
    lab.verdict("HTTP-ABPEERS-04", view.peers, IsReadByClients());
    lab.verdict("HTTP-ABPEERS-03", view.peers, RepeatsNothing());
    const auto* seen = view.peer(id);
    if (!seen) continue;  // judged where peers are added
    lab.verdict("HTTP-ABPEERS-05", member_of(*seen, "hash"), testing::Eq(peer["hash"]));
    lab.verdict("HTTP-ABPEERS-06", member_of(*seen, "forceAlwaysRelay"), IsFlagText());
    lab.verdict("HTTP-ABPEERS-07", member_of(*seen, "platform"), IsTheText("Mac OS"));
    // It can maintain nothing of a device that it has never heard of.
    lab.verdict("HTTP-ABPEERS-08", member_of(*seen, "same_server"), testing::Ne(json::value(true)));
    lab.verdict("HTTP-ABPEERS-10", member_of(*seen, "tags"), HasTagNames());
    lab.verdict("HTTP-ABPEERS-10", view, ShowsPeer(id, peer));
  }
}

CASE(book_peers_pages, "api/address-book/peers/pages",
     checks("HTTP-ABPEERS-01", "HTTP-ABPEERS-02", "HTTP-ABPEERS-03", "HTTP-ABPADD-04"),
     after("api/address-book/peers/list", "HTTP-ABPEERS-01"), takes(kApiStory), alone()) {
  auto book = co_await personal_book(lab, "user");
  const auto before = co_await book.pull();
  lab.require("the book before", before.peers, IsReadByClients());
  const auto limit = co_await limit_of(book);
  if (limit > 0 && limit < static_cast<std::int64_t>(before.peers.items.size()) + kMany)
    lab.not_applicable("a book of the target holds " + std::to_string(limit) + " peers at most");
  std::vector<std::string> ids;
  for (int i = 0; i < kMany; ++i) {
    ids.push_back(lab.fresh_id());
    const auto added = co_await book.add(peer_of(ids.back()));
    lab.require("a peer", added, AnswersAction());
  }
  const auto total = static_cast<std::int64_t>(before.peers.items.size()) + kMany;
  for (const Way way : ways(lab)) {
    book.use(way);
    for (const int number : {1, 2, 3}) {
      const auto page = co_await book.peers_page(number);
      lab.verdict("HTTP-ABPEERS-01", page, HasMember("total", testing::Eq(total)));
    }
    const auto view = co_await book.pull();
    lab.verdict("HTTP-ABPEERS-01", view.peers, SaysOneTotal());
    lab.verdict("HTTP-ABPEERS-02", view.peers, FillsItsPages());
    lab.verdict("HTTP-ABPEERS-03", view.peers, RepeatsNothing());
    std::vector<std::string> lost;
    for (const auto& id : ids)
      if (!view.peer(id)) lost.push_back(id);
    lab.verdict("HTTP-ABPADD-04", lost, testing::IsEmpty());
    const auto beyond = co_await book.peers_page(view.peers.pages + 1);
    lab.verdict("HTTP-ABPEERS-02", beyond, IsEmptyPage());
  }
}

// Nobody sees the books of others, and nobody is logged out for trying.
CASE(book_peers_foreign, "api/address-book/peers/foreign-book",
     checks("HTTP-ABPEERS-09", "HTTP-ABTAGS-04", "HTTP-GEN-06", "HTTP-GEN-07"),
     after("api/address-book/peers/list", "HTTP-ABPEERS-01"), takes(kApiStory), alone()) {
  auto mine = co_await personal_book(lab, "user");
  auto theirs = co_await personal_book(lab, "other");
  const std::string id = lab.fresh_id();
  const auto added = co_await mine.add(peer_of(id));
  lab.require("a peer", added, AnswersAction());
  auto thief = mine.seen_by(theirs.client(), theirs.token());
  LabBook nowhere(lab, theirs.client(), theirs.token(), "0c0ffee0-0000-4000-8000-000000000000");
  LabBook injected(lab, theirs.client(), theirs.token(), "%27%20OR%20%271%27=%271");
  for (const Way way : ways(lab)) {
    for (LabBook* book : {&thief, &nowhere, &injected}) {
      book->use(way);
      const auto page = co_await book->peers_page(1);
      lab.verdict("HTTP-GEN-06", page, IsNot(Is401()));
      lab.verdict("HTTP-GEN-07", page, IsNoServerError());
      lab.verdict("HTTP-ABPEERS-09", page, IsRefusal());
      lab.verdict("HTTP-ABPEERS-09", page, IsNot(Mentions(id)));
      const auto tags = co_await book->tags();
      lab.verdict("HTTP-GEN-06", tags, IsNot(Is401()));
      lab.verdict("HTTP-GEN-07", tags, IsNoServerError());
      lab.verdict("HTTP-ABTAGS-04", tags, IsShortRefusal());
    }
  }
}

// A question for no book at all.
CASE(book_peers_malformed, "api/address-book/peers/malformed",
     checks("HTTP-GEN-07", "HTTP-GEN-17", "HTTP-ABPEERS-09"),
     after("api/address-book/peers/list", "HTTP-ABPEERS-01"), takes(kApiStory), alone()) {
  auto book = co_await personal_book(lab, "user");
  for (const Way way : ways(lab)) {
    book.use(way);
    for (const char* query : {"", "?", "?current=1&pageSize=100", "?current=1&pageSize=100&ab=",
                              "?ab=%00", "?current=1&pageSize=100&ab=%FF%FE"}) {
      const std::string path = std::string("/api/ab/peers") + query;
      const auto answer = co_await book.client().call("POST", path, "", book.token());
      lab.verdict("HTTP-GEN-07", answer, IsNoServerError());
      lab.verdict("HTTP-ABPEERS-09", answer, IsNot(Is401()));
    }
    for (const char* paging :
         {"current=0&pageSize=100", "current=-1&pageSize=-1", "current=x&pageSize=y",
          "current=99999999999999999999&pageSize=99999999999999999999", "current=1&pageSize=0",
          "current=9223372036854775807&pageSize=9223372036854775807"}) {
      const std::string path = std::string("/api/ab/peers?") + paging + "&ab=" + book.guid();
      const auto answer = co_await book.client().call("POST", path, "", book.token());
      lab.verdict("HTTP-GEN-07", answer, IsNoServerError());
    }
  }
  (void)co_await api_still_serves(lab, book.client(), "HTTP-GEN-17");
}

}  // namespace deskcheck::conformance
