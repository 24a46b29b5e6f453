#include "conformance/baseline/update.hpp"

#include "conformance/baseline/listing.hpp"
#include "conformance/baseline/use.hpp"

#include <algorithm>
#include <map>
#include <tuple>

namespace deskcheck::conformance {

namespace {

// What is the same in every run: no numbers, addresses, ids, keys.
std::string stable(const std::string& text) {
  constexpr std::size_t kLongest = 120;
  const bool fixed = text.size() <= kLongest && std::ranges::all_of(text, [](unsigned char c) {
                       return c >= ' ' && c <= '~' && !std::isdigit(c) && c != '"';
                     });
  return fixed ? text : std::string();
}

// All that the entry names was judged, and nothing of it fails any more. What fails in another way
// than the entry says may fail as it says in the next run; what can be judged at last is news.
bool is_useless(const BaselineEntry& entry, const EntryUse& use) {
  return !entry.flaky && use.complete && use.failures == 0 && !use.fails_otherwise;
}

// The words tell more than the kind does, and an entry that pins some is not there already: then
// they vary from run to run.
bool pins_words(const BaselineEntry& entry, const Baseline& left) {
  if (entry.kind != FailureKind::wrong_value && entry.kind != FailureKind::blocked) return false;
  return std::ranges::none_of(left.entries, [&](const BaselineEntry& other) {
    return other.case_id == entry.case_id && other.requirement == entry.requirement &&
           other.kind == entry.kind;
  });
}

// The limit that the entry should have; nothing: it has that, or needs none.
std::optional<int> other_limit(const BaselineEntry& entry, const EntryUse& use, Change change) {
  if (!entry.at_most && !entry.has_pattern()) return std::nullopt;
  if (!entry.at_most) return std::max(1, use.failures);
  const bool raise = use.exceeds(entry) && change == Change::anything;
  if (raise || use.has_slack(entry)) return use.failures;
  return std::nullopt;
}

using Key = std::tuple<std::string, std::string, FailureKind>;
using Found = std::map<Key, std::string>;  // -> actual

void add(Found& found, Key key, const std::string& actual) {
  const auto [place, is_new] = found.emplace(std::move(key), actual);
  if (!is_new && place->second != actual) place->second.clear();  // fails in several words
}

// Of a case whose control has not passed nothing is known, and the control's entry speaks for it.
bool stands_behind_a_control(const CaseResult& result, const RunReport& report,
                             const KnownCases& known) {
  const auto its_case = std::ranges::find(known.cases, result.id, &Case::id);
  if (its_case == known.cases.end() || (*its_case)->control.empty()) return false;
  return std::ranges::any_of(report.results, [&](const CaseResult& control) {
    return control.id == (*its_case)->control && control.repetition == result.repetition &&
           control.status != Status::pass;
  });
}

// What is still unexpected and the target's to mend.
Found unlisted(const RunReport& report, const KnownCases& known) {
  Found found;
  for (const auto& result : report.results) {
    for (const auto& check : result.checks)
      if (check.status == Status::fail)
        add(found, {result.id, check.requirement, check.kind}, stable(check.actual));
    const bool blocked = std::ranges::any_of(
        result.checks, [](const Check& check) { return check.status == Status::blocked; });
    const bool of_the_target = result.blame == Blame::prerequisite || result.blame == Blame::target;
    if (blocked && of_the_target && !stands_behind_a_control(result, report, known))
      add(found, {result.id, "", FailureKind::blocked}, stable(result.why));
  }
  return found;
}

std::vector<BaselineEntry> entries_for(const RunReport& report, const Baseline& left,
                                       const KnownCases& known, const std::string& reason) {
  std::vector<BaselineEntry> added;
  const auto seen = apply_baseline(report, left, known, Level::may, Date());
  for (const auto& [key, actual] : unlisted(seen, known)) {
    BaselineEntry entry;
    std::tie(entry.case_id, entry.requirement, entry.kind) = key;
    if (pins_words(entry, left)) entry.actual = actual;
    entry.reason = reason;
    added.push_back(std::move(entry));
  }
  return added;
}

}  // namespace

boost::system::result<BaselineUpdate, document::Mistakes> update_baseline(
    const std::string& text, const Baseline& baseline, const RunReport& report,
    const KnownCases& known, const std::string& reason, Change change) {
  auto listing = BaselineListing::read(text, baseline);
  if (!listing) return listing.error();
  BaselineUpdate update;
  std::vector<bool> remove;
  Baseline left{baseline.file, {}};
  for (const auto& entry : baseline.entries) {
    const auto use = use_of(entry, report, known, Level::may);
    remove.push_back(is_useless(entry, use));
    if (remove.back()) continue;
    left.entries.push_back(entry);
    if (const auto limit = other_limit(entry, use, change)) {
      listing->set_limit(entry, *limit);
      left.entries.back().at_most = limit;
      ++update.limits;
    }
  }
  update.kept = static_cast<int>(left.entries.size());
  update.removed = static_cast<int>(remove.size()) - update.kept;
  const auto added = change == Change::anything ? entries_for(report, left, known, reason)
                                                : std::vector<BaselineEntry>();
  update.added = static_cast<int>(added.size());
  update.text = listing->rewritten(remove, added);
  return update;
}

}  // namespace deskcheck::conformance
