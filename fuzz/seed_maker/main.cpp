// make_fuzz_seeds FOLDER          writes the seeds that are made from cases, removes stale ones
// make_fuzz_seeds --check FOLDER  says which are not what it would write; exit code 1 if any
#include "conformance/lab/lab.hpp"
#include "conformance/runner/run.hpp"
#include "conformance/runner/selection.hpp"
#include "fuzz/seed_maker/seeds.hpp"

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <vector>

namespace {

namespace fs = std::filesystem;
using namespace deskcheck;
using namespace deskcheck::fuzz;

constexpr std::uint64_t kSeed = 7;

struct Source {
  const char* case_id;
  void (*add)(const Conversation&, Seeds&);
};

// Few and small: one conversation for each way in which the protocol can go.
constexpr Source kSources[] = {
    {"address/ipv6", add_seeds_of_wire},
    {"client/push/duplicate-punch-hole", add_seeds_of_clients},
    {"client/registration/not-deployed", add_seeds_of_clients},
    {"client/registration/uuid-mismatch", add_seeds_of_clients},
    {"client/relay/controller-is-invited", add_seeds_of_clients},
    {"client/relay/device-comes", add_seeds_of_clients},
    {"console/nonsense", add_seeds_of_doors},
    {"console/relay/lists", add_seeds_of_doors},
    {"console/rendezvous/always-use-relay-switch", add_seeds_of_doors},
    {"console/rendezvous/ip-changes", add_seeds_of_doors},
    {"console/rendezvous/punch-requests", add_seeds_of_doors},
    {"console/rendezvous/relay-servers", add_seeds_of_doors},
    {"framing/two-in-one", add_seeds_of_wire},
    {"meeting/direct", add_seeds_of_clients},
    {"meeting/encrypted", add_seeds_of_clients},
    {"meeting/encrypted", add_seeds_of_wire},
    {"meeting/relay-after-failure", add_seeds_of_clients},
    {"meeting/relay-forced", add_seeds_of_clients},
    {"meeting/relay-of-device", add_seeds_of_clients},
    {"meeting/relay-of-device", add_seeds_of_servers},
    {"api/address-book/tags/rename", add_seeds_of_doors},
    {"api/audit/connections/session", add_seeds_of_doors},
    {"api/group/peers/list", add_seeds_of_doors},
    {"api/tunnel/same-routes", add_seeds_of_doors},
    {"meeting/same-network", add_seeds_of_clients},
    {"punch/failure/offline", add_seeds_of_servers},
    {"punch/lan/local-address", add_seeds_of_servers},
    {"punch/sent/answer", add_seeds_of_servers},
    {"punch/signed-key/identity", add_seeds_of_servers},
    {"punch/signed-key/identity", add_seeds_of_wire},
    {"relay-response/delivered", add_seeds_of_servers},
    {"relay/pairing/no-partner", add_seeds_of_servers},
    {"relay/pairing/third-party", add_seeds_of_servers},
    {"rendezvous/register-peer/new-port", add_seeds_of_servers},
    {"rendezvous/register-pk/foreign-uuid", add_seeds_of_servers},
    {"rendezvous/register-pk/new-key-elsewhere", add_seeds_of_servers},
    {"rendezvous/register-pk/per-id-limit", add_seeds_of_servers},
    {"tunnel/carries-requests", add_seeds_of_doors},
    {"tunnel/errors-of-the-api", add_seeds_of_doors},
    {"tunnel/other-hosts", add_seeds_of_doors},
    {"tunnel/own-failure", add_seeds_of_doors},
    {"websocket/binary", add_seeds_of_doors},
    {"websocket/mixed-answers", add_seeds_of_doors},
    {"websocket/nat-test", add_seeds_of_doors},
    {"websocket/online", add_seeds_of_doors},
    {"websocket/request-relay", add_seeds_of_doors},
};

Seeds make_seeds() {
  const auto registry = conformance::Registry::built_in();
  std::set<std::string> wanted;
  for (const auto& source : kSources) wanted.insert(source.case_id);
  conformance::RunOptions options;
  options.seed = kSeed;
  options.cases =
      conformance::select_cases(registry, {wanted.begin(), wanted.end()}, conformance::Level::may);
  Seeds seeds;
  options.on_end = [&](const conformance::Case& ended, const conformance::Lab& lab) {
    const auto& id = ended.id;
    const Conversation conversation{id, lab.target(), lab.transcript().lines()};
    for (const auto& source : kSources)
      if (id == source.case_id) source.add(conversation, seeds);
  };
  (void)conformance::run_in_virtual_time(registry, options);
  add_seeds_of_administrators(seeds);
  add_seeds_of_callers(seeds);
  return seeds;
}

std::optional<std::string> content(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  if (!stream) return std::nullopt;
  return std::string(std::istreambuf_iterator<char>(stream), {});
}

// Files that are there and not made any more; `empty` and texts are made by hand.
std::vector<fs::path> stale(const fs::path& folder, const Seeds& seeds) {
  std::set<std::string> targets;
  for (const auto& [name, bytes] : seeds) targets.insert(name.substr(0, name.find('/')));
  std::vector<fs::path> files;
  for (const auto& target : targets) {
    if (!fs::is_directory(folder / target)) continue;
    for (const auto& entry : fs::directory_iterator(folder / target)) {
      const auto name = target + '/' + entry.path().filename().string();
      if (!seeds.contains(name) && entry.path().filename() != "empty")
        files.push_back(entry.path());
    }
  }
  return files;
}

int check(const fs::path& folder, const Seeds& seeds) {
  int wrong = 0;
  for (const auto& [name, bytes] : seeds)
    if (content(folder / name) != bytes) {
      ++wrong;
      std::fprintf(stderr, "%s is not what its case says now\n", name.c_str());
    }
  for (const auto& file : stale(folder, seeds)) {
    ++wrong;
    std::fprintf(stderr, "%s is made from no case\n", file.c_str());
  }
  std::printf("%zu seeds, %d wrong\n", seeds.size(), wrong);
  if (wrong) std::fprintf(stderr, "mend them with: make_fuzz_seeds fuzz/seeds\n");
  return wrong ? 1 : 0;
}

int write(const fs::path& folder, const Seeds& seeds) {
  for (const auto& file : stale(folder, seeds)) fs::remove(file);
  for (const auto& [name, bytes] : seeds) {
    fs::create_directories((folder / name).parent_path());
    std::ofstream stream(folder / name, std::ios::binary);
    stream << bytes;
    stream.close();
    if (!stream) {
      std::fprintf(stderr, "make_fuzz_seeds: cannot write %s\n", (folder / name).c_str());
      return 2;
    }
  }
  std::printf("%zu seeds\n", seeds.size());
  return 0;
}

}  // namespace

int main(int count, char** arguments) {
  google::protobuf::SetLogHandler(nullptr);
  const bool checks = count == 3 && std::string_view(arguments[1]) == "--check";
  if (count != 2 && !checks) {
    std::fprintf(stderr, "usage: %s [--check] FOLDER\n", arguments[0]);
    return 2;
  }
  const auto seeds = make_seeds();
  return checks ? check(arguments[2], seeds) : write(arguments[1], seeds);
}
