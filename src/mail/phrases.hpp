// Many fixed phrases looked for in a text at once.
#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace overture::mail {

struct Phrase {
  std::string_view text;  ///< as normal_text() spells it, at least three bytes
  int value = 0;          ///< what it means to its table
};

/// A phrase written with `^` in front has this value: it counts only where the text begins.
inline constexpr int kAtStart = 1;

/// Phrases written as `one|two|three`, appended. They point into `list`.
void add_phrases(std::vector<Phrase>& to, std::string_view list, int value);
/// As above, with the value 0, or kAtStart.
std::vector<Phrase> make_phrases(std::string_view list);

/// Lower case, white space run together into single spaces, typographic quotes and dashes as ASCII. What
/// phrases are compared with, so that neither folding nor spelling by a machine matters.
std::string normal_text(std::string_view utf8);

/// Linear in the text for phrases of bounded length.
class PhraseTable {
 public:
  explicit PhraseTable(std::span<const Phrase> phrases);

  /// Each place of each phrase, from the front; stops when `visit` says false.
  void visit(std::string_view normal, const std::function<bool(std::size_t at, const Phrase&)>& visit) const;
  /// The phrase nearest to the front of the table that occurs; nullptr for none.
  const Phrase* find_first_row(std::string_view normal) const;
  /// The number of a phrase that visit() gave.
  std::size_t row_of(const Phrase& phrase) const {
    return static_cast<std::size_t>(&phrase - phrases_.data());
  }
  bool occurs(std::string_view normal) const { return find_first_row(normal) != nullptr; }

 private:
  std::vector<Phrase> phrases_;
  std::vector<std::vector<std::uint16_t>> buckets_;  ///< by the hash of the first three bytes
};

}  // namespace overture::mail
