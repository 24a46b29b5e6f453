#include "conformance/lab/byte_network.hpp"

namespace deskcheck::conformance {

namespace {

namespace asio = boost::asio;

// The first byte of these, while `done` says that bytes are cut; it is counted.
template <class Buffer>
net::Buffers<Buffer> cut(net::Buffers<Buffer> buffers, std::size_t& done) {
  if (done >= kCutBytes || buffers.begin() == buffers.end()) return buffers;
  ++done;
  const Buffer one = asio::buffer(*buffers.begin(), 1);
  return net::Buffers<Buffer>(one);
}

class ByteEnd final : public net::StreamEnd {
 public:
  explicit ByteEnd(std::unique_ptr<net::StreamEnd> below) : below_(std::move(below)) {}

  asio::any_io_executor executor() override { return below_->executor(); }
  net::Endpoint local() const override { return below_->local(); }
  net::Endpoint remote() const override { return below_->remote(); }
  void connect(net::Endpoint to, net::Completion completion) override {
    below_->connect(std::move(to), std::move(completion));
  }
  void read_some(net::Buffers<asio::mutable_buffer> into, net::Completion completion) override {
    below_->read_some(cut(into, read_), std::move(completion));
  }
  void write_some(net::Buffers<asio::const_buffer> from, net::Completion completion) override {
    below_->write_some(cut(from, written_), std::move(completion));
  }
  void shutdown_send() override { below_->shutdown_send(); }
  void reset() override { below_->reset(); }

 private:
  std::unique_ptr<net::StreamEnd> below_;
  std::size_t read_ = 0, written_ = 0;
};

// Networks open streams for themselves only; one that stands on another needs the other's, which a
// member pointer that is named through a derived class may reach.
struct Opening : net::Network {
  static auto pointer() { return &Opening::open; }
};

}  // namespace

net::Result<std::unique_ptr<net::StreamEnd>> ByteNetwork::open(net::Endpoint from,
                                                               net::Endpoint to) {
  auto end = (below_.*Opening::pointer())(std::move(from), std::move(to));
  if (!end) return end.error();
  std::unique_ptr<net::StreamEnd> whole = std::make_unique<ByteEnd>(std::move(*end));
  return whole;
}

}  // namespace deskcheck::conformance
