// GET and HEAD /downloads/NAME: files for everybody. Source: http-api.md chapter 11.
#include "reference-server/api/answers.hpp"
#include "reference-server/api/byte_ranges.hpp"
#include "reference-server/api/for_accounts.hpp"
#include "reference-server/api/groups.hpp"

#include <algorithm>

namespace deskcheck::server::api {

namespace {

namespace fs = std::filesystem;

bool is_file_name(std::string_view name) {
  const auto is_bad = [](char c) {
    return c == '/' || c == '\\' || (c >= 0 && c < ' ') || c == 0x7f;
  };
  return !name.empty() && name.size() <= 255 && !name.starts_with('.') &&
         std::ranges::none_of(name, is_bad);
}

std::optional<StoredBytes> find(const std::string& name, const Options& options) {
  StoredBytes stored;
  if (const auto found = options.downloads.find(name); found != options.downloads.end()) {
    stored.bytes = found->second;
    stored.size = stored.bytes.size();
    return stored;
  }
  if (options.download_folder.empty() || !is_file_name(name)) return std::nullopt;
  stored.file = options.download_folder / name;
  std::error_code error;
  if (!fs::is_regular_file(stored.file, error)) return std::nullopt;
  stored.size = fs::file_size(stored.file, error);
  if (error) return std::nullopt;
  return stored;
}

void cut(StoredBytes& stored) {
  if (stored.size == 0) return;
  --stored.size;
  if (stored.file.empty()) stored.bytes.pop_back();
}

}  // namespace

void add_downloads(Router& router, const Options& options) {
  const WrongApi& wrong = options.faults.policies;
  router.add("GET", "/downloads/{name}", [&](const Request& request, net::Time) {
    const bool head = request.method == "HEAD";
    if (wrong.download_needs_token && bearer(request).empty()) return failure(401, "Invalid token");
    if (head && (wrong.download_head_is_refused || !options.abilities.download_head))
      return failure(405, "Method not allowed");
    auto stored = find(request.last_name(), options);
    if (!stored && head && wrong.missing_download_has_a_head) stored.emplace();
    if (!stored) return failure(404, "Not found");
    if (!head && wrong.download_is_cut) cut(*stored);
    return bytes_answer(request, std::move(*stored));
  });
}

}  // namespace deskcheck::server::api
