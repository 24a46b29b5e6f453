#include "reference-server/setup.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>

namespace deskcheck::server {

namespace {

namespace fs = std::filesystem;

Setup with_key(std::string key, std::optional<std::string> relay_key = {}) {
  Setup setup;
  setup.key = std::move(key);
  setup.relay_key = std::move(relay_key);
  return setup;
}

Setup in_folder(fs::path data) {
  Setup setup;
  setup.data = std::move(data);
  return setup;
}

class SetupTest : public ::testing::Test {
 protected:
  Options chosen(const server::Setup& setup) {
    Options options;
    choose_keys(setup, random, options);
    return options;
  }

  fs::path folder =
      fs::path(::testing::TempDir()) / ("deskcheck-setup-" + std::to_string(getpid()));
  net::Random random{1};
  void TearDown() override { fs::remove_all(folder); }
};

TEST_F(SetupTest, ClientsSendThePublicKey) {
  const Options options = chosen(server::Setup());
  ASSERT_TRUE(options.identity);
  EXPECT_EQ(options.licence_key, wire::to_text(options.identity->public_key));
  EXPECT_EQ(options.relay_licence_key, options.licence_key);
}

TEST_F(SetupTest, ClientsNeedNone) {
  const Options options = chosen(with_key(""));
  EXPECT_TRUE(options.identity);
  EXPECT_EQ(options.licence_key, "");
  EXPECT_EQ(options.relay_licence_key, "");
}

TEST_F(SetupTest, AGivenSecret) {
  const auto pair = wire::make_server_key_pair(random);
  const Options options = chosen(with_key(wire::to_text(pair)));
  ASSERT_TRUE(options.identity);
  EXPECT_EQ(options.identity->public_key, pair.public_key);
  EXPECT_EQ(options.licence_key, wire::to_text(pair.public_key));
}

TEST_F(SetupTest, AnyOtherTextSignsNothing) {
  const Options options = chosen(with_key("open sesame", ""));
  EXPECT_FALSE(options.identity);
  EXPECT_EQ(options.licence_key, "open sesame");
  EXPECT_EQ(options.relay_licence_key, "");
}

TEST_F(SetupTest, KeysAndDevicesSurviveInTheFolder) {
  const auto setup = in_folder(folder / "made" / "here");
  const Options first = chosen(setup);
  const PeerRecord device{"123456789", "uuid", std::string(32, 'k'), "10.0.0.1"};
  remember(*open_store(setup), std::span(&device, 1));

  EXPECT_EQ(chosen(setup).identity->public_key, first.identity->public_key);
  const auto found = open_store(setup)->find("123456789");
  ASSERT_TRUE(found);
  ASSERT_TRUE(*found);
  EXPECT_EQ((*found)->uuid, "uuid");
}

TEST_F(SetupTest, WhatIsInTheWayIsNamed) {
  std::ofstream(folder) << "a file";
  try {
    (void)chosen(in_folder(folder / "data"));
    FAIL() << "a folder inside a file";
  } catch (const SetupError& error) {
    EXPECT_NE(std::string(error.what()).find((folder / "data").string()), std::string::npos);
  }
  EXPECT_THROW((void)open_store(in_folder(folder / "data")), SetupError);
}

TEST_F(SetupTest, AMalformedKeyFileIsNamed) {
  fs::create_directories(folder);
  std::ofstream(folder / "id_ed25519") << "hello";
  try {
    (void)chosen(in_folder(folder));
    FAIL() << "a key file without a key";
  } catch (const SetupError& error) {
    EXPECT_NE(std::string(error.what()).find("id_ed25519"), std::string::npos);
  }
}

}  // namespace

}  // namespace deskcheck::server
