#include "conformance/baseline/baseline_file.hpp"

#include "baseline.schema.json.hpp"
#include "proto/document/schema.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace deskcheck::conformance {

namespace {

using document::Cursor;

std::string text_of(const Cursor& entry, std::string_view key) {
  const auto found = entry.find(key);
  return found ? std::string(found->text()) : std::string();
}

FailureKind kind_named(std::string_view name) {
  for (const auto kind :
       {FailureKind::no_answer, FailureKind::connection_ended, FailureKind::blocked})
    if (to_string(kind) == name) return kind;
  return FailureKind::wrong_value;  // the schema allows no other
}

BaselineEntry read(const Cursor& item) {
  BaselineEntry entry;
  entry.case_id = text_of(item, "case");
  entry.requirement = text_of(item, "requirement");
  entry.kind = kind_named(text_of(item, "fails"));
  entry.actual = text_of(item, "actual");
  entry.reason = text_of(item, "reason");
  entry.expires = parse_date(text_of(item, "expires"));
  entry.owner = text_of(item, "owner");
  const auto flaky = item.find("flaky");
  entry.flaky = flaky && flaky->json().get_bool();
  if (const auto at_most = item.find("at-most")) {
    entry.at_most = at_most->json().to_number<int>();
    entry.at_most_place = at_most->place();
  }
  entry.fails_place = item.find("fails")->key_place();
  entry.line = item.place().line;
  return entry;
}

bool is_blank(std::string_view text) { return text.find_first_not_of(" \t\r\n") == text.npos; }

// An entry without pattern is about one case or one requirement: limit enough.
void check_limit(const Cursor& item, const BaselineEntry& entry, document::Mistakes& mistakes) {
  if (!entry.has_pattern() || entry.at_most) return;
  const auto pattern = entry.case_id.find('*') != std::string::npos ? "case" : "requirement";
  mistakes.push_back(
      item.find(pattern)->mistake("this pattern has no limit",
                                  "add 'at-most: N', the number of failures that it may excuse; "
                                  "--update-baseline counts them"));
}

void check(const Cursor& item, const BaselineEntry& entry, const KnownCases& known, Purpose purpose,
           document::Mistakes& mistakes) {
  if (entry.case_id.empty() && entry.requirement.empty())
    mistakes.push_back(item.mistake("this entry names neither a case nor a requirement",
                                    "write 'case', 'requirement' or both"));
  else if (const auto mistake = find_name_mistake(entry, known))
    mistakes.push_back(item.find(mistake->key)->mistake(mistake->text));
  else if (purpose == Purpose::to_use)
    check_limit(item, entry, mistakes);
  if (const auto expires = item.find("expires"); expires && !entry.expires)
    mistakes.push_back(expires->mistake("'" + expires->written() + "' is no date",
                                        "write year, month and day as in 2027-01-31"));
  if (entry.flaky && !item.find("expires"))
    mistakes.push_back(item.find("flaky")->mistake_at_key(
        "an entry that may pass as well never gets stale", "add 'expires', so that it ends"));
  if (purpose == Purpose::to_use && is_blank(entry.reason))
    mistakes.push_back(item.find("reason")->mistake("the reason is empty",
                                                    "say why this failure is accepted for now"));
}

bool same(const BaselineEntry& a, const BaselineEntry& b) {
  return a.case_id == b.case_id && a.requirement == b.requirement && a.kind == b.kind &&
         a.actual == b.actual;
}

}  // namespace

std::optional<Date> parse_date(std::string_view text) {
  int year = 0;
  unsigned month = 0, day = 0;
  const auto number = [&](std::size_t at, std::size_t size, auto& value) {
    const char* end = text.data() + at + size;
    return std::from_chars(text.data() + at, end, value).ptr == end;
  };
  if (text.size() != 10 || text[4] != '-' || text[7] != '-' || !number(0, 4, year) ||
      !number(5, 2, month) || !number(8, 2, day) || year < 0)
    return std::nullopt;
  const Date date{std::chrono::year(year), std::chrono::month(month), std::chrono::day(day)};
  if (!date.ok()) return std::nullopt;
  return date;
}

std::string_view baseline_schema() { return kSchema; }

boost::system::result<Baseline, document::Mistakes> parse_baseline(std::string_view text,
                                                                   const std::string& name,
                                                                   const KnownCases& known,
                                                                   Purpose purpose) {
  static const document::Schema schema(kSchema);
  const auto document = document::parse(text, name);
  if (!document) return document::Mistakes{document.error()};
  auto mistakes = schema.check(*document);
  if (!mistakes.empty()) return mistakes;
  Baseline baseline{name, {}};
  for (const auto& item : document->root().find("known-failures")->children()) {
    auto entry = read(item);
    check(item, entry, known, purpose, mistakes);
    const auto first = std::ranges::find_if(
        baseline.entries, [&](const BaselineEntry& before) { return same(before, entry); });
    if (first != baseline.entries.end())
      mistakes.push_back(
          item.mistake(fmt::format("this entry says the same as the one in line {}", first->line),
                       "remove one of them"));
    baseline.entries.push_back(std::move(entry));
  }
  if (!mistakes.empty()) return mistakes;
  return baseline;
}

}  // namespace deskcheck::conformance
