// Small requirement tables for tests.
#pragma once

#include "conformance/registry/registry.hpp"

#include <string>

namespace deskcheck::conformance {

inline const std::string kHeader =
    "id\tlevel\tarea\tcapability\ttext\tevidence\toss\tharm_class\tharm\tfirst_release\t"
    "last_release\tserver_versions\teffect\ttransports\ttestable\tbasis\n";
inline const std::string kNoExclusions = "pattern\treason\n";

inline std::string row(const std::string& id, const std::string& level = "MUST",
                       const std::string& text = "It answers") {
  return id + "\t" + level + "\tpunch/lan\trelay.tcp\t" + text +
         "\tclient:a.rs:1\tyes\toffline\tIt stays offline\t"
         "1.2.4\t-\t-\tread-only\ttcp\tany virtual-ok\treading\n";
}

inline DataResult<Registry> parse(const std::string& requirements,
                                  const std::string& exclusions = kNoExclusions) {
  const SourceText file{"requirements/a.tsv", requirements};
  return Registry::parse({&file, 1}, {"exclusions.tsv", exclusions});
}

}  // namespace deskcheck::conformance
