// A target with a plain main: replays inputs, so that targets, seeds and regressions stay alive in
// every build. Also the way to look at a crash in a debugger.
#include "fuzz/engine/target.hpp"

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace {

namespace fs = std::filesystem;
using namespace deskcheck;

constexpr auto kUsage =
    "usage: %s [--show] FILE|FOLDER...\n"
    "Replays inputs of this fuzz target; ends at the first one for which a property does not "
    "hold.\n"
    "  --show   prints each input instead, in words where it is a message\n";

std::vector<fs::path> files_of(const fs::path& path) {
  if (!fs::is_directory(path)) return {path};
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(path))
    if (entry.is_regular_file()) files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

void show(const std::string& bytes) {
  const auto input = fuzz::new_input();
  if (!input)
    std::fwrite(bytes.data(), 1, bytes.size(), stdout);
  else if (fuzz::parse(bytes, *input))
    std::fputs(input->DebugString().c_str(), stdout);
  else
    std::puts("no message of this target");
}

// False if the file cannot be read.
bool replay(const fs::path& file, bool only_show) {
  std::ifstream stream(file, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(stream), {}};
  if (!stream.is_open() || stream.bad()) {
    std::fprintf(stderr, "cannot read %s\n", file.c_str());
    return false;
  }
  std::printf("%s\n", file.c_str());
  std::fflush(stdout);  // what comes next may end the process
  only_show ? show(bytes) : fuzz::one_input(bytes);
  return true;
}

}  // namespace

int main(int count, char** arguments) {
  google::protobuf::SetLogHandler(nullptr);
  int first = 1;
  const bool only_show = count > 1 && std::string_view(arguments[1]) == "--show";
  if (only_show) ++first;
  std::vector<fs::path> files;
  for (int i = first; i < count; ++i)
    for (auto& file : files_of(arguments[i])) files.push_back(std::move(file));
  if (files.empty()) {
    std::fprintf(stderr, kUsage, arguments[0]);
    return 2;
  }
  for (const auto& file : files)
    if (!replay(file, only_show)) return 2;
  if (!only_show) std::printf("%zu inputs, all properties hold\n", files.size());
  return 0;
}
