#include "client-sim/lab/browser.hpp"

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <boost/system/errc.hpp>

namespace deskcheck::sim {

namespace http = boost::beast::http;

namespace {

constexpr std::size_t kLongestPage = 1 << 20;  // bytes
constexpr int kRedirects = 10;
constexpr std::size_t kCookies = 20;  // of one place

bool is_redirect(int status) {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

// Where a page is, without its query: that is full of what nobody else may know.
std::string shown(const Url& url) { return url.origin() + std::string(path_of(url.target)); }

}  // namespace

struct Browser::Page {
  int status = 0;
  std::string location, content_type, body;

  Page() = default;
};

Browser::Browser(net::World world, net::Endpoint home, Recorder recorder)
    : world_(world), home_(home.address, 0), recorder_(std::move(recorder)) {}

void Browser::allow(std::string authority, net::Endpoint at) { places_[std::move(authority)] = at; }

bool Browser::allows(const Url& url) const {
  return (url.scheme == "http" || trust_) && places_.contains(url.authority());
}

std::string Browser::cookies_for(const Url& url) const {
  const auto found = cookies_.find(url.authority());
  if (found == cookies_.end()) return {};
  std::string text;
  for (const auto& [name, value] : found->second)
    text += (text.empty() ? "" : "; ") + name + '=' + value;
  return text;
}

net::awaitable<net::Result<Visit>> Browser::open(std::string url, net::Deadline deadline) {
  Visit visit;
  auto next = parse_url(url);
  if (!next) co_return make_error_code(boost::system::errc::invalid_argument);
  for (int hop = 0; hop <= kRedirects; ++hop) {
    visit.urls.push_back(next->origin() + next->target);
    if (!allows(*next)) {
      recorder_.note("leaves for " + shown(*next));
      visit.left = true;
      co_return visit;
    }
    const Url here = *next;
    auto page = co_await get(here, deadline);
    if (!page) co_return page.error();
    visit.status = page->status;
    visit.content_type = page->content_type;
    visit.body = page->body;
    if (!is_redirect(page->status)) co_return visit;
    next = resolve_url(here, page->location);
    if (!next) {
      recorder_.note("is redirected to '" + page->location.substr(0, 100) + "', which is no URL");
      visit.urls.push_back(page->location);
      visit.left = true;
      co_return visit;
    }
  }
  co_return make_error_code(boost::system::errc::too_many_links);
}

net::awaitable<net::Result<Browser::Page>> Browser::get(Url url, net::Deadline deadline) {
  auto stream = co_await world_.network.connect(home_, places_.at(url.authority()), deadline);
  if (!stream) co_return stream.error();
  if (url.scheme == "https") {
    const net::TlsTrust trust = *trust_;
    stream = co_await net::tls_connect(std::move(*stream), trust, url.host, deadline);
    if (!stream) co_return stream.error();
  }
  http::request<http::empty_body> request;
  request.method(http::verb::get);
  request.target(url.target);
  request.set(http::field::host, url.authority());
  request.set(http::field::accept, "text/html,*/*;q=0.8");
  request.set(http::field::user_agent, "Mozilla/5.0 (X11; Linux x86_64) deskcheck");
  if (const auto cookies = cookies_for(url); !cookies.empty())
    request.set(http::field::cookie, cookies);
  request.keep_alive(false);
  recorder_.note("opens " + shown(url));
  boost::beast::flat_buffer buffer;
  http::response_parser<http::string_body> parser;
  parser.body_limit(kLongestPage);
  const auto written = co_await http::async_write(*stream, request, deadline);
  const auto read = co_await http::async_read(*stream, buffer, parser, deadline);
  if (!read) co_return written ? read.error() : written.error();
  const auto& response = parser.get();
  Page page;
  page.status = static_cast<int>(response.result_int());
  page.location = std::string(response[http::field::location]);
  page.content_type = std::string(response[http::field::content_type]);
  page.body = response.body();
  auto& jar = cookies_[url.authority()];
  for (const auto& field : response) {
    if (field.name() != http::field::set_cookie) continue;
    const std::string_view value(field.value().data(), field.value().size());
    const auto pair = value.substr(0, value.find(';'));
    const auto equals = pair.find('=');
    if (equals != pair.npos && equals > 0 && jar.size() < kCookies)
      jar[std::string(pair.substr(0, equals))] = std::string(pair.substr(equals + 1));
  }
  recorder_.note("sees a page with status " + std::to_string(page.status));
  co_return page;
}

}  // namespace deskcheck::sim
