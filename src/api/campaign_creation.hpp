// What the three ways of creating a campaign have in common.
#pragma once
#include <optional>
#include <span>
#include <vector>

#include "api/call.hpp"
#include "rest/body.hpp"

namespace overture::api {

inline constexpr rest::Input kTemplateInput{.key = "metrics_filter_template_id",
                                            .type = rest::Type::integer,
                                            .doc = "lets only sites in that fulfil this template"};

/// The keys that every campaign is created with, and `own`.
std::vector<rest::Input> campaign_inputs(std::span<const rest::Input> own);

/// What a body says about a new campaign, its references checked.
struct NewCampaign {
  std::string_view type;                   ///< import, discovery or backlink
  std::string data_source;                 ///< how prospects are found
  std::optional<std::int64_t> limit = {};  ///< most opportunities; none = unlimited
  std::int64_t project = 0;
  std::int64_t clone = 0;  ///< whose settings are copied; 0 = nobody's
  std::vector<std::int64_t> tags = {};
};

/// Reads the references of a body. Throws invalid_value naming the key of one that the caller cannot see.
NewCampaign read_campaign(Call& call, const rest::Body& body, std::string_view type, std::string data_source);
/// 0 when none is given. Throws invalid_value for a template that the caller cannot see.
std::int64_t read_template(Call& call, const rest::Body& body);

/// Writes the campaign with tags, outreach settings and what is copied from another campaign (attempts,
/// outreach settings but for a pause, mail accounts in rotation, personalization fields). Returns its id.
std::int64_t create_campaign(Call& call, const rest::Body& body, const NewCampaign& campaign);

}  // namespace overture::api
