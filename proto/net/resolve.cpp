#include "proto/net/resolve.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

namespace deskcheck::net {

Result<asio::ip::address> resolve(const std::string& host) {
  error_code error;
  const auto literal = asio::ip::make_address(host, error);
  if (!error) return literal;
  asio::io_context io;
  asio::ip::tcp::resolver resolver(io);
  const auto found = resolver.resolve(host, "", error);
  if (error) return error;
  for (const auto& entry : found)
    if (entry.endpoint().address().is_v4()) return entry.endpoint().address();
  return found.begin()->endpoint().address();
}

}  // namespace deskcheck::net
