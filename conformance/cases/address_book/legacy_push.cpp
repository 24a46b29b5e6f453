// What a push of a whole address book may look like, and what it may not.
#include "conformance/cases/api/general.hpp"
#include "conformance/lab/legacy_book.hpp"

#include <boost/crc.hpp>
#include <boost/json/serialize.hpp>

namespace deskcheck::conformance {

using namespace std::chrono_literals;
namespace json = boost::json;

namespace {

json::object book_of_peers(int count, std::string_view note) {
  json::array peers;
  for (int i = 0; i < count; ++i) {
    // Clients always send all of these.
    json::object peer{{"id", std::to_string(100'000'000 + i)},
                      {"username", ""},
                      {"hostname", ""},
                      {"platform", "Linux"},
                      {"tags", json::array()},
                      {"hash", ""}};
    peer["alias"] = note;
    peers.push_back(peer);
  }
  json::object book;
  book["tags"] = json::array();
  book["peers"] = peers;
  book["tag_colors"] = "{}";
  return book;
}

void put_little(std::string& bytes, std::uint32_t value, int count) {
  for (int i = 0; i < count; ++i) bytes += static_cast<char>(value >> (8 * i) & 0xff);
}

// gzip that compresses nothing: a header, stored blocks, checksum and length (RFC 1951, 1952).
std::string gzipped(const std::string& text) {
  constexpr std::size_t kBlock = 65535;
  std::string bytes("\x1f\x8b\x08\0\0\0\0\0\0\xff", 10);
  for (std::size_t at = 0; at < text.size(); at += kBlock) {
    const auto block = text.substr(at, kBlock);
    const auto size = static_cast<std::uint32_t>(block.size());
    bytes += at + kBlock >= text.size() ? '\1' : '\0';
    put_little(bytes, size, 2);
    put_little(bytes, ~size, 2);
    bytes += block;
  }
  boost::crc_32_type crc;
  crc.process_bytes(text.data(), text.size());
  put_little(bytes, crc.checksum(), 4);
  put_little(bytes, static_cast<std::uint32_t>(text.size()), 4);
  return bytes;
}

MATCHER_P(AllowsPeers, count, "licensed_devices of 0, none, or at least " + std::to_string(count)) {
  return arg.failure.empty() && (arg.licensed <= 0 || arg.licensed >= count);
}

}  // namespace

// The server is a shelf: what it does not know is the client's all the same.
CASE(legacy_unknown, "api/address-book/legacy/unknown-members",
     checks("HTTP-ABSET-03", "HTTP-GEN-14"),
     after("api/address-book/legacy/round-trip", "HTTP-ABGET-05", "HTTP-ABSET-02"),
     takes(kApiStory), alone(), does(Effect::restarts)) {
  auto book = co_await legacy_book(lab, "user");
  for (const Way way : ways(lab)) {
    book.use(way);
    auto data = of_tomorrow(book_of_peers(2, "with more"));
    data["peers"].as_array()[0].as_object()["tomorrow"] = json::array{1, nullptr, "x"};
    const auto pushed = co_await book.set(data);
    lab.verdict("HTTP-ABSET-03", pushed, IsTakenPush());
    const auto view = co_await book.pull();
    lab.verdict("HTTP-ABSET-03", view, HoldsBook(data));
    auto once_more = book_of_peers(1, "once more");
    once_more["tags"] = json::array{"kept"};
    once_more["peers"].as_array()[0].as_object()["tags"] = json::array{"kept"};
    json::object body;
    body["data"] = json::serialize(once_more);
    const auto more = co_await book.set_body(json::serialize(of_tomorrow(body)));
    lab.verdict("HTTP-GEN-14", more, IsTakenPush());
    const auto after = co_await book.pull();
    lab.verdict("HTTP-GEN-14", after, HoldsBook(once_more));
  }
}

CASE(legacy_awkward, "api/address-book/legacy/awkward-texts",
     checks("HTTP-ABSET-03", "HTTP-GEN-01"),
     after("api/address-book/legacy/round-trip", "HTTP-ABGET-05", "HTTP-ABSET-02"),
     takes(kApiStory), alone(), does(Effect::restarts)) {
  auto book = co_await legacy_book(lab, "user");
  for (const Way way : ways(lab)) {
    book.use(way);
    for (const char* text :
         {"'; DROP TABLE books; --", "\" OR \"\"=\"", "<script>alert(1)</script>",
          "\u6771\u4eac \U0001F600 Zo\u00eb e\u0301", "back\\slash \"quoted\"\ttab\nline\x7f",
          "\\u0041 \\\" \\\\", "${jndi:ldap://127.0.0.1/x} %s %00 {{7*7}}"}) {
      auto data = book_of_peers(1, text);
      data["tags"] = json::array{text};
      data["tag_colors"] = json::serialize(json::object{{text, 4284955319}});
      const auto pushed = co_await book.set(data);
      lab.verdict("HTTP-ABSET-03", pushed, IsTakenPush());
      const auto answer = co_await book.get();
      lab.verdict("HTTP-GEN-01", answer, IsReadAsUtf8());
      lab.verdict("HTTP-ABSET-03", legacy_view(answer), HoldsBook(data));
    }
  }
}

// Refused in words, and the book stays what it was.
CASE(legacy_malformed, "api/address-book/legacy/malformed",
     checks("HTTP-ABSET-04", "HTTP-ABGET-05", "HTTP-GEN-07", "HTTP-GEN-17"),
     after("api/address-book/legacy/round-trip", "HTTP-ABGET-05", "HTTP-ABSET-02"),
     takes(kApiStory), alone(), does(Effect::restarts)) {
  auto book = co_await legacy_book(lab, "user");
  const auto data = book_of_peers(1, "kept");
  for (const Way way : ways(lab)) {
    book.use(way);
    const auto pushed = co_await book.set(data);
    lab.require("a push", pushed, IsTakenPush());
    for (const char* body : {"", "{", "[]", "null", "5", "{}", R"({"data":5})", R"({"data":null})",
                             R"({"data":{"tags":[]}})", "{\"data\":\"\xff\xfe\"}"}) {
      const auto answer = co_await book.set_body(body);
      lab.verdict("HTTP-GEN-07", answer, IsNoServerError());
      lab.verdict("HTTP-ABSET-04", answer, IsApiError());
    }
    const auto view = co_await book.pull();
    lab.verdict("HTTP-ABGET-05", view, HoldsBook(data));
  }
  (void)co_await api_still_serves(lab, book.client(), "HTTP-GEN-17");
}

// The whole book travels with every change; a large one has thousands of peers.
CASE(legacy_large, "api/address-book/legacy/large", checks("HTTP-ABSET-05", "HTTP-ABGET-05"),
     after("api/address-book/legacy/round-trip", "HTTP-ABGET-05", "HTTP-ABSET-02"),
     takes(kApiStory), heavy(), does(Effect::restarts)) {
  auto book = co_await legacy_book(lab, "user");
  for (const Way way : ways(lab)) {
    book.use(way);
    // 4 MiB, and half a MiB through the tunnel.
    const auto data = book_of_peers(way == Way::directly ? 4000 : 500, std::string(1000, 'x'));
    const auto pushed = co_await book.set(data);
    if (!lab.verdict("HTTP-ABSET-05", pushed, IsTakenPush())) continue;
    const auto view = co_await book.pull();
    const bool whole = view.failure.empty() && view.data == json::value(data);
    lab.verdict("HTTP-ABGET-05", whole, testing::IsTrue());
  }
}

// Clients cut off what is beyond the limit, and their next push makes that last.
CASE(legacy_limited, "api/address-book/legacy/limited", checks("HTTP-ABGET-08", "HTTP-ABSET-07"),
     after("api/address-book/legacy/round-trip", "HTTP-ABGET-05", "HTTP-ABSET-02"),
     takes(kApiStory), alone(), does(Effect::restarts)) {
  ServerSetup setup;
  setup.legacy_books = true;
  setup.peers_per_book = 20;
  co_await lab.own_server(setup);
  auto book = co_await legacy_book(lab, "user");
  for (const Way way : ways(lab)) {
    book.use(way);
    for (const int count : {20, 30}) {
      const auto pushed = co_await book.set(book_of_peers(count, "one of many"));
      lab.verdict("HTTP-ABGET-08", pushed, IsNoServerError());
      const bool taken = pushed && pushed->status == 200 && !error_in(*pushed);
      const auto view = co_await book.pull();
      if (taken) lab.verdict("HTTP-ABGET-08", view, AllowsPeers(count));
    }
  }
  book.use(Way::directly);
  const auto told = co_await book.pull();
  const auto data = book_of_peers(15, std::string(100, 'y'));
  json::object body;
  body["data"] = json::serialize(data);
  HttpQuestion question("POST", "/api/ab");
  question.headers = {{"Authorization", "Bearer " + book.token()},
                      {"Content-Type", "application/json"},
                      {"Content-Encoding", "gzip"}};
  question.body = gzipped(json::serialize(body));
  if (told.licensed > 0) {
    const auto pushed = co_await book.client().ask(question);
    lab.verdict("HTTP-ABSET-07", pushed, IsTakenPush());
    const auto view = co_await book.pull();
    lab.verdict("HTTP-ABSET-07", view, HoldsBook(data));
  } else {
    lab.verdict("HTTP-ABSET-07", told.licensed, testing::Eq(0));
  }
}

}  // namespace deskcheck::conformance
