// The day somebody who is away says to be back: a date near a word of returning, or the day after "until".
#include <date/date.h>
#include <re2/re2.h>

#include <algorithm>
#include <span>
#include <vector>

#include "base/text.hpp"
#include "mail/classify.hpp"
#include "mail/phrases.hpp"

namespace overture::mail {
namespace {

constexpr std::size_t kMaxText = 8U << 10U;
constexpr std::size_t kNear = 70;

// clang-format off
/// How the names of the months begin, January first. Hebrew puts its "in" before them: see month_of().
constexpr std::string_view kMonths[12] = {
    "janua|januar|janvier|enero|gennaio|janeiro|stycz|leden|ledna|január|янв|tammikuu|ocak|січ|ιαν|яну|ינואר|يناير",
    "febr|févr|fevr|fever|lut|únor|фев|helmikuu|şubat|лют|φεβ|פברואר|فبراير",
    "march|märz|maerz|mars|marzo|março|maart|marts|marca|březn|márci|мар|maaliskuu|mart|берез|μαρ|מרץ|مارس",
    "april|avril|abril|aprile|kwie|dubn|ápril|апр|huhtikuu|nisan|квіт|απρ|אפריל|أبريل",
    "may|mai|mayo|maggio|maio|mei|maj|květ|máj|мая|май|toukokuu|трав|μαΐ|μαϊ|מאי|مايو",
    "june|juni|juin|junio|giugno|junho|czerw|červn|júni|июн|kesäkuu|haziran|черв|ιουν|юни|יוני|يونيو",
    "july|juli|juillet|julio|luglio|julho|lip|července|júli|июл|heinäkuu|temmuz|лип|ιουλ|юли|יולי|يوليو",
    "august|août|aout|agosto|augustus|sierp|srpn|авг|elokuu|ağustos|серп|αυγ|אוגוסט|أغسطس",
    "sept|setemb|settembre|wrze|září|szept|сен|syyskuu|eylül|верес|σεπ|ספטמבר|سبتمبر",
    "octo|okto|ottobre|outubro|paźd|říjn|október|окт|lokakuu|ekim|жовт|οκτ|אוקטובר|أكتوبر",
    "nove|list|ноя|marraskuu|kasım|листоп|νοε|נובמבר|نوفمبر",
    "dece|deze|déce|dicie|dicem|grud|prosin|дек|joulukuu|aralık|груд|δεκ|דצמבר|ديسمبر",
};

/// Tried when none above fits: "mar" begins other months as well.
constexpr std::string_view kShortMonths[12] = {
    "jan", "feb", "mar", "apr", "", "jun", "jul", "aug", "sep", "oct|okt", "nov", "dec|dez",
};
// clang-format on

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
    {"повернуся", kBack},
    {"върна", kBack},
    {"אחזור", kBack},
    {"אשוב", kBack},
    {"سأعود", kBack},
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
    {"עד", kUntil},
    {"حتى", kUntil},
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
  if (word.starts_with("ב")) word.remove_prefix(std::string_view("ב").size());
  for (const auto& names : {std::span(kMonths), std::span(kShortMonths)}) {
    for (std::size_t month = 0; month < names.size(); ++month) {
      for (const std::string_view name : base::split(names[month], '|')) {
        if (!name.empty() && word.starts_with(name)) return static_cast<int>(month) + 1;
      }
    }
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
    const std::string_view before = std::string_view(text).substr(from, mention.at - from);
    std::size_t back_at = 0;
    cues.visit(before, [&](std::size_t at, const Phrase& phrase) {
      // "not back until the 16th" and "returning to work on the 16th" tell the day of return.
      const bool stays = cue == kBack && phrase.value == kUntil &&
                         before.substr(back_at, at - back_at).find(". ") == std::string_view::npos;
      if (phrase.value == kBack) back_at = at;
      if (!stays) cue = phrase.value;  // Else the last one before the date counts.
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
