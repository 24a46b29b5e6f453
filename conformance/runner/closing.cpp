#include "conformance/runner/closing.hpp"

#include "conformance/lab/address_book.hpp"
#include "conformance/lab/hook_calls.hpp"
#include "conformance/lab/traces.hpp"
#include "proto/net/task_group.hpp"

#include <array>
#include <set>

namespace deskcheck::conformance {

using namespace std::chrono_literals;
namespace json = boost::json;

namespace {

constexpr net::Duration kPatience = 30s;
// Roles that sign in with a password only, and so can be asked for their books.
constexpr std::array<const char*, 3> kRoles{"user", "other", "admin"};

constexpr std::array kByHook{Thing::strategy, Thing::provider,     Thing::user,
                             Thing::group,    Thing::device_group, Thing::book};

using Names = std::set<std::string>;

Names left_of(const Inventory& inventory, Thing thing) {
  const auto found = inventory.counts().find(thing);
  return found == inventory.counts().end() ? Names() : found->second.left;
}

bool ever_created(const Inventory& inventory, Thing thing) {
  return inventory.counts().contains(thing);
}

class Closing {
 public:
  Closing(Lab& lab, Inventory& inventory, Footprint& footprint)
      : lab_(lab), inventory_(inventory), footprint_(footprint) {}

  Task<void> all() {
    if (ever_created(inventory_, Thing::peer) || ever_created(inventory_, Thing::tag)) {
      for (const std::string role : kRoles)
        if (lab_.target().accounts.contains(role)) co_await books_of(role);
    }
    co_await recordings();
    for (const Thing thing : kByHook) co_await with_hook(thing);
  }

 private:
  void note(std::string text) { footprint_.notes.push_back(std::move(text)); }

  // One account after the other: what the second one cannot be asked does not keep the first one's.
  Task<void> books_of(std::string role) {
    try {
      ApiClient client(lab_);
      const std::string token = co_await client.sign_in(role);
      const auto own = co_await personal_guid(lab_, client, token);
      Names guids;
      if (own) guids.insert(*own);
      const PagedQuestion question = shared_profiles();
      const auto profiles = co_await read_list(client, question, token);
      for (const auto& profile : profiles.items)
        if (const auto guid = member_of(profile, "guid"); guid.is_string())
          guids.insert(std::string(guid.get_string()));
      for (const auto& guid : guids) {
        LabBook book(lab_, client, token, guid);
        co_await clear(book);
      }
    } catch (const EarlyEnd& end) {
      note("the books of '" + role + "' could not be read again: " + end.why);
    }
  }

  // Those that the inventory misses, and those that bear the name of this run.
  Names ours(Thing thing, const std::string& guid, const Names& shown) const {
    const Names left = left_of(inventory_, thing);
    Names names;
    for (const auto& name : shown)
      if (name.starts_with(inventory_.prefix()) || left.contains(entry_name(name, guid)))
        names.insert(name);
    return names;
  }

  static Names peers_in(const BookView& view) {
    Names names;
    for (const auto& peer : view.peers.items)
      if (const auto id = member_of(peer, "id"); id.is_string())
        names.insert(std::string(id.get_string()));
    return names;
  }
  static Names tags_in(const BookView& view) {
    Names names;
    for (const auto& [name, color] : view.tags) names.insert(name);
    return names;
  }

  // What is not shown is not there.
  void settle(Thing thing, const std::string& guid, const Names& still_ours) {
    const std::string place = entry_name("", guid);
    for (const auto& name : left_of(inventory_, thing))
      if (name.ends_with(place) && !still_ours.contains(name.substr(0, name.size() - place.size())))
        inventory_.removed(thing, name);
    for (const auto& name : still_ours) inventory_.created(thing, entry_name(name, guid));
  }

  Task<void> clear(LabBook& book) {
    auto view = co_await book.pull();
    const auto peers = ours(Thing::peer, book.guid(), peers_in(view));
    const auto tags = ours(Thing::tag, book.guid(), tags_in(view));
    if (view.failure.empty() && !(peers.empty() && tags.empty())) {
      for (const auto& id : peers) {  // some servers refuse lists
        const std::vector<std::string> one{id};
        const auto answer = co_await book.remove(one);
        answer.ignore();
      }
      for (const auto& name : tags) {
        const auto answer = co_await book.remove_tag(name);
        answer.ignore();
      }
      view = co_await book.pull();
    }
    if (!view.failure.empty()) {
      note("the book " + book.guid() + " could not be read again: " + view.failure);
      co_return;
    }
    settle(Thing::peer, book.guid(), ours(Thing::peer, book.guid(), peers_in(view)));
    settle(Thing::tag, book.guid(), ours(Thing::tag, book.guid(), tags_in(view)));
  }

  // Nobody can list them but the owner of the target: whoever says no has none.
  Task<void> recordings() {
    const auto files = left_of(inventory_, Thing::recording);
    if (files.empty()) co_return;
    try {
      ApiClient client(lab_);
      for (const auto& file : files) {
        const std::string path = "/api/record?type=remove&file=" + file, nothing;
        const auto answer = co_await client.post_text(path, nothing);
        answer.ignore();
      }
    } catch (const EarlyEnd& end) {
      note("recordings could not be removed: " + end.why);
    }
  }

  // What no question of clients shows: the hook says that it has done it.
  Task<void> with_hook(Thing thing) {
    const auto names = left_of(inventory_, thing);
    if (names.empty()) co_return;
    const auto removal = removal_of(thing);
    if (!removal) co_return;
    const std::string hook(removal->hook), argument(removal->argument);
    if (!find_hook(lab_.target(), hook)) {
      footprint_.reasons[thing] = "the target has no hook '" + hook + "'";
      co_return;
    }
    HookCalls calls(lab_);
    for (const auto& name : names) {
      try {
        json::object arguments{{argument, name}};
        const auto answer = co_await calls.run(hook, std::move(arguments));
        if (answer.refused) note(answer.why);
      } catch (const EarlyEnd& end) {
        note(end.why);
      }
    }
  }

  Lab& lab_;
  Inventory& inventory_;
  Footprint& footprint_;
};

Task<void> nothing(Lab&) { co_return; }

}  // namespace

namespace {

LabSetup setup_of(const ClosingStep& step, const Case& which, net::World world) {
  LabSetup setup = step.scope.setup_for(which, std::move(world));
  setup.target = step.target;
  setup.addresses = &step.addresses;
  setup.inventory = &step.inventory;
  setup.hook_logins = &step.hook_logins;
  return setup;
}

}  // namespace

Task<void> ask_again(net::World world, ClosingStep& step) {
  const Case which = make_case("closing step", nothing);
  Lab lab(setup_of(step, which, world));
  Closing closing(lab, step.inventory, step.footprint);
  net::TaskGroup asking(world.executor);
  asking.spawn("closing step", closing.all());
  const bool in_time = co_await asking.join_until(lab.within(kPatience));
  if (!in_time)
    step.footprint.notes.push_back("the target did not answer in time when it was asked again");
  co_await lab.clean_up();
}

Task<void> end_hook_logins(net::World world, ClosingStep& step) {
  const Case which = make_case("logins of hooks", nothing);
  Lab lab(setup_of(step, which, std::move(world)));
  HookCalls calls(lab);
  const auto sessions = step.hook_logins.all();
  for (const auto& session : sessions) {
    step.hook_logins.forget(session);
    const auto& own = step.target.control->login;
    std::string why = co_await calls.sign_out(session);
    if (own && own->call && !own->logout) why = session->what + " stays: `login` says no `logout`";
    // Clients do not mind whether their servers have one.
    if (own && !why.empty()) step.footprint.notes.push_back(std::move(why));
  }
}

}  // namespace deskcheck::conformance
