#include "conformance/scenario/scenario_case.hpp"
#include "proto/document/document.hpp"

#include <algorithm>
#include <fstream>
#include <system_error>

namespace deskcheck::conformance {

namespace fs = std::filesystem;

namespace {

document::Mistake of_file(const fs::path& file, std::string what, std::string mend) {
  return {file.string(), {}, std::move(what), std::move(mend), {}};
}

// The files of a folder; a mistake if there are none.
boost::system::result<std::vector<fs::path>, document::Mistake> files_of(const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error)) {
    const auto extension = entry->path().extension();
    if (extension == ".yaml" || extension == ".yml") files.push_back(entry->path());
  }
  if (error) return of_file(folder, error.message(), "name a folder with scenario files");
  if (files.empty())
    return of_file(folder, "there are no scenarios here", "their names end in .yaml");
  std::ranges::sort(files);
  return files;
}

boost::system::result<std::string, document::Mistake> read_document(const fs::path& file) {
  std::error_code error;
  if (fs::is_directory(file, error)) return of_file(file, "this is a folder", "name a file");
  std::ifstream stream(file, std::ios::binary);
  // One byte more than is allowed is enough to be told so.
  std::string text(document::kLongestText + 1, '\0');
  if (!stream) return of_file(file, "cannot be read", "is the name right, and may you read it?");
  stream.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (stream.bad()) return of_file(file, "cannot be read", {});
  text.resize(static_cast<std::size_t>(stream.gcount()));
  return {boost::system::in_place_value, std::move(text)};
}

class Loader {
 public:
  Loader(const Registry& registry, const std::vector<Case>& others)
      : registry_(registry), others_(others) {}

  void load(const fs::path& file) {
    const auto text = read_document(file);
    if (!text) return mistakes.push_back(text.error());
    auto scenario = scenario::load(*text, file.string());
    if (!scenario) {
      mistakes.insert(mistakes.end(), scenario.error().begin(), scenario.error().end());
      return;
    }
    check(*scenario, *text);
    cases.push_back(case_of(std::make_shared<const scenario::Scenario>(std::move(*scenario))));
  }

  std::vector<Case> cases;
  document::Mistakes mistakes;

 private:
  void check(const scenario::Scenario& scenario, const std::string& text) {
    const fs::path file = scenario.file;
    if (scenario.requirements.empty())
      mistakes.push_back(of_file(file, "this scenario judges no requirement",
                                 "add 'checks' to a step, or play it with `deskcheck sim`"));
    for (const auto* list : {&others_, &std::as_const(cases)})
      if (std::ranges::find(*list, scenario.id, &Case::id) != list->end())
        mistakes.push_back(
            of_file(file, "another case is called " + scenario.id, "give it an 'id' of its own"));
    for (const auto& judged : scenario.requirements) {
      auto [what, mend] = opinion_of(judged.id);
      if (what.empty()) continue;
      mistakes.push_back({scenario.file, judged.place, std::move(what), std::move(mend),
                          std::string(document::line_of(text, judged.place.line))});
    }
  }

  // Nothing if a case may judge this requirement.
  std::pair<std::string, std::string> opinion_of(const std::string& id) const {
    const auto* requirement = registry_.find(id);
    if (!requirement) {
      const auto near = registry_.nearest_ids(id, 1);
      return {"there is no requirement " + id,
              near.empty() ? "`deskcheck list` shows them" : "did you mean " + near[0] + "?"};
    }
    if (!requirement->excluded_because) return {};
    return {id + " has no place in the suite: " + *requirement->excluded_because,
            "judge another requirement"};
  }

  const Registry& registry_;
  const std::vector<Case>& others_;
};

}  // namespace

boost::system::result<std::vector<Case>, document::Mistakes> load_cases(
    const fs::path& folder, const Registry& registry, const std::vector<Case>& others) {
  const auto files = files_of(folder);
  if (!files) return document::Mistakes{files.error()};
  Loader loader(registry, others);
  for (const auto& file : *files) loader.load(file);
  if (!loader.mistakes.empty()) return std::move(loader.mistakes);
  return std::move(loader.cases);
}

}  // namespace deskcheck::conformance
