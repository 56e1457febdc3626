// What the demo workspace writes and what comes back. `{name}` is the first name of the contact, `{site}` the
// site,
// `{title}` the article, `{niche}` its field, `{opening}` the personal first line, `{sender}` who writes.
#pragma once
#include <string_view>

namespace overture::app {

/// A sequence of three mails; follow-ups go into the thread of the first.
struct DemoSequence {
  std::string_view subject;
  std::string_view first;
  std::string_view second;
  std::string_view third;
};

/// By project.
inline constexpr DemoSequence kDemoSequences[] = {
    {"A piece on cloud costs for {site}?",
     "Hi {name},\n\n{opening}\n\nWe help finance teams read their cloud bills, and could write something "
     "practical "
     "for {site}: no product talk, real numbers, your style guide. Would one of two outlines be of "
     "interest?\n\n"
     "Best regards\n{sender}",
     "Hi {name},\n\nonly a short reminder: the first outline is about unused reservations in {niche}, the "
     "second about "
     "budgets that engineers do not hate. Shall I send them?\n\n{sender}",
     "Hi {name},\n\nI do not want to crowd your inbox, so this is the last one from me. If a guest piece "
     "fits later in "
     "the year, simply answer here.\n\nAll the best\n{sender}"},
    {"Your reading list at {site}",
     "Dear {name},\n\n{opening}\n\nHarbour & Finch has a free course on {niche} which your readers may like "
     "beside "
     "\"{title}\". There is no sign-up for the first six lessons. Would you have a look?\n\nKind "
     "regards\n{sender}",
     "Dear {name},\n\nin case my note went under: the course is short, free, and maintained by two former "
     "lecturers. I am happy to answer questions.\n\n{sender}",
     "Dear {name},\n\na last try before I leave you in peace. If your list is closed, a one-word answer "
     "helps me to "
     "keep my own in order.\n\n{sender}"},
    {"Data for your next piece on {niche}",
     "Hello {name},\n\n{opening}\n\nKranwerk measures vibrations in some four hundred plants. We can share "
     "anonymous "
     "figures with {site}, with charts, before the trade fair. Is that something for you?\n\nBest "
     "regards\n{sender}",
     "Hello {name},\n\na sample of the figures: bearings announce themselves eleven days ahead on average. "
     "The other "
     "charts are yours as well, if you want them.\n\n{sender}",
     "Hello {name},\n\nthe fair is close, so I am closing the list of those who get the data early. Shall I "
     "put you "
     "on it?\n\n{sender}"},
};

inline constexpr std::string_view kDemoAnswers[] = {
    "Thanks for writing. That could work for us; what would the outline look like?\n\n{name}",
    "Hi, I like the idea. We are full until next month, can you come back then?\n\n{name}",
    "Good timing, we were looking for exactly this. Please send a draft of some 1,000 words.\n\n{name}",
    "Hello, I have passed this on to our editor. Expect an answer this week.\n\n{name}",
    "Interesting. Do you have examples of earlier work?\n\n{name}",
    "Thank you, but we write everything ourselves.\n\n{name}",
    "We could place it, yes. Is a link in the second paragraph fine for you?\n\n{name}",
    "Sent from my phone: yes in principle, details on Monday.\n\n{name}",
};
inline constexpr std::string_view kDemoLaterAnswers[] = {
    "It is online now, have a look. Thanks for the quick turnaround.\n\n{name}",
    "Published this morning. It goes into the newsletter on Thursday, too.\n\n{name}",
    "All set on our side, link included. It was a pleasure.\n\n{name}",
};
inline constexpr std::string_view kDemoReplies[] = {
    "Hi {name},\n\nthank you for the quick answer. Here are two outlines; take whichever fits better, or "
    "neither.\n\n"
    "{sender}",
    "Hi {name},\n\ngladly. I will send the draft by the end of next week.\n\n{sender}",
    "Hi {name},\n\nunderstood, and thanks for telling me. All the best for {site}.\n\n{sender}",
    "Hi {name},\n\nthree pieces that we have written lately are attached. Tell me which tone suits "
    "you.\n\n{sender}",
};
inline constexpr std::string_view kDemoNudge =
    "Hi {name},\n\ndid the outlines arrive? I can also call, if that is easier.\n\n{sender}";

inline constexpr std::string_view kDemoOutOfOffice[] = {
    "I am out of the office until Monday and will read your message then.",
    "Thank you for your message. I am on parental leave; please write to the editors' desk instead.",
    "I am travelling with little access to mail and will be slow to answer.",
};
inline constexpr std::string_view kDemoUndelivered =
    "This is the mail system. Your message could not be delivered: 550 5.1.1 no such mailbox.";

inline constexpr std::string_view kDemoFormText =
    "Hello,\n\nwe would like to suggest an addition to {site}, but found no address. Who is the right person "
    "to write "
    "to?\n\n{sender}";

inline constexpr std::string_view kDemoFooter =
    "You do not want to hear from us again? Answer with \"unsubscribe\" in the subject.";

/// Mails that could not be matched, or only to a project (`is_partial`).
struct DemoStray {
  std::string_view from_email;
  std::string_view from_name;
  std::string_view subject;
  std::string_view text;
  std::size_t account;  ///< place in kDemoMailAccounts
  int hours_ago;
  bool is_partial;
  std::size_t project;
};
inline constexpr DemoStray kDemoStrays[] = {
    {"mira.costa@freelance-desk.example", "Mira Costa", "Your message to our editor",
     "Our editor passed me your message. I would be interested in writing about it; what is the budget?", 0,
     5, false, 0},
    {"desk@quarterly-review.example", "Quarterly Review", "Re: guest article",
     "We have no record of a conversation with you. Which magazine did you mean?", 0, 29, false, 0},
    {"sam.whitlock@gmail.example", "Sam Whitlock", "Re: Your reading list",
     "Writing from my private address: the list moved to a new domain, the link is in my signature.", 1, 50,
     true, 1},
    {"redaktion@maschinen-heute.example", "Redaktion Maschinen heute", "Ihre Daten",
     "Vielen Dank, die Zahlen sind interessant. Mit wem spreche ich bei Ihnen darüber?", 1, 11, true, 2},
    {"events@tradefair-news.example", "Trade Fair News", "Exhibitor interviews",
     "We are planning interviews with exhibitors. Would your client take part?", 3, 76, false, 2},
    {"newsletter@linkmarket.example", "Link Market", "Premium placements from 99",
     "Increase your authority today with our hand-picked placements.", 2, 90, false, 0},
};

}  // namespace overture::app
