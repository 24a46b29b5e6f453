// Scenarios as cases of the suite: the same laboratory, the same door for verdicts, the same
// evidence.
#pragma once

#include "client-sim/scenario/play.hpp"
#include "conformance/lab/case.hpp"
#include "conformance/lab/restart.hpp"
#include "conformance/lab/server_host.hpp"
#include "conformance/registry/registry.hpp"
#include "conformance/target/target.hpp"
#include "proto/document/mistake.hpp"

#include <filesystem>
#include <memory>

namespace deskcheck::conformance {

// Blocks while the name of its API is resolved; one that cannot be is not known.
scenario::Site site_of(const Target& target);
// What its owner does for a scenario, by Target::control: in a case, whose lab outlives it.
using Operate = decltype(scenario::Stage::operate);
Operate operator_of(Lab& lab);

// Plays it at a target where there is no case. What the hooks of the target have made and the
// scenario has not removed is taken away at its end. `spawned`: who may restart it without a hook;
// may be null.
Task<scenario::Outcome> play_at(scenario::Stage stage, const scenario::Scenario& scenario,
                                Target target, SpawnedServer* spawned = nullptr);
// How the built-in server has to be set up for it.
ServerSetup setup_for(const scenario::Scenario& scenario);

// Judges the requirements that the scenario's steps check.
Case case_of(std::shared_ptr<const scenario::Scenario> scenario);

// Every *.yaml and *.yml of a folder, in alphabetical order. Mistakes: those of the files;
// requirements that do not exist or have no place in the suite; a scenario that judges nothing; an
// id that another case has. `others`: the cases that there are already.
boost::system::result<std::vector<Case>, document::Mistakes> load_cases(
    const std::filesystem::path& folder, const Registry& registry, const std::vector<Case>& others);

}  // namespace deskcheck::conformance
