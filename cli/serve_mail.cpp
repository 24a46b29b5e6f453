#include "cli/serve_mail.hpp"

#include "cli/files.hpp"
#include "proto/net/tls.hpp"
#include "reference-server/options.hpp"

#include <fmt/format.h>

#include <cstdlib>

namespace deskcheck::cli {

namespace {

using namespace server::mail;

SmtpAccess access_of(const ServeCommand& c) {
  const auto place = parse_smtp_url(c.smtp_url);
  if (!place)
    throw UsageError(fmt::format(
        "--smtp-url '{}' is no mail server; write it as smtp://HOST:587 or smtps://HOST",
        c.smtp_url));
  if (!is_address(c.smtp_from))
    throw UsageError(fmt::format(
        "--smtp-from '{}' is no address of mail; write it as name@example.org", c.smtp_from));
  SmtpAccess access;
  access.place = *place;
  access.may_be_plain = c.smtp_plain;
  access.ca_file = c.smtp_ca;
  if (!c.smtp_ca.empty()) {
    try {
      (void)net::TlsTrust::only(read_document(c.smtp_ca, "certificates in PEM"));
    } catch (const net::TlsError& error) {
      throw UsageError(fmt::format("--smtp-ca {}: {}", c.smtp_ca, error.what()));
    }
  }
  if (c.smtp_user.empty()) return access;
  const char* password = std::getenv(c.smtp_password_env.c_str());
  if (!password || *password == '\0')
    throw UsageError(fmt::format(
        "the environment variable {} holds no password; set it, or name another one with "
        "--smtp-password-env",
        c.smtp_password_env));
  access.user = c.smtp_user;
  access.password = password;
  return access;
}

std::string hexadecimal(const std::string& bytes) {
  std::string text;
  for (const char c : bytes) text += fmt::format("{:02x}", static_cast<unsigned char>(c));
  return text;
}

}  // namespace

void add_mail_flags(CLI::App& app, ServeCommand& c) {
  auto* url = app.add_option("--smtp-url", c.smtp_url,
                             "Mail server for codes of a second factor: smtp://HOST[:PORT], which "
                             "has to offer STARTTLS unless it is on this machine, or smtps://");
  auto* from = app.add_option("--smtp-from", c.smtp_from, "The sender's address");
  url->needs(from);
  from->needs(url);
  auto* user = app.add_option("--smtp-user", c.smtp_user, "Signs in there as this user");
  user->needs(url);
  app.add_option("--smtp-password-env", c.smtp_password_env,
                 "Environment variable that holds the user's password")
      ->needs(user)
      ->capture_default_str();
  app.add_option("--smtp-ca", c.smtp_ca,
                 "Certificates (PEM) that are trusted there in place of the system's")
      ->needs(url);
  app.add_flag("--smtp-plain", c.smtp_plain,
               "Sends mail, codes and password unencrypted: for networks that nobody else reads")
      ->needs(url);
}

std::unique_ptr<PostOffice> choose_mail(const ServeCommand& c, net::RealWorld& real,
                                        server::Options& options) {
  if (c.smtp_url.empty()) return nullptr;
  auto office = std::make_unique<PostOffice>(
      access_of(c), [](const std::string& line) { fmt::print(stderr, "deskcheck: {}\n", line); });
  const auto ids = std::make_shared<net::Random>(net::Random::system());
  options.send_mail = [office = office.get(), from = c.smtp_from, ids, &real](
                          const std::string& to, const std::string& text) {
    Letter letter;
    letter.from = from;
    letter.to = to;
    letter.subject = "Your code to sign in";
    letter.text = text + "\r\n";
    letter.date = real.calendar(real.world().clock.now());
    letter.id = hexadecimal(ids->bytes(16));
    office->post(std::move(letter));
  };
  return office;
}

}  // namespace deskcheck::cli
