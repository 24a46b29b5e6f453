#include "reference-server/mail/post_office.hpp"

#include <curl/curl.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <stdexcept>

namespace deskcheck::server::mail {

namespace {

constexpr std::size_t kMostWaiting = 100;
constexpr long kConnectWithin = 15;  // seconds
constexpr long kWithin = 60;

struct CurlFree {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

// What is left of a mail, for libcurl's reading function.
struct Rest {
  std::string text;
  std::size_t done = 0;
};

std::size_t take(char* into, std::size_t size, std::size_t count, void* from) {
  auto& rest = *static_cast<Rest*>(from);
  const auto taken = std::min(size * count, rest.text.size() - rest.done);
  std::memcpy(into, rest.text.data() + rest.done, taken);
  rest.done += taken;
  return taken;
}

std::string url_of(const SmtpPlace& place) {
  const bool v6 = place.host.find(':') != std::string::npos;
  return fmt::format("{}://{}:{}", place.tls ? "smtps" : "smtp",
                     v6 ? '[' + place.host + ']' : place.host, place.port);
}

void choose_security(CURL* handle, const SmtpAccess& access) {
  // Whoever names certificates wants TLS on this machine, too.
  const bool local = is_loopback(access.place) && access.ca_file.empty();
  const bool plain = access.may_be_plain || local;
  curl_easy_setopt(handle, CURLOPT_USE_SSL, long(plain ? CURLUSESSL_NONE : CURLUSESSL_ALL));
  curl_easy_setopt(handle, CURLOPT_SSLVERSION, long(CURL_SSLVERSION_TLSv1_2));
  if (!access.ca_file.empty()) curl_easy_setopt(handle, CURLOPT_CAINFO, access.ca_file.c_str());
  if (access.user.empty()) return;
  curl_easy_setopt(handle, CURLOPT_USERNAME, access.user.c_str());
  curl_easy_setopt(handle, CURLOPT_PASSWORD, access.password.c_str());
}

}  // namespace

PostOffice::PostOffice(SmtpAccess access, std::function<void(const std::string&)> complain)
    : access_(std::move(access)), complain_(std::move(complain)) {
  if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
    throw std::runtime_error("libcurl cannot be used");
  worker_ = std::thread([this] { work(); });
}

PostOffice::~PostOffice() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    if (!waiting_.empty()) complain_(fmt::format("{} mails were not sent", waiting_.size()));
  }
  changed_.notify_all();
  worker_.join();
  curl_global_cleanup();
}

void PostOffice::post(Letter letter) {
  {
    const std::lock_guard lock(mutex_);
    if (waiting_.size() < kMostWaiting) {
      waiting_.push_back(std::move(letter));
      changed_.notify_all();
      return;
    }
  }
  complain_("a mail was not sent: too many are waiting; is " + url_of(access_.place) + " slow?");
}

bool PostOffice::stopping() {
  const std::lock_guard lock(mutex_);
  return stopping_;
}

void PostOffice::work() {
  for (;;) {
    Letter letter;
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
      if (stopping_) return;
      letter = std::move(waiting_.front());
      waiting_.pop_front();
    }
    deliver(letter);
  }
}

void PostOffice::deliver(const Letter& letter) {
  // An address comes from an account: what could be more than an address goes nowhere.
  if (!is_address(letter.to)) return complain_("a mail was not sent: its address is none");
  const std::unique_ptr<CURL, CurlFree> handle(curl_easy_init());
  const std::unique_ptr<curl_slist, CurlFree> to(curl_slist_append(nullptr, letter.to.c_str()));
  if (!handle || !to) return complain_("a mail was not sent: libcurl has no memory");
  Rest rest{written(letter), 0};
  char why[CURL_ERROR_SIZE] = "";
  auto* curl = handle.get();
  curl_easy_setopt(curl, CURLOPT_URL, url_of(access_.place).c_str());
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
  curl_easy_setopt(curl, CURLOPT_PROXY, "");
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, kConnectWithin);
  curl_easy_setopt(curl, CURLOPT_TIMEOUT, kWithin);
  curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, why);
  curl_easy_setopt(curl, CURLOPT_MAIL_FROM, letter.from.c_str());
  curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, to.get());
  curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
  curl_easy_setopt(curl, CURLOPT_READFUNCTION, &take);
  curl_easy_setopt(curl, CURLOPT_READDATA, &rest);
  curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(
      curl, CURLOPT_XFERINFOFUNCTION,
      +[](void* office, curl_off_t, curl_off_t, curl_off_t, curl_off_t) -> int {
        return static_cast<PostOffice*>(office)->stopping() ? 1 : 0;
      });
  curl_easy_setopt(curl, CURLOPT_XFERINFODATA, this);
  choose_security(curl, access_);
  const auto code = curl_easy_perform(curl);
  if (code == CURLE_OK) return;
  const std::string reason = *why ? why : curl_easy_strerror(code);
  complain_(fmt::format("a mail was not sent by {}: {}", url_of(access_.place), reason));
}

}  // namespace deskcheck::server::mail
