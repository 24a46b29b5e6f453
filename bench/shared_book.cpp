#include "bench/http_call.hpp"
#include "bench/measures.hpp"
#include "bench/messages.hpp"
#include "bench/statistics.hpp"

#include <boost/json.hpp>

#include <cstdlib>
#include <stdexcept>

namespace deskcheck::bench {

namespace {

namespace json = boost::json;

constexpr int kPage = 100;  // what clients ask for: client:flutter/lib/models/ab_model.dart:1447

json::value parsed(const HttpCall& call, const std::string& body) {
  boost::system::error_code error;
  auto value = json::parse(body, error);
  if (error)
    throw std::runtime_error(call.target + " is answered with no JSON: " + body.substr(0, 200));
  return value;
}

// A text at this place of an answer.
std::string text_at(const json::value& answer, std::string_view place) {
  boost::system::error_code error;
  const auto* found = answer.find_pointer(place, error);
  if (!found || !found->is_string() || found->get_string().empty())
    throw std::runtime_error("there is no " + std::string(place) + " in " +
                             json::serialize(answer));
  return std::string(found->get_string());
}

class Reader {
 public:
  explicit Reader(const Load& load) : load_(load) {}

  void sign_in() {
    const char* password = std::getenv("DESKCHECK_BENCH_PASSWORD");
    if (!password)
      throw std::runtime_error("DESKCHECK_BENCH_PASSWORD is not set: the password of --user");
    const json::object body{{"username", load_.user},
                            {"password", password},
                            {"id", id_of(0)},
                            {"uuid", "YmVuY2g="},
                            {"type", "account"}};
    token_ =
        text_at(asked({.target = "/api/login", .body = json::serialize(body)}), "/access_token");
  }

  // The first book that is shared with the account.
  void find_book() {
    book_ = text_at(asked({.target = "/api/ab/shared/profiles?current=1&pageSize=100"}),
                    "/data/0/guid");
  }

  void fill() {
    for (int device = 0; device < load_.devices; ++device) {
      const json::object peer{{"id", id_of(device)},   {"alias", "Desk " + std::to_string(device)},
                              {"tags", json::array()}, {"username", "bob"},
                              {"hostname", "PC-7"},    {"platform", "Windows"},
                              {"note", "on the left"}, {"password", ""}};
      HttpCall call{
          .target = "/api/ab/peer/add/" + book_, .body = json::serialize(peer), .token = token_};
      if (!call_http(load_, call).empty()) throw std::runtime_error("a peer was not added");
    }
  }

  // All pages, one after the other, as clients read a book. How many peers they had.
  std::size_t read() {
    std::size_t peers = 0;
    for (int page = 1; (page - 1) * kPage < load_.devices; ++page) {
      const auto answer = asked({.target = "/api/ab/peers?current=" + std::to_string(page) +
                                           "&pageSize=" + std::to_string(kPage) + "&ab=" + book_});
      const auto* data = answer.is_object() ? answer.get_object().if_contains("data") : nullptr;
      if (data && data->is_array()) peers += data->get_array().size();
    }
    return peers;
  }

 private:
  json::value asked(HttpCall call) {
    call.token = token_;
    return parsed(call, call_http(load_, call));
  }

  const Load& load_;
  std::string token_, book_;
};

}  // namespace

std::string measure_shared_book(const Load& load) {
  Reader reader(load);
  reader.sign_in();
  reader.find_book();
  reader.fill();
  std::vector<Nanoseconds> latencies;
  std::int64_t wrong = 0;
  const Watch watch(load.server_pid);
  while (watch.seconds() < load.seconds) {
    const Nanoseconds begun = now();
    if (reader.read() == static_cast<std::size_t>(load.devices))
      latencies.push_back(now() - begun);
    else if (++wrong <= 3)
      complain(wrong, "a book has not as many peers as were added");
  }
  Report report(load.measure);
  watch.report(report, static_cast<double>(latencies.size()));
  report.add("wrong", wrong);
  return report.add_latencies(std::move(latencies)).line();
}

}  // namespace deskcheck::bench
