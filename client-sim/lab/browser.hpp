// The browser of somebody who signs in: it opens a URL, follows redirects and keeps cookies,
// without running a page. It goes only where it may go, which is where the test has its parties:
// everything else is a place that it tells of and does not visit.
#pragma once

#include "client-sim/channel/transcript.hpp"
#include "client-sim/lab/query_text.hpp"
#include "proto/net/network.hpp"
#include "proto/net/tls.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace deskcheck::sim {

// How a walk through the web ended.
struct Visit {
  std::vector<std::string> urls;   // every page that was asked for, in order; and where it was left
  int status = 0;                  // of the last page
  std::string content_type, body;  // of the last page
  // The last URL is at a place where the browser may not go, or of a kind that it does not speak.
  bool left = false;

  Visit() = default;
};

class Browser {
 public:
  // From `home`; its port is ignored.
  Browser(net::World world, net::Endpoint home, Recorder recorder);

  // Pages of `authority` ("host:port") are asked for at `at`.
  void allow(std::string authority, net::Endpoint at);
  bool allows(const Url& url) const;
  // Pages of https:// are asked for as well, where these certificates are believed.
  void believe(net::TlsTrust trust) { trust_ = std::move(trust); }

  // GET, and up to 10 redirects after it. A URL that is none is invalid_argument, more redirects
  // are too_many_links; else errors are those of the network.
  net::awaitable<net::Result<Visit>> open(std::string url, net::Deadline deadline);

 private:
  struct Page;
  net::awaitable<net::Result<Page>> get(Url url, net::Deadline deadline);
  std::string cookies_for(const Url& url) const;

  net::World world_;
  net::Endpoint home_;
  Recorder recorder_;
  std::map<std::string, net::Endpoint> places_;
  std::optional<net::TlsTrust> trust_;
  std::map<std::string, std::map<std::string, std::string>> cookies_;  // by authority
};

}  // namespace deskcheck::sim
