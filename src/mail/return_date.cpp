// The day somebody who is away says to be back: a date near a word of returning, or the day after "until".
#include <date/date.h>
#include <re2/re2.h>

#include <algorithm>
#include <vector>

#include "base/text.hpp"
#include "mail/classify.hpp"
#include "mail/phrases.hpp"

namespace overture::mail {
namespace {

constexpr std::size_t kMaxText = 8U << 10U;
constexpr std::size_t kNear = 70;

// value: the month
constexpr Phrase kMonths[] = {
    {"janua", 1},      {"januar", 1},   {"janvier", 1},  {"enero", 1},    {"gennaio", 1},   {"janeiro", 1},
    {"stycz", 1},      {"leden", 1},    {"ledna", 1},    {"január", 1},   {"янв", 1},       {"tammikuu", 1},
    {"ocak", 1},       {"febr", 2},     {"févr", 2},     {"fevr", 2},     {"fever", 2},     {"lut", 2},
    {"únor", 2},       {"фев", 2},      {"helmikuu", 2}, {"şubat", 2},    {"march", 3},     {"märz", 3},
    {"maerz", 3},      {"mars", 3},     {"marzo", 3},    {"março", 3},    {"maart", 3},     {"marts", 3},
    {"marca", 3},      {"březn", 3},    {"márci", 3},    {"мар", 3},      {"maaliskuu", 3}, {"mart", 3},
    {"april", 4},      {"avril", 4},    {"abril", 4},    {"aprile", 4},   {"kwie", 4},      {"dubn", 4},
    {"ápril", 4},      {"апр", 4},      {"huhtikuu", 4}, {"nisan", 4},    {"may", 5},       {"mai", 5},
    {"mayo", 5},       {"maggio", 5},   {"maio", 5},     {"mei", 5},      {"maj", 5},       {"květ", 5},
    {"máj", 5},        {"мая", 5},      {"май", 5},      {"toukokuu", 5}, {"june", 6},      {"juni", 6},
    {"juin", 6},       {"junio", 6},    {"giugno", 6},   {"junho", 6},    {"czerw", 6},     {"červn", 6},
    {"júni", 6},       {"июн", 6},      {"kesäkuu", 6},  {"haziran", 6},  {"july", 7},      {"juli", 7},
    {"juillet", 7},    {"julio", 7},    {"luglio", 7},   {"julho", 7},    {"lip", 7},       {"července", 7},
    {"júli", 7},       {"июл", 7},      {"heinäkuu", 7}, {"temmuz", 7},   {"august", 8},    {"août", 8},
    {"aout", 8},       {"agosto", 8},   {"augustus", 8}, {"sierp", 8},    {"srpn", 8},      {"авг", 8},
    {"elokuu", 8},     {"ağustos", 8},  {"sept", 9},     {"setemb", 9},   {"settembre", 9}, {"wrze", 9},
    {"září", 9},       {"szept", 9},    {"сен", 9},      {"syyskuu", 9},  {"eylül", 9},     {"octo", 10},
    {"okto", 10},      {"ottobre", 10}, {"outubro", 10}, {"paźd", 10},    {"říjn", 10},     {"október", 10},
    {"окт", 10},       {"lokakuu", 10}, {"ekim", 10},    {"nove", 11},    {"list", 11},     {"ноя", 11},
    {"marraskuu", 11}, {"kasım", 11},   {"dece", 12},    {"deze", 12},    {"déce", 12},     {"dicie", 12},
    {"dicem", 12},     {"grud", 12},    {"prosin", 12},  {"дек", 12},     {"joulukuu", 12}, {"aralık", 12},
    {"jan", 1},        {"feb", 2},      {"mar", 3},      {"apr", 4},      {"jun", 6},       {"jul", 7},
    {"aug", 8},        {"sep", 9},      {"oct", 10},     {"okt", 10},     {"nov", 11},      {"dec", 12},
    {"dez", 12},
};

constexpr int kBack = 1;
constexpr int kUntil = 2;
constexpr Phrase kCues[] = {
    {"return", kBack},
    {"back on", kBack},
    {"back in", kBack},
    {"be back", kBack},
    {"am back", kBack},
    {"back at", kBack},
    {"back from", kBack},
    {"available again", kBack},
    {"zurück", kBack},
    {"wieder", kBack},
    {"de retour", kBack},
    {"retour", kBack},
    {"reviens", kBack},
    {"regres", kBack},
    {"vuelvo", kBack},
    {"vuelta", kBack},
    {"volver", kBack},
    {"reincorpor", kBack},
    {"rientr", kBack},
    {"tornerò", kBack},
    {"torno", kBack},
    {"retorn", kBack},
    {"estarei de volta", kBack},
    {"terug", kBack},
    {"tillbaka", kBack},
    {"åter", kBack},
    {"tilbage", kBack},
    {"tilbake", kBack},
    {"takaisin", kBack},
    {"palaan", kBack},
    {"wracam", kBack},
    {"wrócę", kBack},
    {"powrót", kBack},
    {"zpět", kBack},
    {"späť", kBack},
    {"vissza", kBack},
    {"revin", kBack},
    {"вернусь", kBack},
    {"вернётся", kBack},
    {"буду на", kBack},
    {"повернусь", kBack},
    {"döneceğim", kBack},
    {"dönüş", kBack},
    {"επιστρ", kBack},
    {"戻", kBack},
    {"出社", kBack},
    {"復帰", kBack},
    {"返回", kBack},
    {"回来", kBack},
    {"복귀", kBack},
    {"as of", kBack},
    {"ab dem", kBack},
    {"à partir du", kBack},
    {"a partir del", kBack},
    {"a partire dal", kBack},
    {"vanaf", kBack},
    {"until", kUntil},
    {"till ", kUntil},
    {"through", kUntil},
    {"bis ", kUntil},
    {"jusqu", kUntil},
    {"hasta", kUntil},
    {"fino a", kUntil},
    {"sino al", kUntil},
    {"até", kUntil},
    {"tot ", kUntil},
    {"t/m", kUntil},
    {"t.o.m", kUntil},
    {"til og med", kUntil},
    {"asti", kUntil},
    {"saakka", kUntil},
    {" do ", kUntil},
    {" до ", kUntil},
    {" по ", kUntil},
    {"まで", kUntil},
    {"kadar", kUntil},
    {"-ig", kUntil},
    {"până", kUntil},
    {"μέχρι", kUntil},
    {"까지", kUntil},
    {" au ", kUntil},
    {" al ", kUntil},
    {" to ", kUntil},
    {" - ", kUntil},
};

struct Mention {
  std::size_t at;
  std::size_t end;
  int year;  ///< 0 when it is not written
  int month;
  int day;
  bool swappable;  ///< day and month could be the other way around
};

using Days = date::sys_days;

std::optional<Days> day_of(int year, int month, int day) {
  if (month < 1 || month > 12 || day < 1 || day > 31) return std::nullopt;
  const date::year_month_day calendar{date::year(year), date::month(static_cast<unsigned>(month)),
                                      date::day(static_cast<unsigned>(day))};
  if (!calendar.ok()) return std::nullopt;
  return Days(calendar);
}

int month_of(std::string_view word) {
  for (const Phrase& month : kMonths) {
    if (word.starts_with(month.text)) return month.value;
  }
  return 0;
}

std::vector<Mention> find_mentions(const std::string& text) {
  std::vector<Mention> found;
  const auto each = [&](const RE2& pattern, auto&& make) {
    re2::StringPiece rest(text);
    re2::StringPiece whole;
    re2::StringPiece a;
    re2::StringPiece b;
    re2::StringPiece c;
    while (found.size() < 50 && RE2::FindAndConsume(&rest, pattern, &whole, &a, &b, &c)) {
      const auto at = static_cast<std::size_t>(whole.data() - text.data());
      const auto number = [](re2::StringPiece piece) {
        int value = 0;
        for (const char digit : piece) value = value * 10 + (digit - '0');
        return value;
      };
      make(Mention{at, at + whole.size(), 0, 0, 0, false}, a, b, c, number);
    }
  };
  static const RE2 iso(R"(((?:\b)(20\d\d)[-/.年]\s?(\d{1,2})[-/.月]\s?(\d{1,2})日?))");
  each(iso, [&](Mention mention, auto a, auto b, auto c, auto number) {
    mention.year = number(a);
    mention.month = number(b);
    mention.day = number(c);
    found.push_back(mention);
  });
  static const RE2 short_cjk(R"(((\d{1,2})[月월]\s?(\d{1,2})[日일]()))");
  each(short_cjk, [&](Mention mention, auto a, auto b, auto, auto number) {
    mention.month = number(a);
    mention.day = number(b);
    found.push_back(mention);
  });
  static const RE2 numbers(R"((\b(\d{1,2})[./-](\d{1,2})(?:[./-](20\d\d|\d\d)?)?(?:\b|[\s,;)]|$)))");
  each(numbers, [&](Mention mention, auto a, auto b, auto c, auto number) {
    mention.day = number(a);
    mention.month = number(b);
    mention.year = number(c);
    if (mention.year > 0 && mention.year < 100) mention.year += 2000;
    const char mark = text[mention.at + a.size()];
    if (mention.month > 12) std::swap(mention.day, mention.month);
    mention.swappable = mark == '/' && mention.day <= 12 && mention.month <= 12;
    found.push_back(mention);
  });
  static const RE2 day_first(
      R"((\b(\d{1,2})(?:st|nd|rd|th|er|º|ª|\.)?\s?(?:of |de |di )?(\pL{3,12})\.?,?(?:\s(?:de |del )?(20\d\d))?))");
  each(day_first, [&](Mention mention, auto a, auto b, auto c, auto number) {
    mention.day = number(a);
    mention.month = month_of({b.data(), b.size()});
    mention.year = number(c);
    if (mention.month > 0) found.push_back(mention);
  });
  static const RE2 month_first(R"((\b(\pL{3,12})\.? (\d{1,2})(?:st|nd|rd|th)?\b(?:,? (20\d\d))?))");
  each(month_first, [&](Mention mention, auto a, auto b, auto c, auto number) {
    mention.month = month_of({a.data(), a.size()});
    mention.day = number(b);
    mention.year = number(c);
    if (mention.month > 0) found.push_back(mention);
  });
  std::sort(found.begin(), found.end(), [](const Mention& x, const Mention& y) { return x.at < y.at; });
  return found;
}

/// The day meant, at or after `today`, or some days before it for what began already.
std::optional<Days> resolve(const Mention& mention, Days today) {
  const auto one = [&](int month, int day) -> std::optional<Days> {
    if (mention.year > 0) return day_of(mention.year, month, day);
    const int year = static_cast<int>(date::year_month_day(today).year());
    auto found = day_of(year, month, day);
    if (found && *found + date::days(30) < today) found = day_of(year + 1, month, day);
    return found;
  };
  const auto usual = one(mention.month, mention.day);
  if (!mention.swappable) return usual;
  const auto swapped = one(mention.day, mention.month);
  const auto is_soon = [&](const std::optional<Days>& day) {
    return day && *day >= today && *day <= today + date::days(60);
  };
  return !is_soon(usual) && is_soon(swapped) ? swapped : usual;
}

}  // namespace

std::optional<base::Millis> find_return_date(const InboundMessage& message, std::string_view new_text) {
  if (!message.date) return std::nullopt;
  const auto today = date::floor<date::days>(
      std::chrono::sys_time<std::chrono::milliseconds>(std::chrono::milliseconds(*message.date)));
  const std::string text = normal_text(message.subject + " . " + std::string(new_text.substr(0, kMaxText)));
  static const PhraseTable cues(kCues);
  std::optional<Days> back;
  std::optional<Days> until;
  std::size_t previous_end = 0;
  for (const Mention& mention : find_mentions(text)) {
    if (mention.at < previous_end) continue;
    const auto day = resolve(mention, today);
    if (!day || *day < today || *day > today + date::days(500)) {
      previous_end = mention.end;
      continue;
    }
    // What stands before it up to the date before, and in some languages right behind it.
    const std::size_t from = std::max(previous_end, mention.at > kNear ? mention.at - kNear : 0);
    int cue = 0;
    cues.visit(std::string_view(text).substr(from, mention.at - from),
               [&](std::size_t, const Phrase& phrase) {
                 cue = phrase.value;  // The last one before the date counts.
                 return true;
               });
    cues.visit(std::string_view(text).substr(mention.end, 30), [&](std::size_t at, const Phrase& phrase) {
      const bool behind = static_cast<unsigned char>(phrase.text[0]) >= 0xE0 || phrase.text == "asti" ||
                          phrase.text == "saakka" || phrase.text == "kadar" || phrase.text == "-ig" ||
                          phrase.text == "wieder" || phrase.text == "zurück" || phrase.text == "döneceğim" ||
                          phrase.text == "takaisin";
      if (behind && at < 24 && cue == 0) cue = phrase.value;
      return true;
    });
    if (cue == kBack && !back) back = day;
    if (cue == kUntil) until = day;
    previous_end = mention.end;
  }
  if (!back && until) back = *until + date::days(1);
  if (!back) return std::nullopt;
  return std::chrono::duration_cast<std::chrono::milliseconds>(back->time_since_epoch()).count();
}

}  // namespace overture::mail
