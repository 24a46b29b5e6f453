// Control hooks: whatever a target file says and an operator's API answers, a hook asks what it is
// told to, its arguments stay what they are, nobody but the environment is to blame, and no secret
// is told.
#include "conformance/target/hooks.hpp"
#include "client-sim/channel/render.hpp"
#include "conformance/lab/hook_calls.hpp"
#include "conformance/target/target_file.hpp"
#include "fuzz/inputs/inputs.pb.h"
#include "fuzz/targets/files.hpp"
#include "fuzz/targets/hook_model.hpp"
#include "fuzz/targets/told.hpp"
#include "proto/net/sim_world.hpp"
#include "proto/net/stream.hpp"
#include "proto/net/task_group.hpp"

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/string.hpp>
#include <boost/beast/http.hpp>
#include <boost/json.hpp>

namespace deskcheck::fuzz {

namespace {

using namespace std::chrono_literals;
using conformance::Task;
namespace http = boost::beast::http;
namespace json = boost::json;

constexpr char kApi[] = "http://10.0.0.1:21114";
constexpr char kUser[] = "root";
// Texts that have to be written otherwise in a path and in JSON.
constexpr char kPassword[] = "pass\"word/of root";
constexpr char kSecret[] = "sec\\ret & \"co";
constexpr char kToken[] = "token-of-an-operator";
constexpr net::Duration kLongest = 15min;

const conformance::Registry& registry() {
  static const auto kBuiltIn = conformance::Registry::built_in();
  return kBuiltIn;
}

// --- the target file ---------------------------------------------------------------------------

json::value value_of(const std::string& text) {
  boost::system::error_code error;
  auto value = json::parse(text, error);
  return error ? json::value(text) : value;
}

template <class Value>
json::object object_of(const google::protobuf::RepeatedPtrField<HookPair>& pairs, Value value) {
  json::object object;
  for (const auto& pair : pairs) object[pair.name()] = value(pair.value());
  return object;
}
json::object texts_of(const google::protobuf::RepeatedPtrField<HookPair>& pairs) {
  return object_of(pairs, [](const std::string& text) { return json::value(text); });
}

json::object question_of(const HookCallInput& input) {
  constexpr const char* kMethods[] = {"POST", "GET", "PUT", "PATCH", "DELETE"};
  constexpr const char* kRoles[] = {"admin", "user", "other"};
  json::object question{{"method", kMethods[input.method() % std::size(kMethods)]},
                        {"path", input.path()},
                        {"as", kRoles[input.as() % std::size(kRoles)]}};
  if (!input.body().empty()) question["body"] = value_of(input.body());
  return question;
}

json::object call_of(const HookCallInput& input) {
  json::object call;
  if (input.exec().empty())
    call["http"] = question_of(input);
  else
    call["exec"] = json::array(input.exec().begin(), input.exec().end());
  if (!input.only_if().empty()) call["if"] = input.only_if();
  if (!input.unless().empty()) call["unless"] = input.unless();
  if (!input.expect().empty()) call["expect"] = object_of(input.expect(), value_of);
  if (!input.take().empty()) call["take"] = texts_of(input.take());
  if (!input.answer().empty()) call["answer"] = input.answer();
  if (!input.members().empty()) call["members"] = texts_of(input.members());
  return call;
}

std::string hook_of(const HooksInput& input) {
  const auto names = conformance::hook_names();
  return *std::next(names.begin(), static_cast<std::ptrdiff_t>(input.hook() % names.size()));
}

// As JSON, which is YAML.
std::string control_of(const HooksInput& input) {
  json::object control;
  json::array calls;
  for (const auto& call : input.calls()) calls.push_back(call_of(call));
  control[hook_of(input)] = std::move(calls);
  if (input.has_login()) {
    json::object login{{"headers", texts_of(input.login().headers())}};
    if (input.login().has_call()) {
      auto call = call_of(input.login().call());
      for (const char* name : {"http", "take", "expect"})
        if (call.contains(name)) login[name] = call[name];
    }
    if (input.login().has_logout()) {
      auto call = call_of(input.login().logout());
      auto& logout = login["logout"].emplace_object();
      for (const char* name : {"http", "expect"})
        if (call.contains(name)) logout[name] = call[name];
    }
    control["login"] = std::move(login);
  }
  return "control: " + as_yaml(control) + '\n';
}

// Nothing: it has mistakes, which are in order.
std::shared_ptr<const conformance::Control> control_in(const HooksInput& input) {
  const std::string text =
      "target: {host: 10.0.0.1}\n"
      "accounts:\n"
      "  admin: {user: root, password-env: P}\n"
      "  user: {user: root, password-env: P}\n"
      "  other: {user: root, password-env: P}\n" +
      (input.control().empty() ? control_of(input) : "control:\n" + input.control());
  const auto profile = conformance::parse_target(
      text, kFileName, registry(),
      [](const std::string&) { return std::optional<std::string>(kPassword); });
  if (profile) return profile->control;
  check_mistakes(profile.error(), text);
  return nullptr;
}

// --- the operator's API, and his commands ------------------------------------------------------

class Office {
 public:
  Office(net::World world, const HooksInput& input, const conformance::Control& control)
      : world_(world),
        input_(input),
        control_(control),
        listener_(world.network.listen(net::endpoint("10.0.0.1", 21114))) {}

  std::vector<HookExchange> exchanges;

  Task<void> serve(net::TaskGroup* tasks) {
    for (;;) {
      auto accepted = co_await listener_->accept(net::never(world_.clock));
      if (accepted) tasks->spawn("question", answer(std::move(*accepted)));
    }
  }

  conformance::RunCommand runner() {
    return
        [this](net::World, net::Command command, net::Deadline) { return run(std::move(command)); };
  }

 private:
  const HookReply& next_reply() {
    static const HookReply kWell = [] {
      HookReply reply;
      reply.set_body(json::serialize(
          json::object{{"code", 0},
                       {"access_token", kToken},
                       {"data",
                        {{"token", kToken},
                         {"list", {{{"id", 7}, {"name", "a"}}, {{"id", 8}, {"name", "b"}}}}}}}));
      return reply;
    }();
    const auto at = static_cast<int>(exchanges.size());
    return at < input_.replies_size() ? input_.replies(at) : kWell;
  }

  Task<net::Result<net::CommandEnd>> run(net::Command command) {
    const auto& reply = next_reply();
    using How = net::CommandEnd::How;
    net::CommandEnd end;
    end.how = reply.how() == HookReply::LATE       ? How::late
              : reply.how() == HookReply::TOO_MUCH ? How::too_much
              : reply.how() == HookReply::SIGNAL   ? How::signal
                                                   : How::exited;
    end.code = static_cast<int>(static_cast<unsigned>(reply.status()) % 4);
    end.output = reply.body();
    end.last_words = reply.last_words();
    HookExchange exchange;
    exchange.command = true;
    exchange.words = command.words;
    for (const auto& word : command.words) {
      require(word.find('\0') == word.npos, "no word of a command ends before its end");
      if (reply.echoes()) end.output += word;
      if (reply.echoes()) end.last_words += word;
    }
    exchange.answer = end.output;
    exchange.refused = end.how == How::exited && end.code == 1;
    exchange.broken = reply.how() == HookReply::HANGS_UP || end.how != How::exited || end.code > 1;
    exchanges.push_back(std::move(exchange));
    if (reply.how() == HookReply::HANGS_UP)
      co_return make_error_code(boost::system::errc::no_such_file_or_directory);
    co_return end;
  }

  Task<void> answer(net::ByteStream stream) {
    boost::beast::flat_buffer buffer;
    http::request_parser<http::string_body> parser;
    const auto deadline = net::in(world_.clock, 30s);
    const auto read = co_await http::async_read(stream, buffer, parser, deadline);
    if (!read) {
      require(false, "a question is one of HTTP");
      co_return;
    }
    require(buffer.size() == 0, "a connection has one question");
    const auto& request = parser.get();
    check_headers(request);
    const auto reply = next_reply();
    HookExchange exchange;
    exchange.method = std::string(request.method_string());
    exchange.target = on_the_way(std::string(request.target()));
    if (request.count(http::field::content_type) != 0) exchange.body = request.body();
    exchange.answer = reply.body();
    if (reply.echoes()) exchange.answer += echo_of(request);
    const int status =
        reply.status() == HttpReply::OK ? 200 : std::clamp<int>(reply.status(), 100, 999);
    exchange.refused = status < 200 || status > 299;
    // 204 has no body, and after 100 another answer would have to come.
    if (status == 204) exchange.answer.clear();
    exchange.broken = reply.how() != HookReply::ANSWERS;
    const auto text = exchange.answer;
    exchanges.push_back(std::move(exchange));
    if (reply.how() == HookReply::HANGS_UP) co_return;
    if (reply.how() != HookReply::ANSWERS) {
      co_await net::sleep_for(world_.clock, 1min);
      co_return;
    }
    std::string bytes = "HTTP/1.1 " + std::to_string(status) +
                        " S\r\nContent-Length: " + std::to_string(text.size()) +
                        "\r\nConnection: close\r\n\r\n" + text;
    (void)co_await net::write_all(stream, std::move(bytes), net::in(world_.clock, 30s));
  }

  // Planted: a proxy in front of the API takes %2F for a slash.
  static std::string on_the_way(std::string target) {
    if (!planted()) return target;
    for (auto at = target.find("%2F"); at != target.npos; at = target.find("%2F"))
      target.replace(at, 3, "/");
    return target;
  }

  static std::string echo_of(const http::request<http::string_body>& request) {
    std::string text = std::string(request.target()) + ' ';
    for (const auto& field : request)
      text += std::string(field.name_string()) + ": " + std::string(field.value()) + '\n';
    return text + request.body();
  }

  // Those of the suite and those of the login, and no others.
  void check_headers(const http::request<http::string_body>& request) const {
    for (const auto& field : request) {
      const std::string name(field.name_string());
      const bool own = boost::beast::iequals(name, "Host") ||
                       boost::beast::iequals(name, "Content-Type") ||
                       boost::beast::iequals(name, "Content-Length") ||
                       (!control_.login && boost::beast::iequals(name, "Authorization"));
      bool of_login = false;
      if (control_.login)
        for (const auto& [header, text] : control_.login->headers)
          of_login |= boost::beast::iequals(name, header);
      require(own || of_login, "nothing that was said begins another header");
    }
    for (const char c : request.target())
      require(static_cast<unsigned char>(c) > 0x20 && c != 0x7F, "a path has no spaces");
  }

  net::World world_;
  const HooksInput& input_;
  const conformance::Control& control_;
  std::unique_ptr<net::Listener> listener_;
};

// --- the run -------------------------------------------------------------------------------------

class Addresses : public conformance::AddressPool {
 public:
  std::optional<boost::asio::ip::address> take() override {
    return boost::asio::ip::address_v4(0x0A010001u + count_++);
  }

 private:
  std::uint32_t count_ = 0;
};

json::object arguments_of(const HooksInput& input, const std::string& hook) {
  json::object arguments;
  int at = 0;
  for (const auto& name : conformance::hook_arguments(hook)) {
    const auto text = at < input.arguments_size() ? input.arguments(at) : std::string("a");
    ++at;
    const bool secret = name == "password" || name == "token" || name == "client_secret";
    auto value = value_of(text);
    const bool structured = value.is_array() || value.is_object();
    arguments[name] = secret ? json::value(kSecret) : structured ? value : json::value(text);
  }
  return arguments;
}

class Run {
 public:
  Run(net::World world, const HooksInput& input,
      std::shared_ptr<const conformance::Control> control)
      : world_(world),
        input_(input),
        control_(std::move(control)),
        office_(world, input, *control_) {}

  Task<void> run() {
    net::TaskGroup tasks(world_.executor);
    tasks.spawn("office", office_.serve(&tasks));
    const auto begun = world_.clock.now();
    conformance::Case story;
    story.id = "fuzz/hook";
    story.takes = kLongest;
    conformance::LabSetup setup{&story,  world_, target(), &addresses_, nullptr,
                                nullptr, {},     {},       nullptr};
    conformance::Lab lab(std::move(setup));
    co_await call(&lab);
    require(world_.clock.now() - begun <= kLongest, "a hook ends in time");
    const auto exchanges = office_.exchanges;
    co_await lab.clean_up();
    tasks.cancel();
    co_await tasks.join();
    if (tasks.failure()) std::rethrow_exception(tasks.failure());
    check(lab, exchanges);
  }

 private:
  conformance::Target target() const {
    conformance::Target target;
    target.api = kApi;
    for (const char* role : {"admin", "user", "other"})
      target.accounts[role] = conformance::Account(kUser, kPassword);
    target.control = control_;
    return target;
  }

  // The hook of the input, or the first that the file has.
  std::string hook() const {
    auto name = hook_of(input_);
    return control_->hooks.contains(name) ? name : control_->hooks.begin()->first;
  }

  Task<void> call(conformance::Lab* lab) {
    conformance::HookCalls calls(*lab, office_.runner());
    auto name = hook();
    auto arguments = arguments_of(input_, name);
    try {
      const auto answer = co_await calls.run(name, std::move(arguments));
      refused_ = answer.refused;
      if (refused_) why_ = answer.why;
      require(!refused_ || !why_.empty(), "a refusal has a reason");
      if (!refused_) (void)calls.result(name, answer);
    } catch (const conformance::EarlyEnd& end) {
      ended_ = end;
      why_ = end.why;
    }
  }

  void check(const conformance::Lab& lab, const std::vector<HookExchange>& exchanges) {
    require(lab.checks().empty() && lab.mistakes().empty() && lab.unread().empty(),
            "a hook judges nobody");
    require(!ended_ || (ended_->status == conformance::Status::blocked &&
                        ended_->blame == conformance::Blame::environment),
            "nobody but the environment is to blame");
    check_told(why_);
    HookModel model(*control_, kUser, kPassword);
    const auto ending = model.check(hook(), arguments_of(input_, hook()), exchanges);
    using Ending = HookModel::Ending;
    require((ending == Ending::refused) == refused_, "a server that says no is heard");
    require(ending != Ending::environment || ended_, "what goes wrong is told");
    std::string told = why_ + '\n' + sim::render(lab.transcript());
    // Also as they stand in a path and in JSON.
    check_secrets(told, input_,
                  {kPassword, kSecret, "pass%22word", "pass\\\"word", "sec%5Cret", "sec\\\\ret"});
    const bool token = std::ranges::count(model.taken(), kToken) != 0;
    if (token) check_secrets(told, input_, {kToken});
    for (const auto& line : lab.transcript().lines())
      require(is_one_line(line.text), "the conversation has no control characters");
  }

  net::World world_;
  const HooksInput& input_;
  std::shared_ptr<const conformance::Control> control_;
  Office office_;
  Addresses addresses_;
  bool refused_ = false;
  std::optional<conformance::EarlyEnd> ended_;
  std::string why_;
};

Task<void> play(Run* run) { co_await run->run(); }

}  // namespace

std::unique_ptr<google::protobuf::Message> new_input() { return std::make_unique<HooksInput>(); }

void one_input(std::string_view bytes) {
  HooksInput input;
  if (!parse(bytes, input)) return;
  const auto control = control_in(input);
  if (!control || control->hooks.empty()) return;
  net::SimWorld sim(1);
  sim.default_link().max_segment = input.segment() % 64;
  Run run(sim.world(), input, control);
  require(sim.run(play(&run), 24h) == net::Ending::finished, "everything comes to an end");
}

}  // namespace deskcheck::fuzz
