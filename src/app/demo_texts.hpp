// Notes that the people of the demo workspace leave on opportunities, by occasion. `{name}` is the first name
// of the contact, or "the editor".
#pragma once
#include <string_view>

namespace overture::app {

inline constexpr std::string_view kDemoInspectedNotes[] = {
    "Good fit: technical readers, regular posts, outgoing links look natural.",
    "Publishes about twice a month. Worth a careful first email.",
    "Strong site, but the last three posts are product news. Let us aim for the engineering section.",
    "They linked to a competitor in spring, so the topic is clearly of interest.",
    "Accepts guest authors; guidelines are linked in the footer.",
    "Small audience, very much on topic. Keep the pitch short.",
    "Checked the archive: nothing on our subject since last year. There is a gap we can fill.",
    "Author pages have names and photos. Address a person, not the general inbox.",
};

inline constexpr std::string_view kDemoRejectedNotes[] = {
    "Blog has not been updated for two years.",
    "Only company announcements, no room for outside articles.",
    "Off topic for this client: mostly consumer hardware.",
    "Every outgoing link goes to a sponsor. Not the company we want to keep.",
    "Certificate is broken and half of the images are missing.",
    "Owned by a direct competitor.",
    "Behind a login; readers would never see the link.",
    "Guidelines say they take no contributions until further notice.",
    "Already a customer of ours. Account management talks to them directly.",
    "Archive page only, new posts live on another domain.",
};

inline constexpr std::string_view kDemoDeclinedNotes[] = {
    "Client prefers not to be mentioned beside this publisher.",
    "Client already works with them through another agency.",
    "Declined: audience too far from the target market.",
    "Client asked to come back to this one after the rebrand.",
};

inline constexpr std::string_view kDemoMissingNotes[] = {
    "No address on the site, only a form. Ask for an introduction on the forum?",
    "The author has left the company; looking for a successor.",
    "Opening line still missing. The usual one does not fit here.",
    "Two addresses found, both look outdated. Needs a second look.",
    "Contact page is an empty template. Try the newsletter's reply address.",
};

inline constexpr std::string_view kDemoPausedNotes[] = {
    "Out of office until the end of the month. Paused so that we do not follow up too early.",
    "{name} asked us to wait until their redesign is live.",
    "Paused: the client is rewriting the landing page.",
    "Conference week for them. Resume afterwards.",
    "On hold until we know who handles both campaigns.",
};

inline constexpr std::string_view kDemoStoppedNotes[] = {
    "Stopped by hand: we met {name} at a meetup and will talk there.",
    "Stopped: the article we referred to is offline.",
    "Stopped the sequence, a colleague is already in contact with them.",
};

inline constexpr std::string_view kDemoReplyNotes[] = {
    "{name} is interested and asked for two headline ideas.",
    "Friendly reply. Wants to see writing samples first.",
    "Editor asked for a 1,200 word draft by Friday.",
    "{name} forwarded us to the content team.",
    "They would rather have an interview than an article. Fine with us.",
    "Asked who else we have written for. Sent three examples.",
    "Positive, but planning is full until next month.",
    "{name} likes the data and wants the spreadsheet behind it.",
    "Quick answer from a phone, proper reply promised for Monday.",
    "Wants to keep it short: one paragraph and a link in their existing guide.",
};

inline constexpr std::string_view kDemoNegotiationNotes[] = {
    "Agreed on one link in the text and none in the author box.",
    "They insist on their own title. No objection from our side.",
    "{name} asked for exclusive use for ninety days. Client agrees.",
    "Discussed the price on the phone; they came down by a third.",
    "Wants a second reviewer from their security team.",
    "Settled: we deliver the draft, they add screenshots.",
};

inline constexpr std::string_view kDemoContentNotes[] = {
    "Draft is with our writer, due on Wednesday.",
    "First draft sent. {name} had four comments, all reasonable.",
    "Client approved the draft without changes.",
    "Second version delivered, now with the chart they wanted.",
    "Shortened to 900 words at the editor's request.",
};

inline constexpr std::string_view kDemoWonNotes[] = {
    "Live. Link is in the second paragraph, exactly as agreed.",
    "Published this morning, and shared in their newsletter too.",
    "Link placed in the resource list, third from the top.",
    "Article is online. {name} would like another one in autumn.",
    "Live with a nofollow attribute; the client is happy with the traffic anyway.",
    "Done. Thank-you note sent to {name}.",
};

inline constexpr std::string_view kDemoWonOtherNotes[] = {
    "No link, but a mention by name in their podcast.",
    "They will speak at our client's webinar instead. Counts as a win.",
    "Agreed on a joint study for next quarter.",
};

inline constexpr std::string_view kDemoNotInterestedNotes[] = {
    "Polite no: they write everything themselves.",  "{name} says the topic was covered last year.",
    "Not now, perhaps next year. Leave it at that.", "They stopped taking outside contributions in January.",
    "Clear no. Do not write again for this client.",
};

inline constexpr std::string_view kDemoPaymentNotes[] = {
    "Asked for 450 for a sponsored post. Client does not pay for links.",
    "Sent a price list. Not what we are looking for.",
    "Wanted a yearly sponsorship; far beyond the budget.",
    "Offered a \"publishing package\". Declined.",
};

inline constexpr std::string_view kDemoZapierNotes[] = {
    "New row in the sheet \"Placements\".",
    "Posted to the channel #placements.",
    "Card created on the board \"Content\".",
};

}  // namespace overture::app
