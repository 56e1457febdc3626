// What the pages of the demo workspace are about, and what its people write into personalization fields.
// `{site}`, `{title}` and `{niche}` are filled in.
#pragma once
#include <string_view>

namespace overture::app {

struct DemoArticle {
  std::string_view title;
  std::string_view niche;
};

inline constexpr DemoArticle kDemoArticles[] = {
    {"Migrating a monolith without a big bang", "software architecture"},
    {"How we cut our CI time in half", "continuous integration"},
    {"What a week of on-call taught us", "reliability"},
    {"Choosing a message queue we can live with", "distributed systems"},
    {"A field guide to flaky tests", "testing"},
    {"Postgres indexes that paid for themselves", "databases"},
    {"Feature flags after five years", "continuous delivery"},
    {"Our first incident review, annotated", "reliability"},
    {"Moving ten thousand cron jobs", "infrastructure"},
    {"The hidden cost of log retention", "observability"},
    {"Designing an API people can guess", "API design"},
    {"Why we stopped writing microservices", "software architecture"},
    {"Dashboards nobody looks at", "observability"},
    {"A gentle introduction to tracing", "observability"},
    {"Hiring engineers without whiteboards", "engineering culture"},
    {"Onboarding a remote team of forty", "engineering culture"},
    {"Caching mistakes we made twice", "performance"},
    {"From 900 ms to 90 ms on a slow phone", "web performance"},
    {"Our accessibility audit, line by line", "front-end"},
    {"Rewriting the build in a weekend", "developer tools"},
    {"Notes on upgrading a very old Rails app", "web development"},
    {"The case for boring technology", "engineering culture"},
    {"Running Kubernetes with three people", "infrastructure"},
    {"Backups you have actually restored", "databases"},
    {"Reading query plans for beginners", "databases"},
    {"Terraform at the edge of sanity", "infrastructure"},
    {"Shipping mobile releases every Tuesday", "mobile development"},
    {"What we learned from 200 code reviews", "engineering culture"},
    {"Search that understands typing errors", "search"},
    {"Rate limits that do not punish good users", "API design"},
    {"A year of trunk-based development", "continuous delivery"},
    {"Tuning the garbage collector by hand", "performance"},
    {"Debugging a memory leak in production", "performance"},
    {"Documentation as part of the pull request", "technical writing"},
    {"How our design system grew up", "front-end"},
    {"Cheap anomaly detection for small teams", "data engineering"},
    {"Streaming pipelines without tears", "data engineering"},
    {"Our cloud bill, explained to finance", "cloud costs"},
    {"Right-sizing instances with one spreadsheet", "cloud costs"},
    {"Spot instances for patient workloads", "cloud costs"},
    {"Threat modelling in ninety minutes", "security"},
    {"Rotating secrets without downtime", "security"},
    {"A checklist for third-party libraries", "security"},
    {"Passwordless sign-in, one year later", "security"},
    {"Pair programming across nine time zones", "remote work"},
    {"Writing decisions down, and finding them again", "technical writing"},
    {"What load tests do not tell you", "performance"},
    {"Animations that respect the battery", "front-end"},
    {"Type hints in a million-line code base", "developer tools"},
    {"Estimating less, delivering more", "engineering management"},
    {"First ninety days as an engineering manager", "engineering management"},
    {"The career ladder we threw away", "engineering management"},
    {"Learning Rust on company time", "programming languages"},
    {"Functional patterns in everyday Kotlin", "programming languages"},
    {"Generics in Go, six months in", "programming languages"},
    {"Small models, good answers", "machine learning"},
    {"Labelling data with the whole company", "machine learning"},
    {"Experiments that changed our minds", "product analytics"},
    {"Event tracking people can trust", "product analytics"},
    {"Retiring a data warehouse politely", "data engineering"},
};

inline constexpr std::string_view kDemoOpeningLines[] = {
    "I shared your piece \"{title}\" with our whole team last week; the part about trade-offs started a long "
    "thread.",
    "Your post \"{title}\" settled an argument we had been having for a month, so first of all: thank you.",
    "I have been reading {site} since we started to care about {niche}, and \"{title}\" is the one I keep "
    "sending around.",
    "The diagram in \"{title}\" is now printed and pinned beside our coffee machine.",
    "I came across \"{title}\" while preparing a talk on {niche} and ended up rewriting half of my slides.",
    "Few people write about {niche} as plainly as {site} does, and \"{title}\" is a good example.",
    "We tried what you describe in \"{title}\" on our own systems, and the numbers surprised us.",
    "Congratulations on \"{title}\": it is rare to see somebody show the failures next to the results.",
    "I wanted to ask a question under \"{title}\" and noticed comments are closed, so I am writing instead.",
    "Your readers seem to care about {niche} as much as ours do, judging by the replies to \"{title}\".",
};

inline constexpr std::string_view kDemoArticleIdeas[] = {
    "A benchmark of five approaches to {niche}, with the raw data for download.",
    "What a team of eight learned about {niche} in its first year, including two expensive mistakes.",
    "A checklist for {niche} that fits on one page, with the reasons behind each line.",
    "An interview with our lead engineer about {niche} under a tight budget.",
    "Before and after: {niche} in a company that doubled its traffic in a quarter.",
    "Seven questions to ask before you invest in {niche}.",
    "A follow-up to \"{title}\" from the point of view of a much smaller team.",
    "Common myths about {niche}, each tested on real numbers.",
};

inline constexpr std::string_view kDemoAnchors[] = {
    "cloud cost calculator",    "this cost breakdown",         "a free sizing worksheet",
    "their yearly cost survey", "how to read a cloud invoice",
};

inline constexpr std::string_view kDemoListSections[] = {
    "Further reading", "Tools we like", "Free courses", "Guides and checklists", "Community favourites",
};

}  // namespace overture::app
