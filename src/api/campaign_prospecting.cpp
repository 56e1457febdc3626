// Discovery and backlink campaigns: created and added to. What they look for waits in pieces for a job.
#include <set>

#include "api/campaign_creation.hpp"
#include "api/crud.hpp"
#include "api/resources.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "intake/prospecting.hpp"
#include "intake/target.hpp"
#include "jobs/queue.hpp"
#include "rules/site.hpp"

namespace overture::api {
namespace {

using base::Error;
using base::ErrorCode;
using rest::Type;

constexpr std::int64_t kUsualLimit = 250;
constexpr std::int64_t kMaxLimit = 100'000;
constexpr std::size_t kMaxKeyword = 500;

constexpr std::string_view kBacklinkTypes[] = {"moz",          "majestic",   "ahrefs",       "moz-url",
                                               "majestic-url", "ahrefs-url", "ahrefs-broken"};

constexpr rest::Input kKeywords{.key = "input",
                                .type = Type::strings,
                                .required = true,
                                .max = 500,
                                .doc = "keywords, or addresses for similar_sites"};
constexpr rest::Input kAddresses{.key = "input",
                                 .type = Type::strings,
                                 .required = true,
                                 .max = 500,
                                 .doc = "addresses of sites or pages that are linked to"};
constexpr rest::Input kLimit{
    .key = "limit", .type = Type::integer, .doc = "most opportunities, 250 unless told"};

constexpr rest::Input kDiscoveryInputs[] = {
    kKeywords,
    kLimit,
    {.key = "discovery_type", .required = true, .doc = "tool_type (or name) of List Discovery Types"}};
constexpr rest::Input kBacklinkInputs[] = {kAddresses,
                                           kLimit,
                                           {.key = "backlink_type",
                                            .allowed = kBacklinkTypes,
                                            .doc = "without it the configured backlink provider is asked"}};
constexpr rest::Input kAddDiscoveryInputs[] = {kKeywords, kTemplateInput};
constexpr rest::Input kAddBacklinkInputs[] = {kAddresses, kTemplateInput};

/// Trimmed, without empty and repeated ones. Throws missing_parameters when nothing is left.
std::vector<std::string> read_input(const rest::Body& body, bool addresses) {
  std::vector<std::string> input;
  std::set<std::string> seen;
  const std::vector<std::string> given = body.strings("input");
  for (std::size_t i = 0; i < given.size(); ++i) {
    std::string text(base::trim(given[i]));
    if (text.empty()) continue;
    const std::string name = "input[" + std::to_string(i) + "]";
    if (addresses) {
      const auto site = rules::parse_site(text);
      if (!site) throw Error::invalid(name, "must be a web address");
      text = site->url;
    } else if (text.size() > kMaxKeyword || base::has_control(text)) {
      throw Error::invalid(name, "must be a keyword of at most 500 bytes");
    }
    if (seen.insert(text).second) input.push_back(std::move(text));
  }
  if (input.empty()) throw Error(ErrorCode::missing_parameters);
  return input;
}

/// The first query of each keyword, then the second ones: the campaign's limit is shared among the keywords.
std::vector<std::string> discovery_tasks(const std::string& type, const std::vector<std::string>& input,
                                         const intake::Target& target) {
  std::vector<std::vector<rules::DiscoveryQuery>> queries;
  std::size_t most = 0;
  for (const std::string& keyword : input) {
    queries.push_back(rules::find_discovery_type(type)->takes_urls
                          ? std::vector<rules::DiscoveryQuery>(1)
                          : rules::discovery_queries(type, keyword, target.own_sites));
    most = std::max(most, queries.back().size());
  }
  std::vector<std::string> tasks;
  for (std::size_t round = 0; round < most; ++round) {
    for (std::size_t i = 0; i < input.size(); ++i) {
      if (round < queries[i].size())
        tasks.push_back(intake::write_prospecting_task({input[i], queries[i][round]}));
    }
  }
  return tasks;
}

void start(Call& call, const intake::Target& target, std::string_view kind, const std::string& source,
           const rest::Body& body, const std::vector<std::string>& tasks) {
  const std::string country =
      call.db().text(db::Sql("SELECT COALESCE(country, '') FROM campaigns WHERE "
                             "account_id = ? AND id = ?",
                             target.account, target.campaign));
  jobs::enqueue(call.db(),
                {.account = target.account,
                 .kind = kind,
                 .campaign = target.campaign,
                 .user = call.scope().user,
                 .payload = intake::write_prospecting_settings({source, country, read_template(call, body)}),
                 .total = static_cast<std::int64_t>(tasks.size()),
                 .now = call.now},
                tasks);
  call.after.emplace_back([] { jobs::wake_runners(); });
}

void start_discovery(Call& call, const intake::Target& target, const std::string& type,
                     const rest::Body& body) {
  const bool addresses = rules::find_discovery_type(type)->takes_urls;
  start(call, target, intake::kDiscoverKind, type, body,
        discovery_tasks(type, read_input(body, addresses), target));
}

void start_backlinks(Call& call, const intake::Target& target, const std::string& type,
                     const rest::Body& body) {
  std::vector<std::string> tasks;
  for (const std::string& address : read_input(body, true))
    tasks.push_back(intake::write_prospecting_task({address, {}}));
  start(call, target, intake::kFindBacklinksKind, type, body, tasks);
}

std::int64_t read_limit(const rest::Body& body) {
  const std::int64_t limit = body.integer("limit", kUsualLimit);
  if (limit < 1 || limit > kMaxLimit) throw Error::invalid("limit", "must be between 1 and 100000");
  return limit;
}

std::string create_discovery(Call& call) {
  const rest::Body body(call.body(), campaign_inputs(kDiscoveryInputs));
  const rules::DiscoveryType* type = rules::find_discovery_type(body.text("discovery_type"));
  if (type == nullptr) throw Error::invalid("discovery_type", "must be one of List Discovery Types");
  read_input(body, type->takes_urls);
  NewCampaign campaign = read_campaign(call, body, "discovery", std::string(type->value));
  campaign.limit = read_limit(body);
  const std::int64_t id = create_campaign(call, body, campaign);
  start_discovery(call, intake::load_target(call.db(), call.scope().account, id), campaign.data_source, body);
  return show_written(call, campaign_view(), id);
}

/// The type that was asked for, or the adapter of the provider that is configured.
std::string read_backlink_type(Call& call, const rest::Body& body) {
  if (body.given("backlink_type")) return body.text("backlink_type");
  std::string adapter = call.db().text(
      db::Sql("SELECT adapter FROM providers WHERE account_id = ? AND kind = 'backlinks' ORDER BY id LIMIT 1",
              call.scope().account));
  if (adapter.empty())
    throw Error::invalid("backlink_type", "is needed, because no backlink provider is configured");
  return adapter;
}

std::string create_backlink(Call& call) {
  const rest::Body body(call.body(), campaign_inputs(kBacklinkInputs));
  read_input(body, true);
  NewCampaign campaign = read_campaign(call, body, "backlink", read_backlink_type(call, body));
  campaign.limit = read_limit(body);
  const std::int64_t id = create_campaign(call, body, campaign);
  start_backlinks(call, intake::load_target(call.db(), call.scope().account, id), campaign.data_source, body);
  return show_written(call, campaign_view(), id);
}

/// The campaign in the path, of this type and taking prospects; `body` is read in between, since 404 comes
/// first.
template <class Start>
std::string add_to(Call& call, std::string_view type, std::span<const rest::Input> inputs, Start start_job) {
  const std::int64_t id = call.id(0, kCampaigns.not_found);
  require(call, kCampaigns, id);
  const rest::Body body(call.body(), inputs);
  const intake::Target target = intake::load_target(call.db(), call.scope().account, id);
  if (target.campaign_type != type)
    throw Error::invalid("campaign", "is not a " + std::string(type) + " campaign");
  if (!target.is_active()) throw Error::invalid("campaign", "is archived or deleted; activate it first");
  const std::string source = call.db().text(
      db::Sql("SELECT data_source FROM campaigns WHERE account_id = ? AND id = ?", call.scope().account, id));
  start_job(call, target, source, body);
  return show_written(call, campaign_view(), id);
}

std::string add_to_discovery(Call& call) {
  return add_to(call, "discovery", kAddDiscoveryInputs, start_discovery);
}
std::string add_to_backlink(Call& call) {
  return add_to(call, "backlink", kAddBacklinkInputs, start_backlinks);
}

}  // namespace

void add_prospecting_routes(Routes& routes) {
  using enum http::Method;
  routes.push_back(
      Route(post, "/api/campaigns/{campaign}/backlink", Permission::inspect, Lane::write, add_to_backlink)
          .documented(7, "Campaigns", "Look up the backlinks of further sites for a backlink campaign")
          .answers(campaign_view())
          .takes(kAddBacklinkInputs));
  routes.push_back(
      Route(post, "/api/campaigns/{campaign}/discovery", Permission::inspect, Lane::write, add_to_discovery)
          .documented(8, "Campaigns", "Search with further keywords for a discovery campaign")
          .answers(campaign_view())
          .takes(kAddDiscoveryInputs));
  routes.push_back(Route(post, "/api/campaigns/backlink", Permission::member, Lane::write, create_backlink)
                       .documented(10, "Campaigns", "Create a campaign from the backlinks of sites")
                       .answers(campaign_view())
                       .takes(campaign_inputs(kBacklinkInputs)));
  routes.push_back(Route(post, "/api/campaigns/discovery", Permission::member, Lane::write, create_discovery)
                       .documented(11, "Campaigns", "Create a campaign from searches")
                       .answers(campaign_view())
                       .takes(campaign_inputs(kDiscoveryInputs)));
}

}  // namespace overture::api
