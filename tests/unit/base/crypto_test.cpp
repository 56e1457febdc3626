// Known answers of the standards, and the promises of our own wrappers.
#include "base/crypto.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <set>
#include <thread>
#include <vector>

#include "base/text.hpp"

namespace overture::base {
namespace {

TEST(Crypto, sha256_known_answers) {  // FIPS 180-4 examples
  EXPECT_EQ(sha256(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(sha256("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

struct HmacCase {
  std::string key;
  std::string message;
  std::string digest;
};

TEST(Crypto, hmac_known_answers) {  // RFC 4231 section 4, cases 1, 2, 3, 6 and 7
  const std::vector<HmacCase> cases = {
      {std::string(20, '\x0b'), "Hi There",
       "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"},
      {"Jefe", "what do ya want for nothing?",
       "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
      {std::string(20, '\xaa'), std::string(50, '\xdd'),
       "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"},
      {std::string(131, '\xaa'), "Test Using Larger Than Block-Size Key - Hash Key First",
       "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"},
      {std::string(131, '\xaa'),
       "This is a test using a larger than block-size key and a larger than block-size data. "
       "The key needs to be hashed before being used by the HMAC algorithm.",
       "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"},
  };
  for (const HmacCase& known : cases) {
    EXPECT_EQ(hex(bytes_of(hmac_sha256(known.key, known.message))), known.digest);
    HmacKey key(known.key);
    EXPECT_EQ(hex(bytes_of(key.sign(known.message))), known.digest);
    EXPECT_EQ(hex(bytes_of(key.sign(known.message))), known.digest) << "a key signs more than once";
  }
}

TEST(Crypto, hmac_verify_accepts_only_the_whole_signature) {
  HmacKey key("secret");
  Digest signature = key.sign("message");
  std::string text(bytes_of(signature));
  EXPECT_TRUE(key.verify("message", text));
  EXPECT_FALSE(key.verify("messagf", text));
  EXPECT_FALSE(key.verify("message", text.substr(0, 31)));
  EXPECT_FALSE(key.verify("message", ""));
  for (std::size_t i = 0; i < text.size(); ++i) {
    std::string spoilt = text;
    spoilt[i] = static_cast<char>(spoilt[i] ^ 1);
    EXPECT_FALSE(key.verify("message", spoilt)) << "byte " << i;
  }
}

TEST(Crypto, one_key_signs_on_many_threads) {
  const HmacKey key("shared");
  const Digest expected = key.sign("the same message");
  std::atomic<int> wrong = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 2000; ++i) wrong += key.sign("the same message") != expected;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
}

TEST(Crypto, random_is_long_enough_and_never_the_same) {
  EXPECT_EQ(random_bytes(0), "");
  EXPECT_EQ(random_bytes(33).size(), 33U);
  std::set<std::string> seen;
  for (int i = 0; i < 1000; ++i) seen.insert(random_hex(16));
  EXPECT_EQ(seen.size(), 1000U);
  EXPECT_EQ(seen.begin()->size(), 32U);
}

TEST(Crypto, constant_time_equal_is_equality) {
  EXPECT_TRUE(constant_time_equal("", ""));
  EXPECT_TRUE(constant_time_equal("abc", "abc"));
  EXPECT_FALSE(constant_time_equal("abc", "abd"));
  EXPECT_FALSE(constant_time_equal("abc", "ab"));
}

TEST(Crypto, passwords_verify_and_are_salted) {
  std::string hash = hash_password("correct horse");
  EXPECT_TRUE(hash.starts_with("$argon2id$")) << hash;
  EXPECT_NE(hash, hash_password("correct horse"));
  EXPECT_TRUE(verify_password("correct horse", hash));
  EXPECT_FALSE(verify_password("correct horsf", hash));
  EXPECT_FALSE(verify_password("", hash));
  EXPECT_FALSE(verify_password("correct horse", "no hash at all"));
  EXPECT_FALSE(verify_password("correct horse", std::string(1000, 'x')));
}

TEST(Crypto, nobody_takes_as_long_as_a_wrong_password) {
  using Steady = std::chrono::steady_clock;
  std::string hash = hash_password("correct horse");
  EXPECT_FALSE(verify_password("guess", ""));
  auto time = [](std::string_view stored) {
    auto best = Steady::duration::max();
    for (int i = 0; i < 3; ++i) {
      auto start = Steady::now();
      EXPECT_FALSE(verify_password("guess", stored));
      best = std::min(best, Steady::now() - start);
    }
    return std::chrono::duration<double>(best).count();
  };
  double known = time(hash);
  double unknown = time("");
  EXPECT_GT(unknown, known / 3);
  EXPECT_LT(unknown, known * 3);
}

}  // namespace
}  // namespace overture::base
