#include "bench/web_devices.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <cerrno>

namespace deskcheck::bench {

namespace {

constexpr Nanoseconds kSecond = 1'000'000'000;
constexpr Nanoseconds kPatience = 10 * kSecond;  // for the answer to the upgrade and RegisterPk
constexpr std::int64_t kAtOnce = 64;             // that are not ready yet

constexpr unsigned kBinary = 2, kPing = 9, kPong = 10;

// A final frame with the mask 0, under which bytes stay what they are. Messages of devices are
// short.
std::string masked(unsigned opcode, std::string_view payload) {
  std::string frame{static_cast<char>(0x80 | opcode)};
  if (payload.size() < 126) {
    frame += static_cast<char>(0x80 | payload.size());
  } else {
    frame += static_cast<char>(0x80 | 126);
    frame += static_cast<char>(payload.size() >> 8);
    frame += static_cast<char>(payload.size());
  }
  frame.append(4, '\0');
  return frame.append(payload);
}

}  // namespace

WebDevices::WebDevices(const Load& load, Wish wish)
    : load_(load),
      server_(to_sockaddr(load.host, static_cast<std::uint16_t>(load.port + 2))),
      wish_(wish),
      devices_(static_cast<std::size_t>(load.websockets)) {}

void WebDevices::tick(int patience_ms) {
  while (begun_ < devices_.size() && static_cast<std::int64_t>(begun_) - settled_ < kAtOnce)
    begin(begun_++);
  for (const auto& event : poll_.wait(patience_ms)) handle(event.data.u64);
  if (now() - looked_ < kSecond) return;
  looked_ = now();
  look_for_silence();
}

void WebDevices::begin(std::size_t number) {
  Device& device = at(number);
  const auto before = static_cast<Address>(2 * load_.devices + 2 * load_.pairs);
  device.stream = connect_from(load_.clients + before + static_cast<Address>(number), server_);
  device.state = State::connecting;
  device.heard = now();
  device.patience = kPatience;
  poll_.add(device.stream.number(), EPOLLOUT, number);
}

void WebDevices::handle(std::size_t number) {
  Device& device = at(number);
  if (device.state == State::over) return;
  if (device.state == State::connecting ? connected(number) : hear(number)) return;
  if (device.state == State::over) return;  // refused, and then closed
  complain(++lost, "WebSocket device " + std::to_string(number) + " has lost its connection");
  settle(device, State::over);
}

bool WebDevices::connected(std::size_t number) {
  Device& device = at(number);
  if (connect_error(device.stream)) return false;
  device.state = State::upgrading;
  poll_.change(device.stream.number(), EPOLLIN, number);
  return send_short(
      device.stream,
      "GET / HTTP/1.1\r\nHost: server\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
      "Sec-WebSocket-Version: 13\r\n"
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
}

bool WebDevices::hear(std::size_t number) {
  Device& device = at(number);
  char buffer[2048];
  const auto size = ::recv(device.stream.number(), buffer, sizeof buffer, 0);
  if (size < 0 && errno == EAGAIN) return true;
  if (size <= 0) return false;
  device.received.append(buffer, static_cast<std::size_t>(size));
  device.heard = now();
  if (device.state == State::upgrading && !upgraded(number)) return false;
  return device.state == State::upgrading || take_messages(number);
}

// False: the server has not agreed.
bool WebDevices::upgraded(std::size_t number) {
  Device& device = at(number);
  const auto end = device.received.find("\r\n\r\n");
  if (end == std::string::npos) return device.received.size() < 8192;
  if (!device.received.starts_with("HTTP/1.1 101")) return false;
  device.received.erase(0, end + 4);
  if (wish_ == Wish::to_connect) {
    device.patience = 0;
    settle(device, State::ready);
    return true;
  }
  device.state = State::registering;
  const int id = load_.devices + static_cast<int>(number);
  return send_short(device.stream, masked(kBinary, register_pk(id)));
}

bool WebDevices::take_messages(std::size_t number) {
  std::string& bytes = at(number).received;
  const auto byte = [&](std::size_t i) {
    return static_cast<std::size_t>(static_cast<unsigned char>(bytes[i]));
  };
  while (bytes.size() >= 2) {
    std::size_t header = 2, size = byte(1);
    if (size >= 127) return false;  // masked, or longer than anything that a device is sent
    if (size == 126) {
      if (bytes.size() < 4) return true;
      header = 4;
      size = byte(2) << 8 | byte(3);
    }
    if (bytes.size() < header + size) return true;
    const auto opcode = static_cast<unsigned>(byte(0) & 15);
    if (!take(number, opcode, std::string_view(bytes).substr(header, size))) return false;
    bytes.erase(0, header + size);
  }
  if (bytes.empty()) bytes.shrink_to_fit();
  return true;
}

bool WebDevices::take(std::size_t number, unsigned opcode, std::string_view payload) {
  Device& device = at(number);
  if (opcode == kPing) return send_short(device.stream, masked(kPong, payload));
  if (opcode == kPong) return true;
  if (opcode != kBinary) return false;  // also a Close
  if (payload.empty()) {
    ++heartbeats;
    return send_short(device.stream, masked(kBinary, {}));
  }
  return device.state != State::registering || take_answer(device, payload);
}

bool WebDevices::take_answer(Device& device, std::string_view payload) {
  const auto message = parse(payload);
  if (!message || !message->has_register_pk_response()) return message.has_value();
  if (!is_ok(*message)) {
    ++refused;
    settle(device, State::over);
    return true;
  }
  // As real clients do; without a word from the server it is 60 s.
  const auto told = message->register_pk_response().keep_alive();
  device.patience = (told > 0 ? told : 60) * kSecond * 3 / 2;
  settle(device, State::ready);
  return true;
}

void WebDevices::settle(Device& device, State state) {
  const bool was_ready = device.state == State::ready;
  if (!was_ready) ++settled_;
  ready_ += (state == State::ready) - was_ready;
  device.state = state;
  if (state == State::over) device.stream.close();
}

void WebDevices::look_for_silence() {
  for (auto& device : devices_) {
    const bool alive = device.state != State::apart && device.state != State::over;
    if (!alive || device.patience == 0 || now() - device.heard <= device.patience) continue;
    complain(++lost, "WebSocket device " + std::to_string(&device - devices_.data()) +
                         " hears nothing from the server");
    settle(device, State::over);
  }
}

}  // namespace deskcheck::bench
