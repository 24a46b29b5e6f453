// The operator of a target in a scenario, whose hooks are those of the cases.
#include "conformance/lab/hook_calls.hpp"
#include "conformance/scenario/scenario_case.hpp"

namespace deskcheck::conformance {

namespace {

// All that an operator asks comes from one address.
class OneAddress final : public AddressPool {
 public:
  explicit OneAddress(boost::asio::ip::address address) : address_(std::move(address)) {}
  std::optional<boost::asio::ip::address> take() override { return address_; }

 private:
  boost::asio::ip::address address_;
};

Case case_of_an_operator() {
  Case c;
  c.id = "operator";
  return c;
}

// What the hooks of a target need where no case is run. Its lab judges nothing.
struct OperatorsDesk {
  OperatorsDesk(const net::World& world, const Target& target, boost::asio::ip::address home)
      : addresses(std::move(home)), lab(setup_for(world, target)), calls(lab) {}

  Case operating = case_of_an_operator();
  OneAddress addresses;
  Lab lab;
  HookCalls calls;

 private:
  LabSetup setup_for(const net::World& world, const Target& target) {
    LabSetup setup{nullptr, world, target, nullptr, nullptr, nullptr, {}, {}, nullptr};
    setup.which = &operating;
    setup.addresses = &addresses;
    return setup;
  }
};

// A hook that fails and one that is refused are the same to a scenario.
Task<std::optional<std::string>> operate(const Target& target, HookCalls calls, std::string hook,
                                         boost::json::object arguments) {
  if (!find_hook(target, hook)) co_return std::nullopt;
  std::string why;
  try {
    const auto answer = co_await calls.run(std::move(hook), std::move(arguments));
    if (answer.refused) why = answer.why;
  } catch (const EarlyEnd& end) {
    why = end.why;
  }
  co_return why;
}

Task<std::optional<std::string>> operate_at(std::shared_ptr<OperatorsDesk> desk,
                                            sim::Recorder recorder, std::string hook,
                                            boost::json::object arguments) {
  recorder.note("uses the hook '" + hook + "'");
  auto done =
      co_await operate(desk->lab.target(), desk->calls, std::move(hook), std::move(arguments));
  co_return done;
}

}  // namespace

Operate operator_of(Lab& lab) {
  return [&lab, calls = HookCalls(lab)](std::string hook, boost::json::object arguments) {
    return operate(lab.target(), calls, std::move(hook), std::move(arguments));
  };
}

Operate operator_of(const net::World& world, const Target& target, boost::asio::ip::address home,
                    sim::Recorder recorder) {
  auto desk = std::make_shared<OperatorsDesk>(world, target, std::move(home));
  return [desk = std::move(desk), recorder = std::move(recorder)](std::string hook,
                                                                  boost::json::object arguments) {
    return operate_at(desk, recorder, std::move(hook), std::move(arguments));
  };
}

ServerSetup setup_for(const scenario::Scenario& scenario) {
  ServerSetup setup;
  setup.require_login = scenario.requires_login;
  return setup;
}

}  // namespace deskcheck::conformance
