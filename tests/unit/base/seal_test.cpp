// Sealed texts: they open where they were sealed, and nowhere else.
#include "base/seal.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"

namespace overture::base {
namespace {

constexpr std::string_view kSecret = "0123456789abcdef0123456789abcdef";
constexpr SealedPlace kPlace{"mailboxes", 1, 7, "sealed_secret"};

TEST(Seal, OpensWhatItSealed) {
  const Sealer sealer(kSecret);
  for (const std::string& text :
       {std::string(), std::string("hunter2"), std::string(100'000, 'x'), std::string("\0\xff\n", 3)}) {
    const std::string sealed = sealer.seal(text, kPlace);
    EXPECT_EQ(sealer.open(sealed, kPlace), text);
    EXPECT_EQ(Sealer(kSecret).open(sealed, kPlace), text) << "the key is the same after a restart";
  }
}

TEST(Seal, HoldsNothingOfTheTextAndIsNeverTheSame) {
  const Sealer sealer(kSecret);
  const std::string sealed = sealer.seal("hunter2", kPlace);
  EXPECT_EQ(sealed.find("hunter2"), std::string::npos);
  EXPECT_TRUE(sealed.starts_with("1." + sealer.key_id() + "."));
  EXPECT_NE(sealed, sealer.seal("hunter2", kPlace));
}

TEST(Seal, OpensInItsPlaceOnly) {
  const Sealer sealer(kSecret);
  const std::string sealed = sealer.seal("hunter2", kPlace);
  for (const SealedPlace& other :
       {SealedPlace{"mailbox_states", 1, 7, "sealed_secret"}, SealedPlace{"mailboxes", 2, 7, "sealed_secret"},
        SealedPlace{"mailboxes", 1, 8, "sealed_secret"}, SealedPlace{"mailboxes", 1, 7, "sealed_token"},
        SealedPlace{"mailboxes", 17, 0, "sealed_secret"}}) {
    EXPECT_THROW(sealer.open(sealed, other), Error);
  }
}

TEST(Seal, AnotherKeySaysSoInPlainWords) {
  const std::string sealed = Sealer(kSecret).seal("hunter2", kPlace);
  const Sealer other("another secret key of 32 bytes!!");
  try {
    other.open(sealed, kPlace);
    FAIL() << "opened";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::unavailable);
    EXPECT_NE(error.message().find("restore the key"), std::string::npos);
    EXPECT_NE(error.detail().find(other.key_id()), std::string::npos);
    EXPECT_EQ((error.message() + error.detail()).find("hunter2"), std::string::npos);
  }
}

TEST(Seal, EveryChangeIsSeen) {
  const Sealer sealer(kSecret);
  const std::string sealed = sealer.seal("hunter2", kPlace);
  for (std::size_t i = 0; i < sealed.size(); ++i) {
    std::string changed = sealed;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    EXPECT_THROW(sealer.open(changed, kPlace), Error) << i;
    EXPECT_THROW(sealer.open(sealed.substr(0, i), kPlace), Error) << i;
  }
  EXPECT_THROW(sealer.open("", kPlace), Error);
  EXPECT_THROW(sealer.open("1." + sealer.key_id() + ".", kPlace), Error);
}

}  // namespace
}  // namespace overture::base
