// The tags of a book and their colors.
#include "conformance/cases/api/general.hpp"
#include "conformance/lab/address_book.hpp"

#include "proto/net/task_group.hpp"

namespace deskcheck::conformance {

using namespace std::chrono_literals;
namespace json = boost::json;

namespace {

constexpr std::int64_t kOpaque = 4284955319;  // 0xFF66A6B7: more than int32 holds
constexpr std::int64_t kWhite = 4294967295;

MATCHER(HoldsTagsOnly, "HTTP 200 with an array of objects with a text name and a whole color") {
  const auto body = arg.arrived() && arg->status == 200 ? json_in(*arg) : std::nullopt;
  if (!body || !body->is_array()) return false;
  for (const auto& value : body->get_array()) {
    const auto* tag = value.if_object();
    const auto* name = tag ? tag->if_contains("name") : nullptr;
    const auto* color = tag ? tag->if_contains("color") : nullptr;
    if (!name || !name->is_string() || !color || !color->is_int64()) return false;
  }
  return true;
}
// A peer with these tags.
json::object tagged(std::string_view id, const std::vector<std::string>& tags) {
  json::object peer = peer_of(id);
  peer["tags"] = json::array(tags.begin(), tags.end());
  return peer;
}

Task<void> add_tags(LabBook book, std::vector<std::string> names, int& taken) {
  for (const auto& name : names) {
    const auto answer = co_await book.add_tag(name, kOpaque);
    taken += answer && answer->status == 200 && answer->body.empty();
  }
}

}  // namespace

CASE(book_tags, "api/address-book/tags/add",
     checks("HTTP-ABTAGS-01", "HTTP-ABTAGS-02", "HTTP-ABTAGS-03", "HTTP-ABTAGS-05",
            "HTTP-ABTADD-01", "HTTP-ABTADD-02", "HTTP-ABTADD-03", "HTTP-GEN-09"),
     after("api/address-book/personal/guid"), takes(kApiStory), alone()) {
  auto book = co_await personal_book(lab, "user");
  for (const Way way : ways(lab)) {
    book.use(way);
    const auto before = co_await book.tags();
    lab.verdict("HTTP-ABTAGS-05", before, TakesEmptyBody());
    lab.verdict("HTTP-GEN-09", before, TakesEmptyBody());
    if (!lab.verdict("HTTP-ABTAGS-01", before, AnswersList())) co_return;
    for (const std::int64_t color : {kOpaque, kWhite, std::int64_t{0}, std::int64_t{2147483648}}) {
      const std::string name = lab.named("tag");
      const auto added = co_await book.add_tag(name, color);
      if (!lab.verdict("HTTP-ABTADD-01", added, AnswersAction())) co_return;
      const auto view = co_await book.pull();
      lab.verdict("HTTP-ABTADD-02", view, ShowsTag(name, color));
      const auto again = co_await book.add_tag(name, color);
      lab.verdict("HTTP-ABTADD-03", again, IsNoServerError());
      const auto after = co_await book.pull();
      lab.verdict("HTTP-ABTADD-03", after, ShowsNoTagTwice());
      lab.verdict("HTTP-ABTAGS-02", after, ShowsTag(name, color));
      lab.verdict("HTTP-ABTAGS-03", after, ShowsNoTagTwice());
    }
    const auto all = co_await book.tags();
    lab.verdict("HTTP-ABTAGS-03", all, HoldsTagsOnly());
  }
}

// Nothing is an array of nothing.
CASE(book_tags_none, "api/address-book/tags/none", checks("HTTP-ABTAGS-01", "HTTP-ABPEERS-01"),
     after("api/address-book/tags/add", "HTTP-ABTADD-01", "HTTP-ABTAGS-01"), takes(kApiStory),
     alone(), does(Effect::restarts)) {
  ServerSetup setup;
  co_await lab.own_server(setup);
  auto book = co_await personal_book(lab, "user");
  for (const Way way : ways(lab)) {
    book.use(way);
    const auto tags = co_await book.tags();
    lab.verdict("HTTP-ABTAGS-01", tags, AnswersList());
    lab.verdict("HTTP-ABTAGS-01", tags, AnswersText("[]"));
    const auto peers = co_await book.peers_page(1);
    lab.verdict("HTTP-ABPEERS-01", peers, IsEmptyPage());
  }
}

// The client changes no peer itself.
CASE(book_tags_rename, "api/address-book/tags/rename",
     checks("HTTP-ABTREN-01", "HTTP-ABTREN-02", "HTTP-ABTREN-03"),
     after("api/address-book/tags/add", "HTTP-ABTADD-01", "HTTP-ABTAGS-01"), takes(kApiStory),
     alone()) {
  auto book = co_await personal_book(lab, "user");
  for (const Way way : ways(lab)) {
    book.use(way);
    const std::string id = lab.fresh_id(), kept = "kept-" + lab.fresh_id();
    const std::string old_name = "old-" + lab.fresh_id(),
                      new_name = "n\u00e9w '%' " + lab.fresh_id();
    for (const auto& name : {old_name, kept}) {
      const auto added = co_await book.add_tag(name, kOpaque);
      lab.require("a tag", added, AnswersAction());
    }
    const std::vector<std::string> before{kept, old_name}, after{kept, new_name};
    const auto added = co_await book.add(tagged(id, before));
    lab.require("a peer", added, AnswersAction());
    const auto renamed = co_await book.rename_tag(old_name, new_name);
    if (!lab.verdict("HTTP-ABTREN-01", renamed, AnswersAction())) co_return;
    const auto view = co_await book.pull();
    lab.verdict("HTTP-ABTREN-02", view, HidesTag(old_name));
    lab.verdict("HTTP-ABTREN-02", view, ShowsTag(new_name, kOpaque));
    lab.verdict("HTTP-ABTREN-02", view, ShowsPeer(id, tagged(id, after)));
    const auto clash = co_await book.rename_tag(new_name, kept);
    lab.verdict("HTTP-ABTREN-03", clash, IsApiError());
    const auto unknown = co_await book.rename_tag("never-" + lab.fresh_id(), lab.fresh_id());
    lab.verdict("HTTP-ABTREN-03", unknown, IsNoServerError());
    const auto still = co_await book.pull();
    lab.verdict("HTTP-ABTREN-03", still, ShowsTag(new_name, kOpaque));
    lab.verdict("HTTP-ABTREN-03", still, ShowsNoTagTwice());
  }
}

CASE(book_tags_recolor, "api/address-book/tags/color", checks("HTTP-ABTUPD-01", "HTTP-ABTAGS-02"),
     after("api/address-book/tags/add", "HTTP-ABTADD-01", "HTTP-ABTAGS-01"), takes(kApiStory),
     alone()) {
  lab.needs({"api.ab.tag.update"});
  auto book = co_await personal_book(lab, "user");
  for (const Way way : ways(lab)) {
    book.use(way);
    const std::string id = lab.fresh_id(), name = lab.named("tag");
    const std::string other = "other-" + lab.fresh_id();
    for (const auto& one : {name, other}) {
      const auto added = co_await book.add_tag(one, kOpaque);
      lab.require("a tag", added, AnswersAction());
    }
    const std::vector<std::string> its_tags{name};
    const auto added = co_await book.add(tagged(id, its_tags));
    lab.require("a peer", added, AnswersAction());
    const auto changed = co_await book.recolor_tag(name, kWhite);
    lab.verdict("HTTP-ABTUPD-01", changed, AnswersAction());
    const auto view = co_await book.pull();
    lab.verdict("HTTP-ABTUPD-01", view, ShowsTag(name, kWhite));
    lab.verdict("HTTP-ABTUPD-01", view, ShowsTag(other, kOpaque));
    lab.verdict("HTTP-ABTUPD-01", view, ShowsPeer(id, tagged(id, its_tags)));
    lab.verdict("HTTP-ABTAGS-02", view, ShowsTag(name, kWhite));
  }
}

CASE(book_tags_remove, "api/address-book/tags/delete", checks("HTTP-ABTDEL-01", "HTTP-ABTDEL-02"),
     after("api/address-book/tags/add", "HTTP-ABTADD-01", "HTTP-ABTAGS-01"), takes(kApiStory),
     alone()) {
  auto book = co_await personal_book(lab, "user");
  for (const Way way : ways(lab)) {
    book.use(way);
    const std::string id = lab.fresh_id(), gone = "gone-" + lab.fresh_id();
    const std::string kept = "kept-" + lab.fresh_id();
    for (const auto& name : {gone, kept}) {
      const auto added = co_await book.add_tag(name, kOpaque);
      lab.require("a tag", added, AnswersAction());
    }
    const std::vector<std::string> both{gone, kept}, one{kept};
    const auto added = co_await book.add(tagged(id, both));
    lab.require("a peer", added, AnswersAction());
    const auto removed = co_await book.remove_tag(gone);
    lab.verdict("HTTP-ABTDEL-01", removed, AnswersAction());
    const auto view = co_await book.pull();
    lab.verdict("HTTP-ABTDEL-01", view, HidesTag(gone));
    lab.verdict("HTTP-ABTDEL-01", view, ShowsTag(kept, kOpaque));
    lab.verdict("HTTP-ABTDEL-02", view, ShowsPeer(id, tagged(id, one)));
  }
}

CASE(book_tags_awkward, "api/address-book/tags/awkward-names",
     checks("HTTP-ABTADD-02", "HTTP-ABPEERS-10", "HTTP-GEN-07"),
     after("api/address-book/tags/add", "HTTP-ABTADD-01", "HTTP-ABTAGS-01"), takes(kApiStory),
     alone()) {
  lab.needs({"api.ab.peer.add"});
  auto book = co_await personal_book(lab, "user");
  for (const Way way : ways(lab)) {
    book.use(way);
    for (const char* text : {"' OR '1'='1", "\"; DROP TABLE tags; --", "<b>", "a,b;c", "[\"x\"]",
                             "\u6771\u4eac \U0001F600", "%", "null"}) {
      const std::string id = lab.fresh_id(), name = text + std::string(" ") + lab.fresh_id();
      const auto added = co_await book.add_tag(name, kOpaque);
      lab.verdict("HTTP-GEN-07", added, IsNoServerError());
      const std::vector<std::string> its_tags{name};
      const auto peer = co_await book.add(tagged(id, its_tags));
      lab.verdict("HTTP-GEN-07", peer, IsNoServerError());
      const auto view = co_await book.pull();
      lab.verdict("HTTP-ABTADD-02", view, ShowsTag(name, kOpaque));
      lab.verdict("HTTP-ABPEERS-10", view, ShowsPeer(id, tagged(id, its_tags)));
    }
  }
}

// Two programs at once lose nothing.
CASE(book_tags_at_once, "api/address-book/tags/two-at-once",
     checks("HTTP-ABTADD-02", "HTTP-ABTADD-03"),
     after("api/address-book/tags/add", "HTTP-ABTADD-01", "HTTP-ABTAGS-01"), takes(kApiStory),
     alone()) {
  auto book = co_await personal_book(lab, "user");
  auto elsewhere = book.seen_by(book.client().neighbour(), book.token());
  const std::string both = "both-" + lab.fresh_id();
  std::vector<std::string> here{both}, there{both};
  for (int i = 0; i < 10; ++i) {
    here.push_back("here-" + lab.fresh_id());
    there.push_back("there-" + lab.fresh_id());
  }
  int taken = 0;
  net::TaskGroup writers(lab.world().executor);
  writers.spawn("one", add_tags(book, here, taken));
  writers.spawn("another", add_tags(elsewhere, there, taken));
  co_await writers.join();
  lab.require("tags that were taken", taken, testing::Ge(21));
  const auto view = co_await book.pull();
  for (const auto& names : {here, there})
    for (const auto& name : names) lab.verdict("HTTP-ABTADD-02", view, ShowsTag(name, kOpaque));
  lab.verdict("HTTP-ABTADD-03", view, ShowsNoTagTwice());
}

CASE(book_tags_malformed, "api/address-book/tags/malformed",
     checks("HTTP-ABTAGS-02", "HTTP-ABTAGS-03", "HTTP-GEN-07", "HTTP-GEN-17"),
     after("api/address-book/tags/add", "HTTP-ABTADD-01", "HTTP-ABTAGS-01"), takes(kApiStory),
     alone()) {
  auto book = co_await personal_book(lab, "user");
  for (const Way way : ways(lab)) {
    book.use(way);
    for (const char* what : {"POST add", "PUT rename", "PUT update"}) {
      const std::string method(what, std::string_view(what).find(' '));
      const std::string path =
          "/api/ab/tag/" + std::string(what).substr(method.size() + 1) + "/" + book.guid();
      for (const char* body : {"", "{", "[]", "null", "{}", R"({"name":5,"color":"red"})",
                               R"({"old":5,"new":{}})", "{\"name\":\"\xff\",\"color\":1}",
                               R"({"color":99999999999999999999})", R"({"name":null})"}) {
        const auto answer = co_await book.client().call(method, path, body, book.token());
        lab.verdict("HTTP-GEN-07", answer, IsNoServerError());
      }
    }
    const auto after = co_await book.tags();
    const std::vector<std::string> taken{"", "0", "5", "null", "\xEF\xBF\xBD"};
    book.may_hold({}, taken);
    for (const auto& left : taken) {
      const auto gone = co_await book.remove_tag(left);
      gone.ignore();  // hardly any server took one
    }
    lab.verdict("HTTP-ABTAGS-02", after, HoldsTagsOnly());
    lab.verdict("HTTP-ABTAGS-03", after, HoldsTagsOnly());
  }
  (void)co_await api_still_serves(lab, book.client(), "HTTP-GEN-17");
}

}  // namespace deskcheck::conformance
