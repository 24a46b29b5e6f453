#include "proto/net/resolve.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <algorithm>

namespace deskcheck::net {

namespace {

asio::ip::address first_of(const asio::ip::tcp::resolver::results_type& found) {
  for (const auto& entry : found)
    if (entry.endpoint().address().is_v4()) return entry.endpoint().address();
  return found.begin()->endpoint().address();
}

}  // namespace

Result<asio::ip::address> resolve(const std::string& host) {
  error_code error;
  const auto literal = asio::ip::make_address(host, error);
  if (!error) return literal;
  asio::io_context io;
  asio::ip::tcp::resolver resolver(io);
  const auto found = resolver.resolve(host, "", error);
  if (error) return error;
  return first_of(found);
}

awaitable<Result<std::vector<asio::ip::address>>> resolve_all(std::string host, Deadline deadline) {
  error_code error;
  const auto literal = asio::ip::make_address(host, error);
  if (!error) co_return std::vector<asio::ip::address>{literal};
  // A resolver knows no cancellation of one operation; destroying it, or cancel(), ends all.
  asio::ip::tcp::resolver resolver(co_await asio::this_coro::executor);
  const auto state = co_await asio::this_coro::cancellation_state;
  Watchdog watchdog(deadline, state.slot());
  watchdog.slot().assign([&resolver](asio::cancellation_type) { resolver.cancel(); });
  auto token = asio::as_tuple(asio::bind_cancellation_slot(watchdog.slot(), asio::use_awaitable));
  const auto done = co_await resolver.async_resolve(host, "", std::move(token));
  const error_code failure = std::get<0>(done);
  if (state.cancelled() != asio::cancellation_type::none)
    throw boost::system::system_error(asio::error::operation_aborted);
  if (failure) co_return watchdog.judge(failure);
  std::vector<asio::ip::address> all;
  for (const auto& entry : std::get<1>(done))
    if (std::ranges::find(all, entry.endpoint().address()) == all.end())
      all.push_back(entry.endpoint().address());
  co_return all;
}

awaitable<Result<asio::ip::address>> resolve(std::string host, Deadline deadline) {
  auto found = co_await resolve_all(std::move(host), deadline);
  if (!found) co_return found.error();
  for (const auto& address : *found)
    if (address.is_v4()) co_return address;
  co_return found->front();
}

}  // namespace deskcheck::net
