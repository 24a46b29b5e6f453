// Files for everybody, as the client's downloader gets them: it asks how large one is, and takes
// what comes then. client:src/hbbs_http/downloader.rs:163-271
#include "conformance/cases/api/general.hpp"

#include <charconv>

namespace deskcheck::conformance {

using namespace std::chrono_literals;

namespace {

// The library that clients use says what it can decode.
constexpr std::string_view kCodings = "gzip, zstd";

// What a HEAD has said; nothing if it said no size.
std::optional<std::size_t> size_in(const HttpAnswer& answer) {
  const std::string text = answer.header("content-length");
  std::size_t size = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), size);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return size;
}

MATCHER(TellsItsSize, "2xx with a decimal Content-Length") {
  return arg.arrived() && arg->status >= 200 && arg->status <= 299 && size_in(*arg);
}
MATCHER(IsSentWhole, "a Content-Length, no content coding and no chunks") {
  if (!arg.arrived() || !size_in(*arg)) return false;
  const auto coding = arg->header("content-encoding");
  return (coding.empty() || coding == "identity") && arg->header("transfer-encoding").empty();
}
MATCHER(IsUncodedFile, "no content coding") {
  if (!arg.arrived()) return false;
  const auto coding = arg->header("content-encoding");
  return coding.empty() || coding == "identity";
}
MATCHER_P(HasSize, wanted, "2xx with " + std::to_string(wanted) + " bytes") {
  return arg.arrived() && arg->status >= 200 && arg->status <= 299 && arg->body.size() == wanted;
}
MATCHER_P(IsTheFile, wanted,
          "2xx with the " + std::to_string(wanted.size()) + " bytes of the file") {
  return arg.arrived() && arg->status >= 200 && arg->status <= 299 && arg->body == wanted;
}
MATCHER(SaysThatThereIsNone, "another status than 2xx") {
  return arg.arrived() && (arg->status < 200 || arg->status > 299);
}

HttpQuestion question_for(std::string method, const std::string& path) {
  HttpQuestion question(std::move(method), path);
  question.headers = {{"Accept", "*/*"}, {"Accept-Encoding", std::string(kCodings)}};
  return question;
}

std::string path_of_download(const Lab& lab) {
  if (lab.target().download.empty())
    lab.not_applicable("no file to download is known: name its path as `download`");
  return lab.target().download;
}

}  // namespace

CASE(download, "api/download/file",
     checks("HTTP-DLH-01", "HTTP-DLH-02", "HTTP-DLG-01", "HTTP-DLG-02", "HTTP-DLG-03"),
     takes(kApiStory), does(Effect::reads)) {
  const std::string path = path_of_download(lab);
  ApiClient client(lab);
  const auto head = co_await client.ask(question_for("HEAD", path));
  const auto file = co_await client.ask(question_for("GET", path));
  lab.verdict("HTTP-DLG-02", file, IsServedWithoutToken());
  lab.verdict("HTTP-DLG-03", file, IsUncodedFile());
  lab.verdict("HTTP-DLH-02", head, IsSentWhole());
  if (!lab.verdict("HTTP-DLH-01", head, TellsItsSize())) co_return;
  const std::size_t announced = *size_in(*head);
  lab.verdict("HTTP-DLG-01", file, HasSize(announced));
}

// Small ones, large ones, none: byte by byte.
CASE(download_bytes, "api/download/bytes", checks("HTTP-DLH-01", "HTTP-DLG-01"),
     after("api/download/file"), takes(kApiStory), heavy(), does(Effect::restarts)) {
  ServerSetup setup;
  setup.downloads = {{"empty.bin", ""},
                     {"text.txt", std::string(5000, 'a')},
                     {"client 1.4.9.exe", lab.random().bytes(3'000'000)}};
  co_await lab.own_server(setup);
  ApiClient client(lab);
  for (const auto& [name, bytes] : setup.downloads) {
    std::string path = "/downloads/" + name;
    for (auto at = path.find(' '); at != path.npos; at = path.find(' ')) path.replace(at, 1, "%20");
    const auto head = co_await client.ask(question_for("HEAD", path));
    if (!lab.verdict("HTTP-DLH-01", head, TellsItsSize())) continue;
    const std::size_t announced = *size_in(*head), size = bytes.size();
    lab.verdict("HTTP-DLH-01", announced, testing::Eq(size));
    const auto file = co_await client.ask(question_for("GET", path));
    lab.verdict("HTTP-DLG-01", file, IsTheFile(bytes));
  }
}

// What a GET says is saved as the file, so a HEAD has to say that there is none.
CASE(download_missing, "api/download/missing", checks("HTTP-DLG-01", "HTTP-GEN-17"),
     after("api/download/file"), takes(kApiStory), does(Effect::reads)) {
  const std::string path = path_of_download(lab);
  const std::string folder = path.substr(0, path.rfind('/') + 1);
  ApiClient client(lab);
  for (const std::string& missing : {path + "-" + lab.fresh_id(), folder + "../../../etc/passwd",
                                     folder + "%2e%2e%2f%2e%2e%2fetc%2fpasswd", folder + "%00",
                                     folder + std::string(3000, 'f')}) {
    const auto head = co_await client.ask(question_for("HEAD", missing));
    lab.verdict("HTTP-DLG-01", head, SaysThatThereIsNone());
    const auto file = co_await client.ask(question_for("GET", missing));
    lab.verdict("HTTP-DLG-01", file, SaysThatThereIsNone());
  }
  (void)co_await api_still_serves(lab, client, "HTTP-GEN-17");
}

}  // namespace deskcheck::conformance
