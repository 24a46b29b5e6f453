#include "cli/run_baseline.hpp"

#include "cli/files.hpp"
#include "conformance/baseline/baseline_file.hpp"
#include "conformance/baseline/update.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>
#include <set>

namespace deskcheck::cli {

using namespace conformance;

namespace {

// A run that leaves cases out would take their entries for needless.
void refuse_partial(const RunCommand& c) {
  const char* flag = !c.filters.empty()      ? "--filter"
                     : !c.profiles.empty()   ? "--profile"
                     : c.level != Level::may ? "--level"
                     : c.client              ? "--client"
                     : c.shard.count > 1     ? "--shard"
                     : c.until_failure       ? "--until-failure"
                                             : nullptr;
  if (flag)
    throw UsageError(fmt::format(
        "--update-baseline needs a whole run; leave out {}, which makes it partial", flag));
}

// Why the run was not a whole one after all; empty if it was.
std::string why_partial(const RunReport& report) {
  const auto counts = count_cases(report);
  if (!report.lost.empty()) return report.lost;
  if (report.interrupted) return "the run was interrupted";
  if (counts.at(Status::harness_error) > 0) return "the suite itself has an error";
  if (report.beyond_budget > 0)
    return fmt::format("--budget left out {} cases", report.beyond_budget);
  if (const int spared = count_beyond_effects(report); spared > 0)
    return fmt::format("{} cases do more than --effects allows; say --effects all", spared);
  if (counts.at(Status::not_run) > 0)
    return fmt::format("{} cases did not run", counts.at(Status::not_run));
  return {};
}

void check_flags(const RunCommand& c, const std::string& file) {
  for (const auto& [given, flag] :
       {std::pair(c.update_baseline, "--update-baseline"), std::pair(c.ratchet, "--ratchet")})
    if (given && file.empty())
      throw UsageError(
          fmt::format("{} needs --baseline FILE, or 'baseline' in the target file", flag));
  if (c.ratchet && !c.reason.empty())
    throw UsageError("--reason is for new entries, and --ratchet adds none; leave out one of them");
  if (c.update_baseline) refuse_partial(c);
}

Baseline parse(const std::string& text, const std::string& file, const KnownCases& known,
               Purpose purpose) {
  auto baseline = parse_baseline(text, file, known, purpose);
  if (!baseline) refuse(baseline.error());
  return std::move(*baseline);
}

}  // namespace

RunBaseline::RunBaseline(const RunCommand& command, std::string file, KnownCases known)
    : command_(command), file_(std::move(file)), known_(std::move(known)), baseline_{file_, {}} {
  check_flags(command, file_);
  if (command.update_baseline && !command.ratchet && !std::filesystem::exists(file_)) {
    OutputFile(file_ + ".new");  // tells at once if it cannot be written
    std::filesystem::remove(file_ + ".new");
    return;
  }
  if (file_.empty()) return;
  text_ = read_document(file_, "the baseline; --update-baseline makes one");
  baseline_ =
      parse(text_, file_, known_, command.update_baseline ? Purpose::to_rewrite : Purpose::to_use);
}

CaseResult RunBaseline::seen(const CaseResult& result) const { return excuse(result, baseline_); }

RunReport RunBaseline::apply(RunReport report) const {
  const auto today = parse_date(report.date.substr(0, 10)).value_or(Date());
  return apply_baseline(std::move(report), baseline_, known_, command_.level, today,
                        command_.ratchet ? Ratchet::on : Ratchet::off);
}

RunReport RunBaseline::judge(RunReport report) {
  if (file_.empty()) return report;
  if (command_.update_baseline) try {
      update(report);
    } catch (const UsageError& error) {
      failure_ = error;
    }
  return apply(std::move(report));
}

std::string RunBaseline::description() const {
  if (file_.empty()) return {};
  std::set<std::string> owners;
  for (const auto& entry : baseline_.entries)
    if (!entry.owner.empty()) owners.insert(entry.owner);
  const auto flaky = std::ranges::count_if(baseline_.entries, &BaselineEntry::flaky);
  return fmt::format("baseline    {}, {} entries, {} of them flaky{}{}\n", file_,
                     baseline_.entries.size(), flaky,
                     owners.empty() ? "" : "; owners: ", fmt::join(owners, ", "));
}

void RunBaseline::update(const RunReport& report) {
  if (const auto why = why_partial(report); !why.empty()) {
    refusal_ =
        fmt::format("{} is unchanged: --update-baseline needs a whole run, and {}", file_, why);
    return;
  }
  auto rewritten = update_baseline(text_, baseline_, report, known_, command_.reason,
                                   command_.ratchet ? Change::only_fewer : Change::anything);
  if (!rewritten) refuse(rewritten.error());
  baseline_ = parse(rewritten->text, file_, known_, Purpose::to_rewrite);
  if (rewritten->text != text_) replace_file(file_, rewritten->text);
  const auto open = std::ranges::count_if(
      baseline_.entries, [](const BaselineEntry& entry) { return entry.reason.empty(); });
  note_ = fmt::format("{}: {} entries added, {} removed, {} kept", file_, rewritten->added,
                      rewritten->removed, rewritten->kept);
  if (rewritten->limits > 0) note_ += fmt::format(", {} with another limit", rewritten->limits);
  if (open > 0) note_ += fmt::format("; {} need a reason before the file can be used", open);
}

}  // namespace deskcheck::cli
