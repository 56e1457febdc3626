#include "mail/phrases.hpp"

#include "base/text.hpp"

namespace overture::mail {
namespace {

constexpr std::size_t kBuckets = 8192;

std::size_t hash_of(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) {
    return static_cast<std::size_t>(static_cast<unsigned char>(text[at + i]));
  };
  return (byte(0) * 2654435761U ^ byte(1) * 40503U ^ byte(2) * 97U) % kBuckets;
}

}  // namespace

void add_phrases(std::vector<Phrase>& to, std::string_view list, int value) {
  for (const std::string_view phrase : base::split(list, '|')) {
    if (phrase.size() >= 3) to.push_back({phrase, value});
  }
}

std::vector<Phrase> make_phrases(std::string_view list) {
  std::vector<Phrase> phrases;
  add_phrases(phrases, list, 0);
  for (Phrase& phrase : phrases) {
    if (phrase.text[0] != '^') continue;
    phrase.text.remove_prefix(1);
    phrase.value = kAtStart;
  }
  return phrases;
}

std::string normal_text(std::string_view utf8) {
  const std::string lower = base::lower(utf8);
  std::string out;
  out.reserve(lower.size());
  for (std::size_t i = 0; i < lower.size(); ++i) {
    const char c = lower[i];
    if (c == ' ' || c == '\n' || c == '\t' || c == '\r') {
      if (!out.empty() && out.back() != ' ') out += ' ';
      continue;
    }
    const std::string_view three = std::string_view(lower).substr(i, 3);
    if (three == "\xE2\x80\x99" || three == "\xE2\x80\x98") {
      out += '\'';
      i += 2;
    } else if (three == "\xE2\x80\x9C" || three == "\xE2\x80\x9D") {
      out += '"';
      i += 2;
    } else if (three == "\xE2\x80\x93" || three == "\xE2\x80\x94" || three == "\xE2\x80\x91") {
      out += '-';
      i += 2;
    } else if (three == "\xE3\x80\x80") {
      if (!out.empty() && out.back() != ' ') out += ' ';
      i += 2;
    } else if (three.starts_with("\xC2\xA0")) {
      if (!out.empty() && out.back() != ' ') out += ' ';
      i += 1;
    } else {
      out += c;
    }
  }
  return out;
}

PhraseTable::PhraseTable(std::span<const Phrase> phrases)
    : phrases_(phrases.begin(), phrases.end()), buckets_(kBuckets) {
  for (std::size_t i = 0; i < phrases_.size(); ++i) {
    buckets_[hash_of(phrases_[i].text, 0)].push_back(static_cast<std::uint16_t>(i));
  }
}

void PhraseTable::visit(std::string_view normal,
                        const std::function<bool(std::size_t at, const Phrase&)>& visit) const {
  for (std::size_t at = 0; at + 3 <= normal.size(); ++at) {
    for (const std::uint16_t index : buckets_[hash_of(normal, at)]) {
      const Phrase& phrase = phrases_[index];
      if (normal.substr(at, phrase.text.size()) == phrase.text && !visit(at, phrase)) return;
    }
  }
}

const Phrase* PhraseTable::find_first_row(std::string_view normal) const {
  std::size_t best = phrases_.size();
  for (std::size_t at = 0; at + 3 <= normal.size(); ++at) {
    for (const std::uint16_t index : buckets_[hash_of(normal, at)]) {
      if (index >= best) break;
      if (normal.substr(at, phrases_[index].text.size()) == phrases_[index].text) best = index;
    }
  }
  return best < phrases_.size() ? &phrases_[best] : nullptr;
}

}  // namespace overture::mail
