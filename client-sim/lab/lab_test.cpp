// The identity provider and the browser, with the test in the part of a relying party.
#include "client-sim/lab/browser.hpp"
#include "client-sim/lab/http_service.hpp"
#include "client-sim/lab/identity_provider.hpp"
#include "client-sim/test_support.hpp"
#include "proto/net/http_client.hpp"
#include "proto/net/world_test.hpp"
#include "proto/wire/keys.hpp"

#include <boost/json/parse.hpp>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>

namespace deskcheck::sim {
namespace {

namespace json = boost::json;

constexpr std::int64_t kNow = 1'700'000'000;
constexpr char kIssuer[] = "http://127.0.3.1:9000";
constexpr char kBack[] = "http://127.0.3.9:8000/api/oidc/callback";
constexpr char kVerifier[] = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";  // RFC 7636, B
constexpr char kChallenge[] = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

RelyingParty party() {
  RelyingParty client;
  client.client_id = "deskcheck client";
  client.client_secret = "s/e+c:r&t";
  return client;
}

IdentityProvider provider() {
  IdentityProvider made(kIssuer, party(), net::Random(1));
  Person alice;
  alice.subject = "4711";
  alice.user_name = "alice";
  alice.display_name = "Alice A.";
  alice.email = "alice@example.com";
  made.sign_in(alice);
  return made;
}

HttpRequest get(std::string target) {
  HttpRequest request;
  request.method = "GET";
  request.target = std::move(target);
  return request;
}

Query question() {
  Query query;
  query.add("response_type", "code");
  query.add("client_id", party().client_id);
  query.add("redirect_uri", kBack);
  query.add("scope", "openid profile");
  query.add("state", "a state");
  query.add("nonce", "a nonce");
  query.add("code_challenge", kChallenge);
  query.add("code_challenge_method", "S256");
  return query;
}

// What the browser brings back.
Query authorize(IdentityProvider& provider) {
  const auto answer = provider.on(get("/authorize?" + question().text()), kNow);
  EXPECT_EQ(answer.status, 302);
  EXPECT_TRUE(answer.location.starts_with(std::string(kBack) + '?')) << answer.location;
  return query_of(answer.location);
}

HttpRequest redemption(const std::string& code, const std::string& verifier = kVerifier) {
  Query form;
  form.add("grant_type", "authorization_code");
  form.add("code", code);
  form.add("redirect_uri", kBack);
  form.add("code_verifier", verifier);
  HttpRequest request;
  request.method = "POST";
  request.target = "/token";
  request.body = form.text();
  request.authorization =
      "Basic " + wire::to_base64(party().client_id + ':' + party().client_secret);
  return request;
}

json::object object_of(const HttpResponse& response) {
  return json::parse(response.body).as_object();
}

std::string from_base64url(std::string text) {
  for (char& c : text) c = c == '-' ? '+' : c == '_' ? '/' : c;
  while (text.size() % 4) text += '=';
  std::string bytes(text.size(), '\0');
  const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                                   reinterpret_cast<const unsigned char*>(text.data()),
                                   static_cast<int>(text.size()));
  bytes.resize(size < 0 ? 0 : static_cast<std::size_t>(size));
  while (text.ends_with('=')) text.pop_back(), bytes.pop_back();
  return bytes;
}

std::string text_at(const json::object& object, std::string_view name) {
  return std::string(object.at(name).as_string());
}

struct Parts {
  json::object header, claims;
  std::string input, signature;
};
Parts parts_of(const std::string& token) {
  Parts parts;
  const auto first = token.find('.'), last = token.rfind('.');
  parts.header = json::parse(from_base64url(token.substr(0, first))).as_object();
  parts.claims = json::parse(from_base64url(token.substr(first + 1, last - first - 1))).as_object();
  parts.input = token.substr(0, last);
  parts.signature = from_base64url(token.substr(last + 1));
  return parts;
}

// As somebody would who knows the set of keys and nothing else.
bool verifies(const Parts& parts, const json::object& jwk) {
  const std::string n = from_base64url(std::string(jwk.at("n").as_string()));
  const std::string e = from_base64url(std::string(jwk.at("e").as_string()));
  const auto number = [](const std::string& bytes) {
    return BN_bin2bn(reinterpret_cast<const unsigned char*>(bytes.data()),
                     static_cast<int>(bytes.size()), nullptr);
  };
  BIGNUM *modulus = number(n), *exponent = number(e);
  OSSL_PARAM_BLD* builder = OSSL_PARAM_BLD_new();
  OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_N, modulus);
  OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_E, exponent);
  OSSL_PARAM* parameters = OSSL_PARAM_BLD_to_param(builder);
  EVP_PKEY_CTX* making = EVP_PKEY_CTX_new_from_name(nullptr, "RSA", nullptr);
  EVP_PKEY* key = nullptr;
  EVP_PKEY_fromdata_init(making);
  EVP_PKEY_fromdata(making, &key, EVP_PKEY_PUBLIC_KEY, parameters);
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  EVP_DigestVerifyInit(context, nullptr, EVP_sha256(), nullptr, key);
  const int result = EVP_DigestVerify(
      context, reinterpret_cast<const unsigned char*>(parts.signature.data()),
      parts.signature.size(), reinterpret_cast<const unsigned char*>(parts.input.data()),
      parts.input.size());
  EVP_MD_CTX_free(context);
  EVP_PKEY_free(key);
  EVP_PKEY_CTX_free(making);
  OSSL_PARAM_free(parameters);
  OSSL_PARAM_BLD_free(builder);
  BN_free(modulus);
  BN_free(exponent);
  return result == 1;
}

json::object key_in_the_set(IdentityProvider& provider) {
  const auto set = object_of(provider.on(get("/keys"), kNow));
  return set.at("keys").as_array().at(0).as_object();
}

std::string id_token_of(IdentityProvider& provider) {
  const auto code = authorize(provider).get("code");
  const auto answer = provider.on(redemption(code), kNow + 1);
  EXPECT_EQ(answer.status, 200) << answer.body;
  return std::string(object_of(answer).at("id_token").as_string());
}

TEST(LabJose, EncodesForUrlsAndHashes) {
  EXPECT_EQ(base64url(std::string("\xfb\xef\xff", 3)), "--__");
  EXPECT_EQ(base64url("a"), "YQ");
  EXPECT_EQ(base64url(sha256(kVerifier)), kChallenge);
}

TEST(LabProvider, SignsInWhomTheTestChose) {
  auto made = provider();
  const auto back = authorize(made);
  EXPECT_EQ(back.get("state"), "a state");
  const auto answer = made.on(redemption(back.get("code")), kNow + 1);
  ASSERT_EQ(answer.status, 200) << answer.body;
  const auto body = object_of(answer);
  const Parts parts = parts_of(std::string(body.at("id_token").as_string()));
  EXPECT_EQ(text_at(parts.header, "alg"), "RS256");
  EXPECT_EQ(text_at(parts.claims, "iss"), kIssuer);
  EXPECT_EQ(text_at(parts.claims, "sub"), "4711");
  EXPECT_EQ(text_at(parts.claims, "aud"), party().client_id);
  EXPECT_EQ(text_at(parts.claims, "nonce"), "a nonce");
  EXPECT_EQ(parts.claims.at("exp").as_int64(), kNow + 1 + 300);
  EXPECT_EQ(text_at(parts.header, "kid"), text_at(key_in_the_set(made), "kid"));
  EXPECT_TRUE(verifies(parts, key_in_the_set(made)));
  HttpRequest about = get("/userinfo");
  about.authorization = "Bearer " + std::string(body.at("access_token").as_string());
  EXPECT_EQ(text_at(object_of(made.on(about, kNow)), "preferred_username"), "alice");
  ASSERT_EQ(made.authorizations().size(), 1u);
  EXPECT_EQ(made.authorizations()[0].nonce, "a nonce");
  EXPECT_EQ(made.asked("/token"), 1);
}

TEST(LabProvider, TellsWhereItsEndpointsAre) {
  auto made = provider();
  const auto answer = object_of(made.on(get("/.well-known/openid-configuration"), kNow));
  EXPECT_EQ(text_at(answer, "issuer"), kIssuer);
  EXPECT_EQ(text_at(answer, "jwks_uri"), std::string(kIssuer) + "/keys");
  EXPECT_EQ(made.on(get("/nowhere"), kNow).status, 404);
}

TEST(LabProvider, TakesWhatAStrictOneTakes) {
  auto made = provider();
  const auto fresh = [&] { return authorize(made).get("code"); };
  const auto code = fresh();
  EXPECT_EQ(made.on(redemption(code, "another verifier"), kNow).status, 400);
  EXPECT_EQ(made.on(redemption(code), kNow).status, 400) << "a code is good once";
  auto stranger = redemption(fresh());
  stranger.authorization.clear();
  EXPECT_EQ(made.on(stranger, kNow).status, 401);
  stranger.body += "&client_id=deskcheck+client&client_secret=s%2Fe%2Bc%3Ar%26t";
  EXPECT_EQ(made.on(stranger, kNow).status, 200) << "in the form as well";
  EXPECT_EQ(made.on(redemption(fresh()), kNow + 61).status, 400) << "too old";
  auto elsewhere = redemption(fresh());
  elsewhere.body = "grant_type=authorization_code&code=" + fresh() + "&code_verifier=" + kVerifier;
  EXPECT_EQ(made.on(elsewhere, kNow).status, 400) << "no redirect_uri";
  EXPECT_NE(made.complaint(), "");
  EXPECT_EQ(
      made.on(get("/authorize?client_id=other&redirect_uri=" + std::string(kBack)), kNow).status,
      400);
}

TEST(LabProvider, CanBeWrong) {
  auto made = provider();
  made.be(ProviderFlaw::denies);
  EXPECT_EQ(authorize(made).get("error"), "access_denied");
  EXPECT_EQ(authorize(made).find("code"), std::nullopt);
  const auto claims_with = [&](ProviderFlaw flaw) {
    made.be(flaw);
    return parts_of(id_token_of(made)).claims;
  };
  EXPECT_NE(text_at(claims_with(ProviderFlaw::wrong_nonce), "nonce"), "a nonce");
  EXPECT_FALSE(claims_with(ProviderFlaw::no_nonce).contains("nonce"));
  EXPECT_NE(text_at(claims_with(ProviderFlaw::wrong_audience), "aud"), party().client_id);
  EXPECT_NE(text_at(claims_with(ProviderFlaw::wrong_issuer), "iss"), kIssuer);
  EXPECT_LT(claims_with(ProviderFlaw::expired).at("exp").as_int64(), kNow);
  EXPECT_FALSE(claims_with(ProviderFlaw::no_subject).contains("sub"));
}

TEST(LabProvider, SignaturesCanBeWrong) {
  auto made = provider();
  const auto key = key_in_the_set(made);
  for (const auto flaw :
       {ProviderFlaw::foreign_key, ProviderFlaw::foreign_key_id, ProviderFlaw::no_signature,
        ProviderFlaw::shared_secret, ProviderFlaw::key_as_secret, ProviderFlaw::changed_claims}) {
    made.be(flaw);
    EXPECT_FALSE(verifies(parts_of(id_token_of(made)), key)) << static_cast<int>(flaw);
  }
  made.be(ProviderFlaw::none);
  made.rotate_keys();
  const auto other = key_in_the_set(made);
  EXPECT_NE(text_at(other, "kid"), text_at(key, "kid"));
  EXPECT_TRUE(verifies(parts_of(id_token_of(made)), other));
}

TEST(LabUrls, AreReadAsABrowserDoes) {
  const auto at = parse_url("http://127.0.0.1:8000/a/b?c=d#e").value();
  EXPECT_EQ(at.authority(), "127.0.0.1:8000");
  EXPECT_EQ(at.target, "/a/b?c=d");
  EXPECT_EQ(resolve_url(at, "x?y")->target, "/a/x?y");
  EXPECT_EQ(resolve_url(at, "/x")->origin(), "http://127.0.0.1:8000");
  EXPECT_EQ(resolve_url(at, "?x=http://y")->target, "/a/b?x=http://y");
  EXPECT_EQ(resolve_url(at, "//[::1]:1/x")->authority(), "[::1]:1");
  EXPECT_EQ(resolve_url(at, "https://Example.ORG")->authority(), "example.org:443");
  for (const char* none : {"", "x", "ftp://x", "http://", "http://a@b", "http://a:0", "http://a b",
                           "mailto:x@y", "http://a/\nb"})
    EXPECT_FALSE(parse_url(none)) << none;
  const Query query("a=1+2&b=%3D%zz&c&=d&a=3");
  EXPECT_EQ(query.get("a"), "1 2");
  EXPECT_EQ(query.get("b"), "=%zz");
  EXPECT_EQ(query.find("c"), "");
  EXPECT_EQ(query.find("e"), std::nullopt);
}

template <class AnyWorld>
class LabWorlds : public net::BothWorlds<AnyWorld> {};
TYPED_TEST_SUITE(LabWorlds, net::TheWorlds);

// Two services that send each other the browser, and one place where it may not go.
TYPED_TEST(LabWorlds, ABrowserFollowsRedirectsToWhereItMayGo) {
  this->ask([](net::World world) -> net::awaitable<void> {
    std::string there_url;
    HttpService there(world, net::there(), [&](const HttpRequest& request) {
      HttpResponse answer;
      answer.status = request.target == "/for-ever" ? 302 : 200;
      answer.location = "/for-ever";
      answer.body = "the end of " + request.target;
      return answer;
    });
    HttpService here(world, net::home(), [&](const HttpRequest& request) {
      HttpResponse answer;
      answer.status = 303;
      answer.location = request.target == "/away" ? "https://example.org/x?secret=1"
                        : request.target == "/1"  ? "2?a=b"
                                                  : there_url + "/page?c=d";
      return answer;
    });
    there_url = "http://" + to_string(there.local());
    here.start();
    there.start();
    Browser browser(world, net::endpoint("127.0.3.7", 0), Recorder());
    browser.allow(to_string(here.local()), here.local());
    browser.allow(to_string(there.local()), there.local());
    const auto deadline = net::in(world.clock, std::chrono::seconds(10));
    const std::string start = "http://" + to_string(here.local());
    const auto end = co_await browser.open(start + "/1", deadline);
    EXPECT_TRUE(end.has_value());
    if (end) {
      EXPECT_EQ(end->body, "the end of /page?c=d");
      EXPECT_EQ(end->urls.size(), 3u);
      EXPECT_FALSE(end->left);
    }
    const auto away = co_await browser.open(start + "/away", deadline);
    EXPECT_TRUE(away && away->left && away->urls.back().starts_with("https://example.org"));
    const auto circle = co_await browser.open(there_url + "/for-ever", deadline);
    EXPECT_EQ(circle.error(), boost::system::errc::too_many_links);
    const auto none = co_await browser.open("nowhere", deadline);
    EXPECT_EQ(none.error(), boost::system::errc::invalid_argument);
    co_await here.stop();
    co_await there.stop();
  });
}

// All of it as a shell: the relying party's part over HTTP.
TYPED_TEST(LabWorlds, AProviderServesOverHttp) {
  this->ask([](net::World world) -> net::awaitable<void> {
    auto made = provider();
    HttpService service(world, net::home(),
                        [&](const HttpRequest& request) { return made.on(request, kNow); });
    service.start();
    net::HttpPlace place;
    place.host = service.local().address.to_string();
    place.port = service.local().port;
    net::HttpCall call;
    call.target = "/.well-known/openid-configuration";
    const auto deadline = net::in(world.clock, std::chrono::seconds(10));
    const auto answer =
        co_await net::call_http(world, place, service.local().address, call, deadline);
    EXPECT_TRUE(answer.has_value());
    if (answer) {
      EXPECT_EQ(answer->status, 200);
      EXPECT_NE(answer->body.find("\"jwks_uri\""), std::string::npos);
    }
    Browser browser(world, net::endpoint("127.0.3.7", 0), Recorder());
    browser.allow(to_string(service.local()), service.local());
    const std::string url =
        "http://" + to_string(service.local()) + "/authorize?" + question().text();
    const auto visit = co_await browser.open(url, deadline);
    EXPECT_TRUE(visit && visit->left);
    if (visit) {
      EXPECT_TRUE(visit->urls.back().starts_with(kBack)) << visit->urls.back();
    }
    made.be(ProviderFlaw::token_is_silent);
    call.method = "POST";
    call.target = "/token";
    const auto silence =
        co_await net::call_http(world, place, service.local().address, call, deadline);
    EXPECT_FALSE(silence.has_value());
    co_await service.stop();
  });
}

}  // namespace
}  // namespace deskcheck::sim
