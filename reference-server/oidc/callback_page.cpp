#include "reference-server/oidc/callback_page.hpp"

namespace deskcheck::server::oidc {

namespace {

std::string escaped(std::string_view text) {
  std::string html;
  for (const char c : text) {
    switch (c) {
      case '&':
        html += "&amp;";
        break;
      case '<':
        html += "&lt;";
        break;
      case '>':
        html += "&gt;";
        break;
      case '"':
        html += "&quot;";
        break;
      case '\'':
        html += "&#39;";
        break;
      default:
        html += c;
    }
  }
  return html;
}

}  // namespace

// The address of the page has the code of the provider in it, which is of no use any more; still
// nobody else shall see it.
api::Response callback_page(std::string_view title, std::string_view text) {
  api::Response response;
  response.headers = {{"Content-Type", "text/html; charset=utf-8"},
                      {"Cache-Control", "no-store"},
                      {"Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"},
                      {"Referrer-Policy", "no-referrer"},
                      {"X-Content-Type-Options", "nosniff"}};
  const auto head = escaped(title);
  response.body = "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>" +
                  head + "</title></head>\n<body><h1>" + head + "</h1>\n<p>" + escaped(text) +
                  "</p></body></html>\n";
  return response;
}

}  // namespace deskcheck::server::oidc
